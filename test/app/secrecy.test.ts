import { describe, expect, it } from 'vitest'
import { buyers } from '../../schema/buyers.ts'
import { certificateEvents } from '../../schema/certificates.ts'
import { suppliers } from '../../schema/suppliers.ts'
import { newId } from '../../schema/shared.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Whom a buyer watches is nobody else's business: whatever anybody else can read is the same with and without a watcher, before and after a change.
const theatre = await stage()
const { app, as, anybody, idOf, runJobs, world: { database: { db, sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { id: applicationId, number } = await issued({ employerId: await employerOf('yamada') })
const [certificate] = await sql`select id from certificates where number = ${number}`
const holder = number.slice(0, 17)
const [minato] = await sql`select buyer_id as id from buyer_members where person_id = ${idOf('minato')}`

const readers = { anybody, yamada: as('yamada'), outsider: as('outsider'), hoshi: as('hoshi') }
const ids: Record<string, string> = { number, id: applicationId, criterion: 'RE-01.1', section: 'S01', kind: 'code_of_conduct' }
const filled = (url: string) => url.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? applicationId).replace('*', '0')
const pages = [...new Set(app.routeTable.filter(({ method }) => method === 'GET').map(({ url }) => filled(url)))].filter(url => !/\.(xlsx|zip)$/.test(url)).concat( // a zip carries the time: the rows of the one are those of the CSV, the other is signed anew and each taking is on record
  `/certificates/${certificate?.id}/standing`, '/register?q=山田', '/register?standing=suspended', `/c/${number}/badge.svg`, '/pipeline?x=1')

// A form's token is new each time, and so is a signature; everything else must be the same to the letter.
const withoutTokens = (text: string) => text.replaceAll(/name="once" value="[^"]*"/g, '').replaceAll(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, 'jws').replaceAll(/"signature":\s*"[^"]*"/g, '').replaceAll(/— \S+ \S+/g, '— signature')

async function everythingReadable(): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const [who, reader] of Object.entries(readers)) {
    for (const page of pages) {
      for (const answer of [await reader.get(page), await reader.page(page)]) seen[`${who} ${page} ${answer.headers['content-type']}`] = `${answer.status} ${withoutTokens(answer.text)}`
    }
  }
  return seen
}

const watch = (buyerId: string, name = '山田プレス') => db.insert(suppliers).values({ id: newId(), buyerId, name, holder, matched: 'number', addedBy: idOf('minato') })
const unwatch = () => sql`update suppliers set removed_at = now() where holder = ${holder} and removed_at is null`
const differing = (one: Record<string, string>, other: Record<string, string>) => Object.keys(one).filter(key => one[key] !== other[key])

describe('nobody else can see that a company is watched', () => {
  it('neither when the watching begins, nor when alerts go out, nor when it ends', { timeout: 300_000 }, async () => {
    const quiet = await everythingReadable() // what differs by itself, without a watcher, differs below too
    expect(Object.keys(quiet).length).toBeGreaterThan(200)
    await watch(String(minato?.id))
    expect(differing(quiet, await everythingReadable())).toEqual([])

    await db.insert(certificateEvents).values({ certificateId: String(certificate?.id), event: 'suspended', reasonClass: 'overdue', happenedOn: '2026-11-24', actor: 'clock' })
    await runJobs()
    expect(theatre.mails.filter(({ to }) => to.includes('minato-motors')).length).toBeGreaterThan(0) // the secret is there
    const changed = await everythingReadable()
    expect(differing(quiet, changed).length).toBeGreaterThan(0)
    await unwatch()
    expect(differing(changed, await everythingReadable())).toEqual([])
  })

  it('while the buyer itself sees it', async () => {
    await watch(String(minato?.id))
    expect((await as('minato').page('/watchlist')).text).toContain('山田プレス')
    await unwatch()
  })

  it('by the time an answer takes, or by what it costs: a thousand watchers change no statement of a page, and none of a change', { timeout: 60_000 }, async () => {
    const cost = async () => { // one after the other: what is counted is counted alone
      const costs: number[] = []
      for (const page of [`/c/${number}`, `/register?q=${encodeURIComponent('山田')}`]) costs.push(await countQueries(theatre.world, () => anybody.page(page)))
      return costs
    }
    const rounds = 15
    const medianOf = async (work: () => Promise<unknown>) => {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const begun = performance.now()
        await work()
        times.push(performance.now() - begun)
      }
      return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
    }
    const reading = () => medianOf(() => anybody.page(`/c/${number}`))
    let day = 0
    const changing = () => medianOf(() => db.insert(certificateEvents).values({ certificateId: String(certificate?.id), event: day++ % 2 ? 'suspended' : 'reinstated', reasonClass: 'overdue', happenedOn: '2026-11-24', actor: 'clock' }))
    await cost() // what is read once is read
    const alone = { cost: await cost(), reading: await reading(), changing: await changing() }
    await sql`insert into buyers (id, name_ja, name_en, code, created_by) select gen_random_uuid(), 'b' || n, 'b' || n, 'B-X-' || n, ${idOf('minato')} from generate_series(1, 1000) n`
    for (const { id } of await db.select({ id: buyers.id }).from(buyers)) await watch(id)
    const watched = { cost: await cost(), reading: await reading(), changing: await changing() }
    expect(watched.cost).toEqual(alone.cost)
    // bands, not moments: what a thousand watchers cost is paid by a job that nobody waits for
    for (const what of ['reading', 'changing'] as const) expect(watched[what]).toBeLessThan(alone[what] * 3 + 5)
    await unwatch()
  })

  it('in the journal, the log or a file that anybody gets', async () => {
    const told = await sql`select j.operation from journal j where (j.employer_id is not null or j.application_id is not null) and j.actor_role = 'buyer'`
    expect([...told]).toEqual([])
  })
})

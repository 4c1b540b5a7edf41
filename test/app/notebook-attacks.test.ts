import { randomBytes } from 'node:crypto'
import { utimesSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connect } from '../../server/adapters/database.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { benchOn } from '../support/bench.ts'
import { jpeg } from '../support/evidence-files.ts'
import { notebookOn, sha256Of, wireOn, type Phone } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

// What somebody who had not built it did to the notebook, and what bad luck can do.
const theatre = await stage()
const { app, as, cookieOf, runJobs, world, databaseUrl } = theatre
const { sql } = world.database
const { caseAt } = benchOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const { head, put, putAndDie } = await wireOn(theatre)

const picture = () => Buffer.concat([jpeg, randomBytes(30_000)])
const file = (bytes: Uint8Array, change = {}) => ({ part: 'original' as const, sha256: sha256Of(bytes), size: bytes.length, type: 'image/jpeg', ...change })
async function begun() {
  const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = picture()
  await sync(phone, [version(phone, { kind: 'photo', content: { text: '消火器' }, files: [file(bytes)] })])
  return { id, phone, bytes, sha256: sha256Of(bytes) }
}
const pageOf = async (id: string, who: 'sato' | 'lee' = 'sato') => (await as(who).get(`/applications/${id}/visit/notebook`)).body
const move = (id: string, ...stages: string[]) => stages.reduce(async (done, stage) => { await done; await sql`update applications set stage = ${stage} where id = ${id}` }, Promise.resolve())
const bytesOf = async (sha256: string) => world.documents.head((await sql`select key from documents where sha256 = ${sha256}`)[0]?.key)

/** Postgres behind a wire that dies after it carried the first commit, before it carries the answer. */
async function deafToCommit() {
  const to = new URL(databaseUrl), port = Number(to.port)
  let armed = true
  const wire = net.createServer(client => {
    const server = net.connect(port, to.hostname)
    client.on('data', sent => {
      server.write(sent)
      if (!armed || !/\bcommit\b/i.test(sent.toString('latin1'))) return
      armed = false
      server.removeAllListeners('data')
      setTimeout(() => client.resetAndDestroy(), 300)
    })
    server.on('data', said => client.write(said))
    for (const [one, other] of [[client, server], [server, client]] as const) one.on('error', () => undefined).on('close', () => other.destroy())
  })
  await new Promise<void>(done => wire.listen(0, '127.0.0.1', done))
  to.port = String((wire.address() as AddressInfo).port)
  return { url: to.href, close: () => wire.close() }
}

describe('a photo is not lost', () => {
  it('when the answer to its commit is: the server says no, and has it all the same', async () => {
    const { phone, bytes, sha256 } = await begun(), wire = await deafToCommit(), { database } = world
    world.database = connect(wire.url)
    expect(await putAndDie(phone, sha256, bytes)).toMatchObject({ status: 503 })
    await world.database.close().catch(() => undefined)
    world.database = database
    wire.close()
    expect(await head(phone, sha256)).toMatchObject({ status: 204, complete: '?1' })
    expect(await bytesOf(sha256)).toEqual({ size: bytes.length })
  })

  it('when it lay whole for a day and the sweep comes while it is kept', async () => {
    const { id, phone, bytes, sha256 } = await begun(), { adopt } = world.documents
    world.documents.adopt = async (key, path, about) => {
      utimesSync(path, new Date('2026-11-22'), new Date('2026-11-22'))
      await adopt(key, path, about)
      await sweep({ ...world, now: () => new Date() })
    }
    expect(await put(phone, sha256, bytes)).toMatchObject({ status: 204, complete: '?1' })
    world.documents.adopt = adopt
    expect([await bytesOf(sha256), (await sql`select count(*)::int as n from visit_notes where application_id = ${id}`)[0]?.n]).toEqual([{ size: bytes.length }, 1])
  })
})

describe('what cannot join the notes any more says so on the case', () => {
  it.each([['handed over', ['correcting', 'awaiting_decision']], ['withdrawn', ['withdrawn']]] as const)('because the case was %s', async (_, stages) => {
    const { id, phone, bytes, sha256 } = await begun()
    await move(id, ...stages)
    expect(await put(phone, sha256, bytes)).toMatchObject({ status: 204, complete: '?1' })
    await runJobs()
    expect((await pageOf(id)).waiting).toMatchObject([{ kind: 'photo', landed: null, waits: 'closed_for_notes' }])
    expect((await as('sato').page(`/applications/${id}/visit/notebook`)).text).toContain('ここにだけ残っています')
  })

  it('because who captured it left the team', async () => {
    const { id, phone, bytes, sha256 } = await begun(), { assigned } = await import('../support/cases.ts').then(({ casesOn }) => casesOn(theatre))
    await assigned(id, 'lee')
    await sql`update assignments set ended_at = ${theatre.clock.now.toISOString()} where application_id = ${id} and person_id = ${theatre.idOf('sato')}`
    await put(phone, sha256, bytes)
    await runJobs()
    expect((await pageOf(id, 'lee')).waiting).toMatchObject([{ kind: 'photo', landed: null, waits: 'left_the_team' }])
  })

  it('and before the hand-over the assessor reads what is still on its way', async () => {
    const { id, phone, bytes, sha256 } = await begun()
    await move(id, 'correcting')
    const read = async () => (await as('sato').get(`/applications/${id}/recommendation`)).body.onTheWay
    expect([await read(), (await as('sato').page(`/applications/${id}/recommendation`)).text.includes('まだサーバーに届いていないもの')]).toEqual([{ items: 0, files: 1 }, true])
    await put(phone, sha256, bytes)
    expect([await read(), (await as('sato').page(`/applications/${id}/recommendation`)).text.includes('まだサーバーに届いていないもの')]).toEqual([{ items: 0, files: 0 }, false])
  })
})

describe('a strange word', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('named %s breaks no page', async name => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    expect((await sync(phone, [version(phone, { content: { text: 'x', [name]: 1 } })])).body.confirmed).toHaveLength(1)
    expect([(await as('sato').page(`/applications/${id}/visit/notebook`)).status, (await pageOf(id)).groups[0].items[0].heads[0].lines.map(({ name }: { name: string }) => name)]).toEqual([200, ['text', name]])
  })

  it('a number larger than any of ours is refused by itself', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), good = version(phone), bad = version(phone, { content: { text: 'x', n: 7 } })
    const body = JSON.stringify({ device: phone.device, applicationId: id, sentAt: theatre.clock.now.toISOString(), waiting: 2, after: 0, versions: [good, bad] }).replace('"n":7', '"n":1e400')
    const answer = await app.inject({ method: 'POST', url: '/notebook/sync', payload: body, headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'application/json', 'content-type': 'application/json', cookie: cookieOf('sato') } })
    expect([answer.statusCode, answer.json().confirmed, answer.json().refused]).toEqual([200, [expect.objectContaining({ hash: good.hash })], [{ hash: bad.hash, reason: 'unreadable' }]])
  })

  it('a file named with a wrong size is taken once it is named with the right one', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = picture()
    await sync(phone, [version(phone, { kind: 'photo', content: { text: '' }, files: [file(bytes, { size: 5 })] })])
    await sync(phone, [version(phone, { kind: 'photo', content: { text: '' }, files: [file(bytes)] })])
    expect(await put(phone, sha256Of(bytes), bytes)).toMatchObject({ status: 204, complete: '?1' })
  })
})

it('a device that is wiped while its photo is being kept brings nothing, and leaves nothing on its way', async () => {
  const { id, phone, bytes, sha256 } = await begun(), { adopt } = world.documents
  const wipe = async ({ device }: Phone) => as('sato').post(`/notebook/devices/${device}/wipe`)
  world.documents.adopt = async (key, path, about) => { await adopt(key, path, about); expect((await wipe(phone)).status).toBeLessThan(300) }
  expect(await putAndDie(phone, sha256, bytes)).toMatchObject({ status: 410 })
  world.documents.adopt = adopt
  expect([(await sql`select count(*)::int as n from notebook_files where application_id = ${id}`)[0]?.n, await world.spool.size(`${id}.${phone.device}.${sha256}`)]).toEqual([0, 0])
})

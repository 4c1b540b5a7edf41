import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { reissue } from '../../server/reissues/work.ts'
import type { World } from '../../server/world.ts'
import { anyHistory } from '../support/any-history.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, runJobs, world } = theatre
const { sql } = world.database
const { issued } = sealedFilesOn(theatre)
await anyHistory(sql)
const order = async (change: Record<string, string> = {}) => as('suzuki').post('/reissues', { reason: '発行者の住所が変わったため', once: randomUUID(), ...change })
const state = async (id: string) => (await as('suzuki').get(`/reissues/${id}`)).body
const publicOf = async (number: string) => (await anybody.get(`/c/${number}`)).body
const linesOf = async (number: string) => (await sql`select e.event, e.edition, l.body from certificate_events e join certificates c on c.id = e.certificate_id join log_entries l on l.seq = e.log_seq where c.number = ${number} order by e.log_seq`)

const numbers: string[] = []
for (const nameJa of ['髙橋プレス株式会社', '葛󠄀城鉄工㈱', '森食品株式会社']) numbers.push((await issued({ nameJa })).number)
const [first = '', second = '', third = ''] = numbers

describe('issuing again', () => {
  it('seals a new edition under the same number, and tells of it in the log', async () => {
    const before = await publicOf(first)
    const { status, body } = await order()
    expect([status, body.certificates]).toEqual([201, 3])
    expect(await state(body.reissueId)).toMatchObject({ done: 0, all: 3, state: 'running' })
    await runJobs()
    expect(await state(body.reissueId)).toMatchObject({ done: 3, all: 3, state: 'done' })
    const after = await publicOf(first)
    expect([after.number, after.edition, after.standing, after.since, after.sha256 === before.sha256]).toEqual([first, 2, 'certified', before.since, false])
    expect((await linesOf(first)).map(({ event, edition, body: line }) => [event, edition, JSON.parse(line).doc])).toEqual([['issued', 1, before.sha256], ['reissued', 2, after.sha256]])
  })

  it('leaves out what has come to its end, and concerns one key if asked to', async () => {
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor) select ${randomUUID()}, id, 'withdrawn', '2026-11-24', 'clock' from certificates where number = ${third}`
    expect((await order()).body.certificates).toBe(2)
    await runJobs()
    expect([(await publicOf(second)).edition, (await publicOf(third)).edition]).toEqual([3, 2])
    expect((await order({ keyId: world.signer.keyId })).body.certificates).toBe(2)
    expect((await order({ keyId: 'nobody' })).body.code).toBe('nothing_to_reissue')
    await runJobs()
  })

  it('leaves out what ends between the order and its job: nothing is told of it any more', async () => {
    const { number } = await issued({ nameJa: '途中返上株式会社' })
    const { body: { reissueId } } = await order()
    expect(await state(reissueId)).toMatchObject({ all: 3 })
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor) select ${randomUUID()}, id, 'surrendered', '2026-11-24', 'clock' from certificates where number = ${number}`
    await runJobs()
    expect([await state(reissueId), (await publicOf(number)).edition, (await linesOf(number)).map(({ event }) => event)]).toMatchObject([{ done: 2, all: 2, state: 'done' }, 1, ['issued', 'surrendered']])
  })

  it('makes one edition of each when two runners work on one order, and goes on where one died', async () => {
    const { body: { reissueId } } = await order()
    const dead: World = { ...world, documents: { ...world.documents, put: async () => { throw new Error('it dies here') } } }
    await expect(reissue(dead, reissueId)).rejects.toThrow('it dies here')
    const stored = async () => {
      let kept = 0
      for await (const _ of world.documents.list()) kept += 1
      return kept
    }
    const before = await stored()
    await Promise.all([reissue(world, reissueId), reissue(world, reissueId)])
    const [{ files } = { files: 0 }] = await sql`select count(*)::int as files from certificate_files where reissue_id = ${reissueId}`
    expect([files, await stored() - before]).toEqual([2, 2])
    await runJobs()
    expect((await state(reissueId)).state).toBe('done')
  })

  it('is done by two runners that finish its certificates in opposite order', async () => {
    const { body: { reissueId } } = await order()
    let waiting = 0
    const { promise: both, resolve } = Promise.withResolvers<void>()
    const finishingLast = (nth: number): World => {
      let count = 0
      const put: World['documents']['put'] = async (...file) => {
        count += 1
        if (count !== nth) return world.documents.put(...file)
        waiting += 1
        if (waiting === 2) resolve()
        await both
        return world.documents.put(...file)
      }
      return { ...world, documents: { ...world.documents, put } }
    }
    await Promise.all([reissue(finishingLast(1), reissueId), reissue(finishingLast(2), reissueId)]) // each locks what it tells of, to the end
    const [{ files } = { files: 0 }] = await sql`select count(*)::int as files from certificate_files where reissue_id = ${reissueId}`
    expect(files).toBe(2)
    await runJobs()
  })

  it('does the others when one cannot be done, says that it stopped, and lets the operator go on', async () => {
    const { body: { reissueId } } = await order()
    const [odd] = await sql`select certificate_id from reissue_certificates where reissue_id = ${reissueId} limit 1`
    await sql`alter table certificate_files disable trigger certificate_files_is_append_only`
    await sql`update certificate_files set statement = jsonb_set(statement, '{holder,nameJa}', '"辻󠄁製作所"') where certificate_id = ${odd?.certificate_id}`
    await sql`alter table certificate_files enable always trigger certificate_files_is_append_only`
    await reissue(world, reissueId)
    await expect(reissue(world, reissueId)).rejects.toThrow('no glyph')
    await sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs where key = ${`reissue:${reissueId}`}), 'no glyph for 辻')`
    expect(await state(reissueId)).toMatchObject({ done: 1, all: 2, state: 'stuck' })
    expect((await as('suzuki').page(`/reissues/${reissueId}`)).text).toContain(`/reissues/${reissueId}/retry`)
    expect((await as('suzuki').post(`/reissues/${reissueId}/retry`)).status).toBe(201)
  })

  it('is ordered once however often the form is sent, needs a reason, and reads in both languages', async () => {
    const once = randomUUID()
    const [one, other] = await Promise.all([order({ once }), order({ once })])
    expect(one.body.reissueId).toBe(other.body.reissueId)
    expect((await order({ reason: ' ' })).body.errors[0].field).toBe('reason')
    expect((await as('suzuki').page('/reissues')).text).toContain('証書の再発行')
    expect((await as('suzuki').page('/reissues', 'en')).text).toContain('Issue again')
  })

  it.each(['yamada', 'sato', 'tanaka'] as const)('is none of %s’s business', async who => {
    expect([(await as(who).get('/reissues')).status, (await as(who).post('/reissues', { reason: 'x' })).status]).toEqual([403, 403])
  })
})

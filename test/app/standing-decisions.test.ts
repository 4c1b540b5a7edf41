import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { changesFrom, mayChange, standingChanges } from '../../server/domain/standing-changes.ts'
import { standings } from '../../server/domain/standing.ts'
import { actOnDeadlines } from '../../server/standing-decisions/act-on-deadlines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const idOfNumber = async (number: string) => String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const { number } = await issued({ employerId: await employerOf('yamada') })
const id = await idOfNumber(number)
const page = async () => (await as('kobayashi').get(`/certificates/${id}/standing`)).body
const decide = async (change: string, form: object = {}, who: 'kobayashi' | 'tanaka' | 'sato' = 'kobayashi') => as(who).post(`/certificates/${id}/standing`, { change, reasonClass: 'nonconformity', reasons: '現地で確かめた。', version: (await page()).version, once: randomUUID(), ...form })
const standing = async () => (await anybody.get(`/c/${number}`)).body.standing
mails.length = 0

describe('the table of changes', () => {
  it('holds for every row, and for nothing that is not in it', () => {
    const all = standings.flatMap(from => (['decision_maker', 'applicant', 'clock'] as const).flatMap(by => [...new Set(standingChanges.map(([change]) => change))].map(change => ({ from, by, change }))))
    const rowOf = ({ from, by, change }: (typeof all)[number]) => standingChanges.find(([name, froms, actor]) => name === change && actor === by && (froms as readonly string[]).includes(from))
    expect(all.map(({ from, change, by }) => mayChange(from, change, by, 'overdue'))).toEqual(all.map(one => (rowOf(one) ? null : { refused: 'no_such_step' })))
    const reasoned = all.filter(one => rowOf(one)?.[3])
    expect([reasoned.length > 10, reasoned.filter(({ from, change, by }) => mayChange(from, change, by, null)?.refused !== 'needs')]).toEqual([true, []])
    expect([mayChange('certified', 'suspended', 'clock', 'nonconformity'), changesFrom('withdrawn', 'decision_maker'), changesFrom('suspended', 'decision_maker')]).toEqual([{ refused: 'no_such_step' }, [], ['reinstated', 'withdrawn', 'transferred']])
  })
})

describe('a standing is decided', () => {
  it('with reasons, by somebody who took no part: page, log, journal and mail say so', async () => {
    const answer = await decide('suspended')
    expect([answer.status, await standing()]).toEqual([201, 'suspended'])
    await runJobs()
    expect(mails.find(({ to }) => to === 'yamada@yamada-press.example')).toMatchObject({ subject: `証書 ${number}：効力を止める`, text: expect.stringContaining('現地で確かめた。') })
    expect((await page()).history[0]).toMatchObject({ change: 'suspended', reasonClass: 'nonconformity', reasons: '現地で確かめた。', by: '小林 由美', until: '2027-05-24' })
    expect([...await sql`select operation, before, after from journal where subject_id = ${id} and operation like 'standing%'`]).toMatchObject([{ operation: 'standing_decisions.decide', before: { standing: 'certified' }, after: { change: 'suspended', reasonClass: 'nonconformity' } }])
    expect((await as('kobayashi').get('/standings')).body.work).toMatchObject([{ number, why: 'suspended', until: '2027-05-24' }])
  })

  it('never by who assessed or screened, and the attempt stays on record; the certificate is not there for them', async () => {
    await sql`update people set staff_roles = '{assessor,decision_maker}' where id = ${idOf('sato')}`
    const answer = await decide('reinstated', {}, 'sato')
    expect([answer.status, answer.body.code, await standing()]).toEqual([403, 'not_independent', 'suspended'])
    expect([...await sql`select actor_id, after from journal where operation = 'standing_decisions.decide.refused'`]).toMatchObject([{ actor_id: idOf('sato'), after: { refused: 'not_independent' } }])
    expect([(await as('sato').get(`/certificates/${id}/standing`)).status, (await as('sato').get('/standings')).body.work, (await as('sato').get(`/standings?q=${encodeURIComponent('山田')}`)).body.found, (await as('kobayashi').get(`/standings?q=${encodeURIComponent('山田')}`)).body.found.length]).toEqual([404, [], [], 1])
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('sato')}`
  })

  it.each([['withdrawn', { reasons: ' ' }, 422], ['withdrawn', { reasonClass: '' }, 409], ['condition_set', {}, 409], ['nonsense', {}, 422], ['reinstated', { version: 0 }, 409], ['surrendered', {}, 422]])('not %s with %j', async (change, form, status) => {
    expect([(await decide(change, form)).status, await standing()]).toEqual([status, 'suspended'])
  })

  it('once: of two who decide at the same moment, and of one form sent twice', async () => {
    const { version } = await page(), once = randomUUID()
    const both = await Promise.all([decide('reinstated', { version }), decide('withdrawn', { version }, 'tanaka')])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    if (await standing() === 'certified') {
      const next = (await page()).version
      const twice = [await decide('suspended', { version: next, once }), await decide('suspended', { version: next, once })]
      expect([twice.map(({ status }) => status), (await page()).history.filter(({ change }: { change: string }) => change === 'suspended').length]).toEqual([[201, 201], 2])
    }
  })

  it('is given back by the holder alone, who types its number; nothing follows an end', async () => {
    const other = await issued({ nameJa: '別の会社' }), otherId = await idOfNumber(other.number)
    expect((await as('yamada').post(`/employer/certificates/${otherId}/surrender`, { number: other.number })).status).toBe(404)
    if (await standing() === 'withdrawn') return
    expect((await as('yamada').post(`/employer/certificates/${id}/surrender`, { number: 'RE-JP' })).status).toBe(400)
    expect((await as('yamada').page('/employer/certificates')).text).toContain('証書を返上する')
    expect((await as('yamada').post(`/employer/certificates/${id}/surrender`, { number })).status).toBe(201)
    expect([await standing(), (await decide('reinstated')).status, (await as('yamada').post(`/employer/certificates/${id}/surrender`, { number })).status]).toEqual(['surrendered', 409, 409])
  })
})

describe('the clock', () => {
  it('suspends for a surveillance that was not held, from the day after; once for each due date; and a person lifts it', async () => {
    const late = await issued({ nameJa: '遅れた会社' }), lateId = await idOfNumber(late.number)
    const now = async (at: string) => { clock.now = new Date(at); await Promise.all([actOnDeadlines(world), actOnDeadlines(world)]); return (await anybody.get(`/c/${late.number}`)).body }
    expect((await now('2027-11-24T14:59:59Z')).standing).toBe('certified') // the last second of the due day in Japan
    expect(await now('2027-11-24T15:00:00Z')).toMatchObject({ standing: 'suspended', reasonClass: 'overdue', since: '2027-11-25' })
    expect([...await sql`select actor, happened_on::text as on from certificate_events where certificate_id = ${lateId} and event = 'suspended'`]).toEqual([{ actor: 'clock', on: '2027-11-25' }])
    const { version } = (await as('kobayashi').get(`/certificates/${lateId}/standing`)).body
    expect((await as('kobayashi').post(`/certificates/${lateId}/standing`, { change: 'reinstated', reasonClass: '', reasons: '審査を受けた。', version })).status).toBe(201)
    expect((await now('2027-12-30T00:00:00Z')).standing).toBe('certified')
    expect((await now('2028-11-25T00:00:00Z')).standing).toBe('suspended') // the second one
  })
})

describe('Postgres promises', () => {
  const attempt = async (statement: string) => sql.unsafe(statement).then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
  const event = (actor: string, change: string, decision = 'null') => attempt(`insert into certificate_events (id, certificate_id, event, happened_on, actor, standing_decision_id) values ('${randomUUID()}', '${id}', '${change}', '2026-11-24', '${actor}', ${decision})`)
  const decision = (who: 'sato' | 'suzuki' | 'tanaka') => attempt(`insert into standing_decisions (id, certificate_id, change, reasons, decided_by) values ('${randomUUID()}', '${id}', 'withdrawn', 'x', '${idOf(who)}')`)
  it('that nobody who took part decides, that no change comes without its decision, and that a holder only gives back', async () => {
    expect([await decision('sato'), await event('decision_maker', 'withdrawn'), await event('holder', 'withdrawn'), await event('decision_maker', 'withdrawn', `(select id from standing_decisions where change <> 'withdrawn' limit 1)`),
      await attempt('delete from standing_decisions'), await attempt("update standing_decisions set reasons = 'x'"), await attempt(`insert into standing_decisions (id, certificate_id, change, reasons, decided_by) values ('${randomUUID()}', '${id}', 'withdrawn', ' ', '${idOf('tanaka')}')`)])
      .toEqual(['decider_took_no_part', 'change_follows_its_decision', 'holder_only_surrenders', 'change_follows_its_decision', 'standing_decisions_is_append_only', 'standing_decisions_is_append_only', 'standing_decision_gives_reasons'])
  })
})

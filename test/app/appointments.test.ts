import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, mails, runJobs, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const at = (id: string, more = '') => `/applications/${id}/visit/dates${more}`
const days = (startsOn: string, endsOn = startsOn, more: object = {}) => ({ startsOn, endsOn, ...more })
const newest = async (id: string) => (await as('yamada').get(at(id))).body.proposals[0]
const answer = async (who: 'yamada' | 'sato', id: string, outcome: string, reason = '') => as(who).post(at(id, '/answer'), { proposalId: (await newest(id)).id, outcome, reason })
const moves = async (id: string) => Promise.all((['yamada', 'sato', 'suzuki'] as const).map(async who => (await as(who).get(at(id))).body.move))
const mailed = async () => {
  await runJobs()
  const to = mails.map(mail => mail.to).sort()
  mails.length = 0
  return to
}

describe('the days of a visit', () => {
  it('go to and fro until both agree, with a mail to the other side each time, and stand in the plan', async () => {
    const id = await caseAt('desk_review')
    await mailed()
    expect(await moves(id)).toEqual(['nothing_yet', 'nothing_yet', 'nothing_yet'])
    expect((await as('sato').post(at(id, '/proposals'), days('2026-12-08', '2026-12-09'))).status).toBe(201)
    expect([await moves(id), (await mailed()).map(to => /yamada/.test(to))]).toEqual([['answer', 'wait', 'wait'], [true]])
    expect((await answer('yamada', id, 'declined')).status).toBe(422) // no reason
    expect((await answer('yamada', id, 'declined', '納品日です')).status).toBe(201)
    expect([await moves(id), (await mailed()).map(to => /sato/.test(to))]).toEqual([['wait', 'propose_others', 'wait'], [true]])
    await as('yamada').post(at(id, '/proposals'), days('2026-12-15', '2026-12-16', { note: '午後からなら' }))
    expect([await moves(id), (await mailed()).length]).toEqual([['wait', 'answer', 'wait'], 1])
    expect((await answer('sato', id, 'agreed')).status).toBe(201)
    expect(await moves(id)).toEqual(['agreed', 'agreed', 'agreed'])
    expect((await as('sato').get(`/applications/${id}/visit`)).body.bench.draft).toMatchObject({ startsOn: '2026-12-15', endsOn: '2026-12-16', agreed: { startsOn: '2026-12-15' } })
    expect((await as('sato').page(`/applications/${id}/visit`)).text).toContain('会社と決めた日')
  })

  it('tell the owner in plain words what is next, and one press agrees', async () => {
    const id = await caseAt('desk_review')
    await as('sato').post(at(id, '/proposals'), days('2026-12-08'))
    const page = (await as('yamada').page(at(id))).text
    expect([page.includes('この日でよければ'), page.includes('この日に決める'), page.includes('2026年12月8日')]).toEqual([true, true, true])
    expect((await as('yamada').page(`${at(id)}?lang=en`)).text).toContain('Agree to these days')
    expect((await as('yamada').page(`/applications/${id}`)).text).toContain(at(id))
    const pressed = await as('yamada').submit(at(id, '/answer'), { proposalId: (await newest(id)).id, outcome: 'agreed', reason: '', form: 'agree' })
    expect([pressed.status, (await newest(id)).answer.outcome]).toEqual([303, 'agreed'])
  })

  it('move an announced visit that was planned already', async () => {
    const id = await caseAt('visit_planned')
    await as('yamada').post(at(id, '/proposals'), days('2026-12-20', '2026-12-21'))
    await answer('sato', id, 'agreed')
    expect((await as('yamada').get(`/applications/${id}/visit`)).body.plan).toMatchObject({ startsOn: '2026-12-20', endsOn: '2026-12-21' })
    const [due] = await sql`select (due_at at time zone 'Asia/Tokyo')::date::text as day from applications where id = ${id}`
    expect(due?.day).toBe('2027-01-04')
    expect((await sql`select after->>'startsOn' as day from journal where application_id = ${id} and operation = 'visits.move'`)[0]?.day).toBe('2026-12-20')
  })

  it('are not left without a reason, and the employer reads where the plan stands, never the assessor’s own words, whatever is proposed afterwards', async () => {
    const id = await caseAt('desk_review')
    await as('sato').post(at(id, '/proposals'), days('2026-12-08'))
    await answer('yamada', id, 'agreed')
    await as('sato').post(at(id, '/proposals'), days('2026-12-10')) // unanswered: the older agreement stands
    const { body } = await as('sato').get(`/applications/${id}/visit`)
    const plan = { ...days('2026-12-10'), siteIds: body.sites.map((site: { id: string }) => site.id), team: '佐藤', interpreterLanguages: 1, announcement: 'announced', version: body.head.version }
    expect((await as('sato').post(`/applications/${id}/visit`, plan)).body.missing).toEqual(['agreed_days'])
    const planned = async () => (await as('yamada').get(at(id))).body.planned
    expect([await planned(), (await as('sato').post(`/applications/${id}/visit`, { ...plan, justification: '大雪の予報' })).status]).toEqual([null, 201])
    expect(await planned()).toEqual({ startsOn: '2026-12-10', endsOn: '2026-12-10', insteadOfAgreed: true })
    const page = (await as('yamada').page(at(id))).text
    expect([page.includes('計画にある訪問の日'), page.includes('会社と決めた日とはちがう日'), page.includes('大雪の予報')]).toEqual([true, true, false])
    const again = (await as('sato').get(`/applications/${id}/visit`)).body.head.version // what was written for other days says nothing of these
    expect((await as('sato').post(`/applications/${id}/visit`, { ...plan, ...days('2026-12-15'), justification: '大雪の予報', version: again })).body.missing).toEqual(['agreed_days'])
    await answer('yamada', id, 'agreed')
    expect(await planned()).toEqual({ startsOn: '2026-12-10', endsOn: '2026-12-10', insteadOfAgreed: false })
  })

  it('avoid what the employer said that it cannot, in a proposal and in the plan, until that is taken back', async () => {
    const id = await caseAt('desk_review')
    for (const far of ['2000-01-01', '2080-01-05']) expect((await as('yamada').post(at(id, '/unavailable'), days(far, far, { reason: '休み' }))).body.code).toBe('days_out_of_reach')
    const told = await as('yamada').post(at(id, '/unavailable'), days('2026-12-10', '2026-12-12', { reason: '棚卸し' }))
    expect([told.status, (await as('sato').post(at(id, '/proposals'), days('2026-12-12', '2026-12-13'))).body.missing]).toEqual([201, ['days_available']])
    const { body } = await as('sato').get(`/applications/${id}/visit`)
    const plan = { startsOn: '2026-12-11', endsOn: '2026-12-11', siteIds: body.sites.map((site: { id: string }) => site.id), team: '佐藤', interpreterLanguages: 1, version: body.head.version }
    expect([body.bench.draft.unavailable.length, (await as('sato').post(`/applications/${id}/visit`, plan)).body.missing]).toEqual([1, ['days_available']])
    expect((await as('sato').post(`/applications/${id}/visit`, { ...plan, announcement: 'unannounced' })).status).toBe(201) // it asks nobody
    expect((await as('yamada').post(at(id, '/unavailable/removal'), { unavailableId: told.body.id })).status).toBe(201)
    expect((await as('yamada').post(at(id, '/unavailable/removal'), { unavailableId: told.body.id })).status).toBe(404)
    expect((await as('sato').post(`/applications/${id}/visit`, { ...plan, announcement: 'announced' })).status).toBe(201)
  })

  it('answer the employer the same on the very day of an unannounced visit as on any other', async () => {
    const id = await caseAt('desk_review')
    const { body } = await as('sato').get(`/applications/${id}/visit`)
    await as('sato').post(`/applications/${id}/visit`, { startsOn: '2026-12-17', endsOn: '2026-12-17', siteIds: body.sites.map((site: { id: string }) => site.id), team: '佐藤', interpreterLanguages: 1, announcement: 'unannounced', version: body.head.version })
    expect((await as('yamada').get(at(id))).body.planned).toBe(null)
    for (const day of ['2026-12-16', '2026-12-17']) {
      expect((await as('yamada').post(at(id, '/unavailable'), days(day, day, { reason: '休み' }))).status).toBe(201)
      expect((await as('yamada').post(at(id, '/proposals'), days(day))).body.missing).toEqual(['days_available'])
    }
  })

  it('are answered by the other side, once, and the newest only', async () => {
    const id = await caseAt('desk_review')
    await as('sato').post(at(id, '/proposals'), days('2026-12-08'))
    const first = await newest(id)
    expect((await answer('sato', id, 'agreed')).body.code).toBe('not_your_step')
    await as('sato').post(at(id, '/proposals'), days('2026-12-09'))
    expect((await as('yamada').post(at(id, '/answer'), { proposalId: first.id, outcome: 'agreed' })).body.code).toBe('stale')
    expect((await as('yamada').post(at(id, '/answer'), { proposalId: randomUUID(), outcome: 'agreed' })).status).toBe(404)
    await answer('yamada', id, 'agreed')
    expect((await answer('yamada', id, 'agreed')).body.code).toBe('already_decided')
  })

  it.each([
    ['in the past', days('2026-11-23'), 409], ['out of order', days('2026-12-09', '2026-12-08'), 422], ['that do not exist', days('2026-02-30'), 422], ['longer than a month', days('2026-12-01', '2027-01-20'), 409],
  ])('cannot be %s', async (_, body, status) => {
    const id = await caseAt('desk_review')
    expect((await as('yamada').post(at(id, '/proposals'), body)).status).toBe(status)
  })

  it('are nobody else’s: not of another employer, an assessor without the case, or one who was removed', async () => {
    const id = await caseAt('desk_review')
    await as('sato').post(at(id, '/proposals'), days('2026-12-08'))
    for (const [who, status] of [['outsider', 404], ['lee', 404], ['tanaka', 403], ['minato', 403], ['ito', 403]] as const) expect([who, (await as(who).get(at(id))).status]).toEqual([who, status])
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('sato')} and ended_at is null`
    await mailed()
    expect([(await as('sato').get(at(id))).status, (await answer('yamada', id, 'agreed')).status, await mailed()]).toEqual([404, 201, []])
  })

  it('are closed once the day is on record', async () => {
    const id = await caseAt('correcting')
    expect([(await as('yamada').post(at(id, '/unavailable'), days('2026-12-08', '2026-12-08', { reason: 'x' }))).body.code, (await moves(id))[0]]).toEqual(['closed_for_changes', 'closed'])
  })
})

import { createHash, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to break what planning promises. Every attempt names the promise that stopped it.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
let id = '', planned = ''

const visit = (change: Record<string, unknown> = {}) => sql`insert into visits ${sql({ id: randomUUID(), application_id: id, starts_on: '2026-12-08', ends_on: '2026-12-09', site_ids: `{${randomUUID()}}`, person_days: 1.5, interviews_planned: 5, calculation: JSON.stringify({ effort: { onSiteDays: 1.5 }, sample: { total: 5 } }), planned_by: idOf('sato'), ...change })}`
const draw = (change: Record<string, unknown> = {}, population = '{"groups":[],"difference":"x"}') => {
  return sql`insert into interview_draws ${sql({ id: randomUUID(), application_id: id, number: 1, seed: 'ab'.repeat(16), algorithm: 'x', population, population_sha256: createHash('sha256').update(population).digest('hex'), size: 1, drawn: JSON.stringify([{ place: 1 }]), uncovered: JSON.stringify([]), drawn_by: idOf('sato'), ...change })}`
}
const unavailable = (change: Record<string, unknown> = {}) => sql`insert into unavailable_days ${sql({ id: randomUUID(), application_id: id, starts_on: '2026-12-09', ends_on: '2026-12-10', reason: 'x', told_by: idOf('yamada'), ...change })} returning id`
const proposal = async (change: Record<string, unknown> = {}) => (await sql`insert into date_proposals ${sql({ id: randomUUID(), application_id: id, side: 'assessor', starts_on: '2026-12-08', ends_on: '2026-12-08', proposed_by: idOf('sato'), ...change })} returning id`)[0]?.id
const answer = (proposal_id: string, change: Record<string, unknown> = {}) => sql`insert into date_answers ${sql({ id: randomUUID(), proposal_id, side: 'applicant', outcome: 'agreed', answered_by: idOf('yamada'), ...change })}`
const meeting = (change: Record<string, unknown> = {}) => sql`insert into meetings ${sql({ id: randomUUID(), application_id: planned, kind: 'opening', held_at: '2026-11-24T08:00+09:00', attendees: JSON.stringify([{ role: 'assessor', name: 'x' }]), written_by: idOf('sato'), written_at: '2026-11-24', ...change })}`

beforeAll(async () => { planned = await caseAt('visit_planned') })

describe('a plan in SQL', () => {
  beforeEach(async () => { id = await caseAt('desk_review') })

  it('keeps the numbers of every edition by itself', async () => {
    await visit()
    await sql`update visits set person_days = 2, justification = 'far' where application_id = ${id}`
    await sql`update visits set team = 'x' where application_id = ${id}`
    expect((await sql`select n.person_days::float as days, n.justification from plan_numbers n join visits v on v.id = n.visit_id where v.application_id = ${id} order by n.edition`).map(({ days, justification }) => [days, justification])).toEqual([[1.5, ''], [2, 'far']])
    expect(await attempt(() => sql`update plan_numbers set justification = 'y'`)).toBe('plan_numbers_is_append_only')
    expect(await attempt(() => sql`delete from plan_numbers`)).toBe('plan_numbers_is_append_only')
  })

  it.each([
    ['changed days without a reason', { person_days: 1 }, 'changed_numbers_are_justified'], ['more interviews without a reason', { interviews_planned: 6 }, 'changed_numbers_are_justified'], ['a blank reason', { person_days: 1, justification: ' ' }, 'changed_numbers_are_justified'],
    ['fewer interviews than the sample', { interviews_planned: 4, justification: 'x' }, 'interview_sample_never_shrinks'], ['a secret beginning of an announced visit', { begun_at: '2026-12-08T09:00+09:00' }, 'announced_visit_has_no_secret_beginning'],
    ['a beginning on another day', { announced: false, begun_at: '2026-12-10T00:00+09:00' }, 'visit_begins_on_one_of_its_days'], ['a record before it began', { announced: false, held_on: '2026-12-08' }, 'unannounced_visit_begins_before_its_record'],
    ['a day held before the first day', { held_on: '2026-12-07' }, 'visit_is_held_once_it_has_begun'], ['a day held before it began', { announced: false, begun_at: '2026-12-09T09:00+09:00', held_on: '2026-12-08' }, 'visit_is_held_once_it_has_begun'],
  ])('takes no %s', async (_, change, promise) => expect(await attempt(() => visit(change))).toBe(promise))

  it('hears nobody before the visit, and fewer than planned in no draw, the first either', async () => {
    await visit()
    const heard = (held_on: string) => sql`insert into interviews ${sql({ id: randomUUID(), application_id: id, code: 'A-01', form: 'single', people: 1, language: 'vi', minutes: 30, held_on, written_by: idOf('sato') })}`
    expect([await attempt(() => heard('2026-12-07')), await attempt(() => heard('2026-12-08'))]).toEqual(['interview_is_part_of_the_visit', 'went through'])
    await sql`insert into assignments ${sql({ id: randomUUID(), application_id: id, person_id: idOf('sato'), part: 'assessor', assigned_by: idOf('suzuki') })} on conflict do nothing`
    expect(await attempt(() => draw({ size: 4 }))).toBe('draw_keeps_to_the_plan')
  })

  it('surprises nobody on days that both sides agreed on', async () => {
    await answer(await proposal())
    expect([await attempt(() => visit({ announced: false })), await attempt(() => visit({ announced: false, starts_on: '2026-12-09' }))]).toEqual(['unannounced_visit_avoids_days_agreed', 'went through'])
  })

  it('never makes an announced visit secret, nor begins one twice', async () => {
    await visit()
    expect(await attempt(() => sql`update visits set announced = false where application_id = ${id}`)).toBe('announced_visit_stays_announced')
    id = await caseAt('desk_review')
    await visit({ announced: false, begun_at: '2026-12-08T09:00+09:00' })
    expect(await attempt(() => sql`update visits set begun_at = '2026-12-09T09:00+09:00' where application_id = ${id}`)).toBe('visit_begins_once')
  })

  it('does not let the stage tell of an unannounced visit before it began', async () => {
    await visit({ announced: false })
    const move = () => sql`update applications set stage = 'visit_planned' where id = ${id}`
    expect(await attempt(move)).toBe('unannounced_visit_has_begun')
    await sql`update visits set begun_at = '2026-12-08T09:00+09:00' where application_id = ${id}`
    expect(await attempt(move)).toBe('went through')
  })

  it('avoids the days on which the employer cannot, unless it is unannounced or they were taken back', async () => {
    const [days] = await unavailable()
    expect(await attempt(() => visit())).toBe('visit_avoids_unavailable_days')
    expect(await attempt(() => visit({ announced: false }))).toBe('went through')
    expect(await attempt(() => sql`update visits set announced = true where application_id = ${id}`)).toBe('visit_avoids_unavailable_days')
    expect(await attempt(() => sql`update unavailable_days set ends_on = '2026-12-31' where id = ${days?.id}`)).toBe('unavailable_days_are_only_taken_back')
    await sql`update unavailable_days set taken_back_at = now() where id = ${days?.id}`
    expect(await attempt(() => sql`update unavailable_days set taken_back_at = null where id = ${days?.id}`)).toBe('unavailable_days_are_only_taken_back')
    expect(await attempt(() => sql`delete from unavailable_days`)).toBe('unavailable_days_is_append_only')
    expect(await attempt(() => sql`update visits set announced = true where application_id = ${id}`)).toBe('went through')
  })
})

describe('a draw in SQL', () => {
  beforeEach(async () => { id = await caseAt('desk_review') })

  it.each([
    ['no seed', { seed: '' }, 'draw_has_a_seed'], ['a seed of nothing', { seed: '0'.repeat(32) }, 'draw_has_a_seed'], ['another hash', { population_sha256: 'a'.repeat(64) }, 'draw_is_of_this_population'], ['fewer people than it says', { size: 2 }, 'draw_is_as_large_as_it_says'],
    ['a number left out', { number: 2, reason: 'x' }, 'draws_follow_each_other'], ['a hand that is no assessor of the case', { drawn_by: '' }, 'draw_is_made_by_an_assessor_of_the_case'],
  ])('takes no %s', async (_, change, promise) => expect(await attempt(() => draw('drawn_by' in change ? { drawn_by: idOf('lee') } : change))).toBe(promise))

  it('is never overwritten, and another one has its reason', async () => {
    await draw()
    expect([await attempt(() => draw({ number: 2 })), await attempt(() => sql`update interview_draws set seed = ${'cd'.repeat(16)}`), await attempt(() => sql`delete from interview_draws`)]).toEqual(['drawing_again_has_a_reason', 'interview_draws_is_append_only', 'interview_draws_is_append_only'])
    expect(await attempt(() => draw({ number: 2, reason: 'somebody left' }))).toBe('went through')
  })

  it('counts the heads of the application or says why not, and hears no fewer than the plan when it is made again', async () => {
    for (const population of ['{"groups":[{"people":4}]}', '{"groups":[{"people":6}],"difference":" "}']) expect(await attempt(() => draw({}, population))).toBe('other_head_counts_have_a_reason')
    expect(await attempt(() => draw({}, '{"groups":[{"people":2},{"people":3}]}'))).toBe('went through')
    await visit()
    expect(await attempt(() => draw({ number: 2, reason: 'x' }))).toBe('drawing_again_keeps_to_the_plan')
  })

  it('belongs to the time of a plan', async () => {
    id = await caseAt('correcting')
    expect([await attempt(() => draw()), await attempt(() => unavailable()), await attempt(() => proposal())]).toEqual(['draw_belongs_to_a_plan', 'days_are_told_before_the_visit', 'days_are_proposed_before_the_visit'])
  })
})

describe('agreed days in SQL', () => {
  it('are left with a reason only, unless the visit is unannounced', async () => {
    for (const [change, promise] of [[{}, 'other_days_than_agreed_are_justified'], [{ justification: ' ' }, 'other_days_than_agreed_are_justified'], [{ justification: 'snow' }, 'went through'], [{ announced: false }, 'went through'], [{ starts_on: '2026-12-15', ends_on: '2026-12-16' }, 'went through']] as const) {
      id = await caseAt('desk_review')
      await answer(await proposal({ starts_on: '2026-12-15', ends_on: '2026-12-16' }))
      await proposal({ starts_on: '2026-12-20', ends_on: '2026-12-20', side: 'applicant', proposed_by: idOf('yamada'), proposed_at: '2026-11-25' }) // answered by nobody
      expect([change, await attempt(() => visit(change))]).toEqual([change, promise])
    }
    expect(await attempt(() => sql`update visits set ends_on = '2026-12-17' where application_id = ${id}`)).toBe('other_days_than_agreed_are_justified')
  })

  it('take two sides, one answer, and the newest proposal', async () => {
    id = await caseAt('desk_review')
    const first = await proposal()
    expect(await attempt(() => answer(first, { side: 'assessor' }))).toBe('days_are_answered_by_the_other_side')
    expect(await attempt(() => answer(first, { outcome: 'declined' }))).toBe('declined_days_have_a_reason')
    const second = await proposal({ proposed_at: new Date(Date.now() + 1000).toISOString() })
    expect([await attempt(() => answer(first)), await attempt(() => answer(second)), await attempt(() => answer(second))]).toEqual(['newest_proposal_is_answered', 'went through', 'proposal_is_answered_once'])
    for (const table of ['date_proposals', 'date_answers']) expect(await attempt(() => sql`delete from ${sql(table)}`)).toBe(`${table}_is_append_only`)
  })
})

describe('a meeting in SQL', () => {
  it.each([
    ['nobody in it', { attendees: JSON.stringify([]) }, 'somebody_was_at_the_meeting'], ['no kind', { kind: 'lunch' }, 'meeting_has_a_kind'], ['a time ahead', { held_at: '2026-11-25' }, 'meeting_is_written_after_it'],
  ])('has no %s', async (_, change, promise) => { planned = await caseAt('visit_planned'); expect(await attempt(() => meeting(change))).toBe(promise) })

  it('lies in the visit, and the closing one follows the opening one, however they are put right', async () => {
    planned = await caseAt('visit_planned')
    expect(await attempt(() => meeting({ held_at: '2026-11-23T23:59+09:00' }))).toBe('meeting_is_part_of_the_visit')
    await meeting()
    expect(await attempt(() => meeting({ kind: 'closing', held_at: '2026-11-24T07:59+09:00' }))).toBe('closing_meeting_follows_the_opening_one')
    const late = { written_at: '2026-11-24T12:00+09:00' }
    await meeting({ kind: 'closing', held_at: '2026-11-24T10:30+09:00', ...late })
    expect(await attempt(() => meeting({ held_at: '2026-11-24T11:00+09:00', ...late }))).toBe('closing_meeting_follows_the_opening_one')
    await sql`update applications set stage_since = '2026-11-24T12:30+09:00' where id = ${planned}` // opened again
    expect(await attempt(() => meeting({ held_at: '2026-11-24T13:00+09:00', written_at: '2026-11-24T13:00+09:00' }))).toBe('went through')
  })

  it('stays as it was written, and belongs to a visit', async () => {
    planned = await caseAt('visit_planned')
    await meeting()
    expect(await attempt(() => sql`update meetings set disagreements = ''`)).toBe('meetings_is_append_only')
    planned = await caseAt('correcting')
    expect(await attempt(() => meeting())).toBe('meeting_belongs_to_a_visit')
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C14, what the database promises about surveillance, whatever the application does: here each promise is attacked by plain SQL.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { awaiting, issued } = sealedFilesOn(theatre)
const { id: application, number } = await issued(), other = await awaiting()
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const [its, foreign] = await Promise.all([application, other].map(async id => String((await sql`select id from assignments where application_id = ${id} and part = 'assessor' and person_id = ${idOf('sato')}`)[0]?.id)))
const at = '2027-06-01T01:00:00Z'
await sql`insert into interest_declarations (id, assignment_id, application_id, person_id, employed, paid, advised, trained, family_tie, financial_tie, declared_at) values (${randomUUID()}, ${String(its)}, ${application}, ${idOf('sato')}, false, false, false, false, false, false, '2027-12-01')`

const visit = ({ id = randomUUID(), kind = 'announced', by = 'suzuki' as CastName, assignment = String(its), hour = at } = {}) =>
  `insert into surveillance_visits (id, certificate_id, kind, planned_on, assignment_id, planned_by, planned_at) values ('${id}', '${certificate}', '${kind}', '2027-06-10', '${assignment}', '${idOf(by)}', '${hour}')`
const outcome = (visitId: string, { by = 'sato' as CastName, day = `'2027-12-05'`, result = `'conforms'`, what = 'held', hour = '2027-12-05T01:00:00Z', summary = '見た' } = {}) =>
  `insert into surveillance_outcomes (id, visit_id, outcome, on_day, result, summary, recorded_by, recorded_at) values ('${randomUUID()}', '${visitId}', '${what}', ${day}, ${result}, '${summary}', '${idOf(by)}', '${hour}')`
const tie = (who: CastName) => `update employers set corporate_number = '7000000000001' where id = (select employer_id from applications where id = '${application}');
  insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values ('${randomUUID()}', '${idOf(who)}', '7000000000001', 'family_tie', '親族', '${idOf('suzuki')}', '${at}')`
const wish = (visitId: string, { by = 'yamada' as CastName, day = '2027-06-20', hour = '2027-06-02T01:00:00Z', reason = '納期' } = {}) => `insert into surveillance_wishes (id, visit_id, wished_on, reason, wished_by, wished_at) values ('${randomUUID()}', '${visitId}', '${day}', '${reason}', '${idOf(by)}', '${hour}')`
const holder = `update memberships set employer_id = (select employer_id from applications where id = '${application}') where person_id = '${idOf('yamada')}'`
const went = 'went through', one = randomUUID()
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw Object.assign(new Error(went), { constraint_name: went })
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name || error.message)

describe('surveillance', () => {
  it.each<[string, string[], string]>([
    ['goes through', [visit({ id: one }), outcome(one)], went],
    ['by an assessor of another case', [visit({ assignment: String(foreign) })], 'surveillance_goes_by_the_case'],
    ['by somebody who was taken off', [`update assignments set ended_at = '${at}' where id = '${its}'`, visit()], 'surveillance_goes_by_the_case'],
    ['of a kind nobody knows', [visit({ kind: 'secret' })], 'surveillance_kind_is_known'],
    ['twice of a kind', [visit(), visit()], 'one_open_surveillance_per_kind'],
    ['of either kind', [visit(), visit({ kind: 'unannounced' })], went],
    ['again after one was called off', [visit({ id: one }), outcome(one, { what: 'called_off', day: 'null', result: 'null', by: 'suzuki' }), visit()], went],
    ['held by somebody else', [visit({ id: one }), outcome(one, { by: 'lee' })], 'surveillance_is_recorded_by_who_went'],
    ['held by somebody whose declaration is a year old', [visit({ id: one }), outcome(one, { hour: '2028-12-02T01:00:00Z' })], 'surveillance_assessor_has_declared'],
    ['held tomorrow', [visit({ id: one }), outcome(one, { day: `'2027-12-06'` })], 'surveillance_was_held_in_its_term'],
    ['held before its day', [visit({ id: one }), outcome(one, { day: `'2026-11-23'` })], 'surveillance_is_held_on_its_day_or_later'],
    ['held without a result', [visit({ id: one }), outcome(one, { result: 'null' })], 'held_surveillance_has_day_and_result'],
    ['with a result though called off', [visit({ id: one }), outcome(one, { what: 'called_off', by: 'suzuki' })], 'held_surveillance_has_day_and_result'],
    ['without a word', [visit({ id: one }), outcome(one, { summary: ' ' })], 'surveillance_outcome_says_what'],
    ['recorded twice', [visit({ id: one }), outcome(one), outcome(one)], 'surveillance_has_one_outcome'],
    ['planned away afterwards', [visit({ id: one }), `update surveillance_visits set planned_on = '2027-07-01'`], 'surveillance_visits_is_append_only'],
    ['taken back', [visit({ id: one }), outcome(one), 'delete from surveillance_outcomes'], 'surveillance_outcomes_is_append_only'],
    ['emptied', ['truncate surveillance_outcomes'], 'surveillance_outcomes_is_append_only'],
    ['planned by somebody tied to the client', [tie('suzuki'), visit()], 'surveillance_planner_has_no_tie'],
    ['by somebody tied to the client', [tie('sato'), visit()], 'assignee_has_no_tie'],
    ['recorded by somebody whose tie came to light', [visit({ id: one }), tie('sato'), outcome(one)], 'surveillance_recorder_has_no_tie'],
    ['by whoever decided', [`insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values ('${one}', '${application}', '${idOf('tanaka')}', 'assessor', '${idOf('suzuki')}', '${at}')`, visit({ assignment: one })], 'decider_took_no_part'],
    ['on another day as the holder wishes', [holder, visit({ id: one }), wish(one)], went],
    ['on another day as somebody else wishes', [holder, visit({ id: one }), wish(one, { by: 'outsider' })], 'wish_is_the_holders'],
    ['without notice, and wished for', [holder, visit({ id: one, kind: 'unannounced' }), wish(one)], 'wish_is_about_an_announced_visit_ahead'],
    ['wished for on its very day', [holder, visit({ id: one }), wish(one, { hour: '2027-06-09T15:00:00Z' })], 'wish_is_about_an_announced_visit_ahead'],
    ['called off, and wished for', [holder, visit({ id: one }), outcome(one, { what: 'called_off', day: 'null', result: 'null', by: 'suzuki', hour: '2027-06-01T02:00:00Z' }), wish(one)], 'wish_is_about_an_announced_visit_ahead'],
    ['wished for on the day planned', [holder, visit({ id: one }), wish(one, { day: '2027-06-10' })], 'wish_is_another_day_ahead'],
    ['wished for in the past', [holder, visit({ id: one }), wish(one, { day: '2027-06-02' })], 'wish_is_another_day_ahead'],
    ['wished for without a reason', [holder, visit({ id: one }), wish(one, { reason: ' ' })], 'wish_gives_a_reason'],
    ['wished for twice', [holder, visit({ id: one }), wish(one), wish(one)], 'another_day_is_asked_for_once'],
    ['wished away', [holder, visit({ id: one }), wish(one), 'delete from surveillance_wishes'], 'surveillance_wishes_is_append_only'],
  ])('%s', async (_, statements, expected) => expect(await attempt(...statements)).toContain(expected))

  it('counts as a part: whoever goes does not decide about the standing', async () => {
    expect((await sql`select parts_taken(${application}, ${idOf('sato')}) as parts`)[0]?.parts).toContain('desk_reviewer')
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { benchOn } from '../support/bench.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What the database promises about findings, whatever the application does: here each promise is attacked.
const theatre = await stage()
const { clock, idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { awaiting, issued } = sealedFilesOn(theatre)
const now = clock.now.getTime(), at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const went = 'went through'
// Rolled back when it goes through, so that one attempt does not spoil the next.
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

type Made = { id?: string; of: string; grade?: string; when?: number; supersedes?: string | null; escalation?: string | null; repeats?: string | null; criterion?: string }
const finding = ({ id = randomUUID(), of, grade = 'zero_tolerance', when = 1, supersedes = null, escalation = null, repeats = null, criterion = 'RE-04.1' }: Made) =>
  `insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by, raised_at, supersedes, escalation, repeats) values ('${id}', '${of}', '${criterion}', '1', '${grade}', 's', '${idOf('sato')}', '${at(when)}', ${supersedes ? `'${supersedes}'` : 'null'}, ${escalation ? `'${escalation}'` : 'null'}, ${repeats ? `'${repeats}'` : 'null'})`
const response = (of: string, id: string, when = 2) => `insert into finding_responses (id, finding_id, cause, correction, corrective_action, done, responded_by, responded_at) values ('${id}', '${of}', 'c', 'c', 'c', 'done', '${idOf('yamada')}', '${at(when)}')`
const review = (of: string, answer: string, id: string, outcome = 'verified', when = 3) => `insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by, reviewed_at) values ('${id}', '${of}', '${answer}', '${outcome}', '${idOf('sato')}', '${at(when)}')`
const closure = (of: string, word: string, by: CastName, { outcome = 'closed', reasons = 'r', when = 4 } = {}) => `insert into finding_closures (id, finding_id, review_id, outcome, reasons, closed_by, closed_at) values ('${randomUUID()}', '${of}', '${word}', '${outcome}', '${reasons}', '${idOf(by)}', '${at(when)}')`
const signed = (of: string, word: string, by: CastName, when = 4) => closure(of, word, by, { outcome: 'signed', when })
const step = (of: string, name: string, by: CastName, when = 2) => `insert into finding_steps (id, finding_id, step, words, taken_by, taken_at) values ('${randomUUID()}', '${of}', '${name}', 'w', '${idOf(by)}', '${at(when)}')`
const tick = (of: string, name: string, { due = 1, when = 2 } = {}) => `insert into finding_clock (id, finding_id, duty, step, due, at) values ('${randomUUID()}', '${of}', 'evidence', '${name}', '${at(due)}', '${at(when)}')`

const open = await caseAt('correcting')
const [f, a, v, major] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
const told = [finding({ id: f, of: open }), response(f, a), review(f, a, v)], both = [...told, signed(f, v, 'kobayashi')]

describe('two who decide close a zero-tolerance finding', () => {
  it.each([
    ['a decision maker alone', [closure(f, v, 'tanaka')], 'zero_tolerance_is_closed_by_two_deciders'],
    ['one who signed first, and the same', [signed(f, v, 'tanaka'), closure(f, v, 'tanaka')], 'zero_tolerance_is_closed_by_two_deciders'],
    ['one signing twice', [signed(f, v, 'tanaka'), signed(f, v, 'tanaka')], 'closing_is_signed_once'],
    ['one who signed for an older verification', [signed(f, v, 'kobayashi'), closure(f, v, 'tanaka', { outcome: 'returned' }), response(f, randomUUID(), 5), `insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by, reviewed_at) select '${major}', '${f}', id, 'verified', '${idOf('sato')}', '${at(6)}' from finding_responses where finding_id = '${f}' and id <> '${a}'`, closure(f, major, 'tanaka', { when: 7 })], 'zero_tolerance_is_closed_by_two_deciders'],
    ['one who signed and is tied since', [signed(f, v, 'kobayashi'), `insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values ('${randomUUID()}', '${idOf('kobayashi')}', '4012301000013', 'family_tie', 's', '${idOf('kobayashi')}')`, closure(f, v, 'tanaka')], 'zero_tolerance_is_closed_by_two_deciders'],
    ['two of them', [signed(f, v, 'kobayashi'), closure(f, v, 'tanaka')], went],
    ['the assessor who verified and one of them', [signed(f, v, 'sato')], 'zero_tolerance_is_closed_by_two'],
    ['one returns alone', [closure(f, v, 'tanaka', { outcome: 'returned' })], went],
    ['a signature after the word', [closure(f, v, 'tanaka', { outcome: 'returned' }), signed(f, v, 'kobayashi', 5)], 'verification_is_answered_once'],
    ['who verified it', [closure(f, v, 'sato')], 'zero_tolerance_is_closed_by_two'],
    ['another assessor', [closure(f, v, 'lee')], 'zero_tolerance_is_closed_by_two'],
    ['the secretariat', [closure(f, v, 'suzuki')], 'zero_tolerance_is_closed_by_two'],
    ['the client', [closure(f, v, 'yamada')], 'zero_tolerance_is_closed_by_two'],
    ['a decision maker who advised in the case', [`insert into assignments (id, application_id, person_id, part, assigned_by) values ('${randomUUID()}', '${open}', '${idOf('tanaka')}', 'adviser', '${idOf('suzuki')}')`, closure(f, v, 'tanaka')], 'zero_tolerance_is_closed_by_two'],
    ['a decision maker with a tie', [`insert into memberships (employer_id, person_id) select employer_id, '${idOf('tanaka')}' from applications where id = '${open}'`, closure(f, v, 'tanaka')], 'zero_tolerance_is_closed_by_two'],
    ['the same again', [signed(f, v, 'kobayashi'), closure(f, v, 'tanaka'), closure(f, v, 'kobayashi')], 'verification_is_answered_once'],
    ['without reasons', [signed(f, v, 'kobayashi'), closure(f, v, 'tanaka', { reasons: ' ' })], 'closure_gives_reasons'],
    ['with another word', [closure(f, v, 'tanaka', { outcome: 'perhaps' })], 'closure_is_known'],
    ['before it was verified', [closure(f, v, 'tanaka', { when: 2 })], 'closing_follows_verification'],
    ['after a newer word against it', [review(f, a, randomUUID(), 'not_verified', 5), closure(f, v, 'tanaka', { when: 6 })], 'closing_follows_verification'],
    ['on an older answer', [response(f, randomUUID(), 5), closure(f, v, 'tanaka', { when: 6 })], 'closing_follows_verification'],
    ['after it was replaced', [finding({ of: open, supersedes: f, when: 5 }), closure(f, v, 'tanaka', { when: 6 })], 'closing_follows_verification'],
  ] as [string, string[], string][])('%s', async (_, statements, promise) => expect(await attempt(...told, ...statements)).toBe(promise))

  it('a closing is kept as it is', async () => {
    const kept = [...both, closure(f, v, 'tanaka')]
    expect([await attempt(...kept, `update finding_closures set reasons = 'x'`), await attempt(...kept, 'delete from finding_closures'), await attempt('truncate finding_closures')])
      .toEqual(Array(3).fill('finding_closures_is_append_only'))
  })

  it('who signed or closed it joins the case no more', async () =>
    expect(await attempt(...told, signed(f, v, 'tanaka'), `insert into assignments (id, application_id, person_id, part, assigned_by) values ('${randomUUID()}', '${open}', '${idOf('tanaka')}', 'adviser', '${idOf('suzuki')}')`)).toBe('decider_took_no_part'))

  it('who closed it handles no appeal in the case', async () => {
    const appealed = randomUUID()
    const appeal = [finding({ id: major, of: open, grade: 'major', when: 0 }), `insert into appeals (id, application_id, finding_id, grounds, filed_by, filed_at) values ('${appealed}', '${open}', '${major}', 'g', '${idOf('yamada')}', '${at(5)}')`]
    const handed = (by: CastName) => `insert into appeal_assignments (id, appeal_id, person_id, assigned_by) values ('${randomUUID()}', '${appealed}', '${idOf(by)}', '${idOf('suzuki')}')`
    expect([await attempt(...both, closure(f, v, 'tanaka'), ...appeal, handed('tanaka')), await attempt(...both, ...appeal, handed('kobayashi')), await attempt(...told, signed(f, v, 'tanaka'), ...appeal, handed('kobayashi'))]).toEqual(['appeal_handler_took_no_part', 'appeal_handler_took_no_part', went])
  })

  it('nobody certifies while one is open, or verified by one person only', async () => {
    const id = await awaiting()
    const certify = `insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values ('${randomUUID()}', '${id}', 'certify', 'r', '', '${idOf('tanaka')}')`
    const early = ['alter table findings disable trigger findings_are_sealed', 'alter table finding_responses disable trigger finding_responses_are_sealed', 'alter table finding_reviews disable trigger finding_reviews_are_sealed', 'alter table finding_closures disable trigger finding_closures_are_sealed']
    const one = [finding({ id: f, of: id }), response(f, a), review(f, a, v)]
    expect([await attempt(...early, finding({ id: f, of: id }), certify), await attempt(...early, ...one, certify), await attempt(...early, ...one, closure(f, v, 'kobayashi', { outcome: 'returned' }), certify), await attempt(...early, ...one, signed(f, v, 'kobayashi'), certify), await attempt(...early, ...one, signed(f, v, 'tanaka'), closure(f, v, 'kobayashi'), certify)])
      .toEqual([...Array(4).fill('no_certificate_with_open_zero_tolerance'), 'decision_binds_its_dossier']) // closed by two, the next promise speaks: this decision names no dossier
  })
})

describe('what zero tolerance asks for', () => {
  it.each([
    ['the alert, by the secretariat', [step(f, 'alert', 'suzuki')], went], ['the plan, by the client', [step(f, 'protection_plan', 'yamada')], went],
    ['the alert by the client', [step(f, 'alert', 'yamada')], 'finding_step_is_taken_by_whom_it_is_asked'], ['the alert by an assessor', [step(f, 'alert', 'sato')], 'finding_step_is_taken_by_whom_it_is_asked'],
    ['the plan by the secretariat', [step(f, 'protection_plan', 'suzuki')], 'finding_step_is_taken_by_whom_it_is_asked'], ['the plan by another employer', [step(f, 'protection_plan', 'outsider')], 'finding_step_is_taken_by_whom_it_is_asked'],
    ['twice', [step(f, 'containment', 'yamada'), step(f, 'containment', 'yamada')], 'finding_step_is_taken_once'], ['before it was raised', [step(f, 'containment', 'yamada', 0)], 'finding_step_is_asked_for'],
    ['of a major', [finding({ id: major, of: open, grade: 'major' }), step(major, 'containment', 'yamada')], 'finding_step_is_asked_for'], ['something else', [step(f, 'apology', 'yamada')], 'finding_step_is_known'],
    ['changed', [step(f, 'alert', 'suzuki'), `update finding_steps set words = 'x'`], 'finding_steps_is_append_only'],
  ] as [string, string[], string][])('%s', async (_, statements, promise) => expect(await attempt(finding({ id: f, of: open }), ...statements)).toBe(promise))
})

describe('the effect', () => {
  const judged = (id: string, when = 9) => review(id, a, randomUUID(), 'effective', when)
  it.each([
    ['of a verified major', [finding({ id: major, of: open, grade: 'major' }), response(major, a), review(major, a, v), judged(major)], went],
    ['of what nobody verified', [finding({ id: major, of: open, grade: 'major' }), response(major, a), judged(major)], 'effect_follows_verification'],
    ['of what was not verified', [finding({ id: major, of: open, grade: 'major' }), response(major, a), review(major, a, v, 'not_verified'), judged(major)], 'effect_follows_verification'],
    ['twice', [finding({ id: major, of: open, grade: 'major' }), response(major, a), review(major, a, v), judged(major), judged(major, 10)], 'effect_follows_verification'],
    ['of zero tolerance that one person verified', [...told, judged(f)], 'effect_follows_verification'],
    ['of zero tolerance that two closed', [...both, closure(f, v, 'tanaka'), judged(f)], went],
  ] as [string, string[], string][])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))
})

describe('by rule', () => {
  it.each([
    ['a grade rises only in the place of another', [finding({ id: major, of: open, grade: 'minor' }), finding({ of: open, grade: 'major', supersedes: major, escalation: 'aged', when: 2 })], went],
    ['and not by itself', [finding({ of: open, grade: 'major', escalation: 'aged' })], 'escalation_is_known'],
    ['nor by a rule that nobody knows', [finding({ id: major, of: open, grade: 'minor' }), finding({ of: open, grade: 'major', supersedes: major, escalation: 'mood', when: 2 })], 'escalation_is_known'],
    ['a finding repeats no finding that is not there', [finding({ of: open, repeats: randomUUID() })], 'finding_repeats_a_finding'],
  ] as [string, string[], string][])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))
})

describe('after the decision', () => {
  it('a finding of surveillance is added, dated after it; nothing is dated before it or taken away', async () => {
    const { id } = await issued()
    const later = finding({ id: f, of: id, grade: 'minor', when: 1 })
    expect([await attempt(later), await attempt(later, response(f, a), review(f, a, v, 'plan_returned')), await attempt(finding({ of: id, when: -1 })), await attempt(finding({ of: id, when: 0 })), await attempt(later, response(f, a, -1)), await attempt(later, response(f, a), review(f, a, v, 'verified', -1))])
      .toEqual([went, went, 'findings_are_sealed', 'findings_are_sealed', 'finding_responses_are_sealed', 'finding_reviews_are_sealed'])
  })
})

describe('the clock', () => {
  const due = [finding({ id: major, of: open, grade: 'major', when: 0 })]
  const appeal = `insert into appeals (id, application_id, finding_id, grounds, filed_by, filed_at) values ('${randomUUID()}', '${open}', '${major}', 'g', '${idOf('yamada')}', '${at(1)}')`
  it.each([
    ['warns after the date', [tick(major, 'warned')], went], ['not before', [tick(major, 'warned', { due: 3 })], 'clock_acts_when_due'], ['once', [tick(major, 'warned'), tick(major, 'warned')], 'clock_acts_once'],
    ['and suspends after the warning', [tick(major, 'warned'), tick(major, 'suspended')], went], ['not without it', [tick(major, 'suspended')], 'clock_acts_when_due'],
    ['not while an appeal is open', [appeal, tick(major, 'warned')], 'clock_acts_when_due'], ['knows two steps', [tick(major, 'withdrawn')], 'clock_step_is_known'],
    ['forgets nothing', [tick(major, 'warned'), 'delete from finding_clock'], 'finding_clock_is_append_only'],
  ] as [string, string[], string][])('%s', async (_, statements, promise) => expect(await attempt(...due, ...statements)).toBe(promise))
})

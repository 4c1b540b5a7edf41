import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readEntry } from '../../server/proof/entry.ts'
import type { CastName } from '../../scripts/seed.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C18, what the database promises about appeals, whatever the application does: here each promise is attacked.
const theatre = await stage()
const { as, idOf, world: { database: { sql } } } = theatre
const { awaiting, decisionOn, issued, employerOf } = sealedFilesOn(theatre)
const application = await awaiting({ employerId: await employerOf('yamada') })
await as('tanaka').post(`/applications/${application}/decision`, await decisionOn(application, 'refuse'))
const { id: certified, number } = await issued()
await sql`insert into memberships (person_id, employer_id) select ${idOf('minato')}, employer_id from applications where id = ${certified}`
const refusal = String((await sql`select id from decisions where application_id = ${application}`)[0]?.id)
const certifying = String((await sql`select id from decisions where application_id = ${certified}`)[0]?.id)
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
const at = '2026-11-24T01:00:00Z', last_second = '2026-12-24T14:59:59Z'

type Filed = { id?: string; of?: string; decision?: string | null; standing?: string | null; finding?: string | null; grounds?: string; by?: CastName; hour?: string }
const quoted = (value: string | null) => (value === null ? 'null' : `'${value}'`)
const appeal = ({ id = randomUUID(), of = application, decision = refusal, standing = null, finding = null, grounds = '記録を見直してほしい。', by = 'yamada', hour = at }: Filed = {}) =>
  `insert into appeals (id, application_id, decision_id, standing_decision_id, finding_id, grounds, filed_by, filed_at) values ('${id}', '${of}', ${quoted(decision)}, ${quoted(standing)}, ${quoted(finding)}, '${grounds}', '${idOf(by)}', '${hour}')`
const handler = (id: string, who: CastName) => `insert into appeal_assignments (id, appeal_id, person_id, assigned_by, assigned_at) values ('${randomUUID()}', '${id}', '${idOf(who)}', '${idOf('suzuki')}', '${at}')`
const answer = (id: string, who: CastName, { outcome = 'rejected', reasons = '理由', grade = null as string | null, hour = last_second } = {}) =>
  `insert into appeal_decisions (id, appeal_id, outcome, reasons, new_grade, decided_by, decided_at) values ('${randomUUID()}', '${id}', '${outcome}', '${reasons}', ${quoted(grade)}, '${idOf(who)}', '${hour}')`
const stageTo = (stage: string, of = application) => `update applications set stage = '${stage}' where id = '${of}'`
const decide = (who: CastName, outcome = 'certify') => `insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by, decided_at) values ('${randomUUID()}', '${application}', '${outcome}', '理由', (select sha256 from dossiers where application_id = '${application}'), '${idOf(who)}', '${last_second}')`
// a first certificate is signed by two: the first of them here
const sign = (who: CastName) => `insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by, signed_at) values ('${randomUUID()}', '${application}', (select sha256 from dossiers where application_id = '${application}'), '理由', '${idOf(who)}', '${last_second}')`
const adviser = (who: CastName, of = application) => `insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values ('${randomUUID()}', '${of}', '${idOf(who)}', 'adviser', '${idOf('suzuki')}', now())`
const standing = (change: string, who: CastName, key: string) => `insert into standing_decisions (id, certificate_id, change, reason_class, reasons, until, decided_by, decided_at) values ('${key}', '${certificate}', '${change}', 'other', '理由', ${change === 'suspended' ? `'2027-01-01'` : 'null'}, '${idOf(who)}', '${at}');
  insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, standing_decision_id, at) values ('${randomUUID()}', '${certificate}', '${change}', '2026-11-24', 'other', 'decision_maker', '${key}', '${at}')`

const tied = (who: CastName) => `insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) select '${randomUUID()}', '${idOf(who)}', e.corporate_number, 'family_tie', '親族', '${idOf(who)}', '2026-01-01' from employers e join applications a on a.employer_id = e.id where a.id = '${application}'`
const went = 'went through'
// Rolled back when it goes through; what is only asked at the commit is asked before.
const attempt = (statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  await tx.unsafe('set constraints all immediate')
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const id = randomUUID(), key = randomUUID(), lifting = randomUUID()
const filed = [appeal({ id })], handled = [...filed, handler(id, 'kobayashi')], upheld = [...handled, answer(id, 'kobayashi', { outcome: 'upheld' })], reopened = [...upheld, stageTo('awaiting_decision')]

describe('an appeal', () => {
  it.each([
    ['by the client on the day', [appeal()], went],
    ['in the last second of day 30 in Japan', [appeal({ hour: last_second })], went],
    ['a second later', [appeal({ hour: '2026-12-24T15:00:00Z' })], 'appeal_is_in_time'],
    ['before the decision', [appeal({ hour: '2026-11-24T00:59:59Z' })], 'appeal_is_in_time'],
    ['by another employer', [appeal({ by: 'outsider' })], 'appeal_is_the_clients'],
    ['by the secretariat', [appeal({ by: 'suzuki' })], 'appeal_is_the_clients'],
    ['against a decision to certify', [appeal({ of: certified, decision: certifying, by: 'minato' })], 'appeal_is_against_its_case'],
    ['against the decision of another case', [appeal({ decision: certifying })], 'appeal_is_against_its_case'],
    ['against nothing', [appeal({ decision: null })], 'appeal_is_against_its_case'],
    ['without grounds', [appeal({ grounds: ' ' })], 'appeal_gives_grounds'],
    ['twice', [appeal(), appeal()], 'one_appeal_per_decision'],
    ['changed later', [...filed, `update appeals set grounds = 'x'`], 'appeals_is_append_only'],
    ['taken back by deleting', [...filed, 'delete from appeals'], 'appeals_is_append_only'],
  ])('%s: %#', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it('against two things at once is none', async () => expect(await attempt([standing('suspended', 'tanaka', key), appeal({ of: certified, standing: key, by: 'minato', decision: certifying })])).toBe('appeal_is_against_its_case'))

  it('against a suspension by the clock is one, against another event of the certificate none', async () => {
    const event = (name: string, actor: string) => `insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, at) values ('${key}', '${certificate}', '${name}', '2026-11-24', 'overdue', '${actor}', '${at}')`
    const against = appeal({ of: certified, decision: null, by: 'minato' }).replace('finding_id,', 'finding_id, certificate_event_id,').replace('null, null, null,', `null, null, null, '${key}',`)
    expect([await attempt([event('suspended', 'clock'), against]), await attempt([event('reinstated', 'clock'), against]), await attempt([event('suspended', 'operator'), against])]).toEqual([went, 'appeal_is_against_its_case', 'appeal_is_against_its_case'])
  })

  it('against a reinstatement is none, against a suspension one', async () => expect([
    await attempt([standing('suspended', 'tanaka', randomUUID()), standing('reinstated', 'tanaka', key), appeal({ of: certified, decision: null, standing: key, by: 'minato' })]),
    await attempt([standing('suspended', 'tanaka', key), appeal({ of: certified, decision: null, standing: key, by: 'minato' })]),
  ]).toEqual(['appeal_is_against_its_case', went]))

  it('leaves stage and standing as they are, and is a line of the log that names nobody', async () => {
    await sql.begin(async tx => {
      await tx.unsafe(appeal({ id }))
      const [{ stage, body, found } = {}] = await tx`select x.stage, l.body, name_in_log(a.log_salt, a.id) as found from appeals a join applications x on x.id = a.application_id join log_entries l on l.seq = a.log_seq where a.id = ${id}`
      const line = readEntry(String(body))
      expect([stage, line]).toEqual(['refused', { v: 1, seq: line?.seq, t: '2026-11-24T01:00:00.000Z', on: '2026-11-24', by: 'applicant', type: 'appeal_filed', case: found }])
      throw new Error(went)
    }).catch((error: Error) => { if (error.message !== went) throw error })
  })
})

describe('who handles an appeal', () => {
  it.each<[string, CastName, string[], string]>([
    ['nobody who had a hand in it: Kobayashi', 'kobayashi', [], went],
    ['the decider', 'tanaka', [], 'appeal_handler_took_no_part'],
    ['the assessor', 'sato', [], 'appeal_handler_took_no_part'],
    ['the client', 'yamada', [], 'appeal_handler_took_no_part'],
    ['an interpreter', 'lee', [adviser('lee').replace('adviser', 'interpreter')], 'appeal_handler_took_no_part'],
    ['an adviser', 'lee', [adviser('lee')], 'appeal_handler_took_no_part'],
    ['a seller', 'lee', [adviser('lee').replace('adviser', 'seller')], 'appeal_handler_took_no_part'],
  ])('%s', async (_, who, before, promise) => expect(await attempt([...before, ...filed, handler(id, who)])).toBe(promise))

  it('nobody who told of a tie to the client, when it is given to them and when they answer; nor is it given by such a one', async () => {
    const number = `update employers set corporate_number = '7000000000002' where id = (select employer_id from applications where id = '${application}')`
    expect([await attempt([number, ...filed, tied('kobayashi'), handler(id, 'kobayashi')]), await attempt([number, ...handled, tied('kobayashi'), answer(id, 'kobayashi')]), await attempt([number, ...filed, tied('suzuki'), handler(id, 'kobayashi')]), await attempt([number, ...handled, answer(id, 'kobayashi')])])
      .toEqual(['appeal_handler_has_no_tie', 'appeal_handler_has_no_tie', 'assigner_has_no_tie', went])
  })

  it('nobody who advised this client within 24 months in another of its cases, or decided its standing', async () => {
    const suspension = [standing('suspended', 'kobayashi', key), appeal({ id, of: certified, decision: null, standing: key, by: 'minato' })]
    const other = `insert into applications (id, employer_id, standard_id, cycle, opened_by) select '${certificate}', employer_id, standard_id, 2, opened_by from applications where id = '${certified}'`
    expect([
      await attempt([...suspension, handler(id, 'lee')]), await attempt([...suspension, handler(id, 'kobayashi')]), await attempt([...suspension, handler(id, 'tanaka')]),
      await attempt([...suspension, other, adviser('lee', certificate), handler(id, 'lee')]),
    ]).toEqual([went, 'appeal_handler_took_no_part', 'appeal_handler_took_no_part', 'appeal_handler_took_no_part'])
  })

  it.each([
    ['by somebody else', [...handled, answer(id, 'lee')], 'appeal_is_decided_by_its_handler'],
    ['before it was handed over', [...filed, answer(id, 'kobayashi')], 'appeal_is_decided_by_its_handler'],
    ['by one it was taken from', [...handled, handler(id, 'lee').replace(at, last_second), answer(id, 'kobayashi')], 'appeal_is_decided_by_its_handler'],
    ['before it was filed', [...handled, answer(id, 'kobayashi', { hour: '2026-11-23T00:00:00Z' })], 'appeal_is_decided_by_its_handler'],
    ['twice', [...handled, answer(id, 'kobayashi'), answer(id, 'kobayashi')], 'appeal_is_decided_once'],
    ['and handed on afterwards', [...handled, answer(id, 'kobayashi'), handler(id, 'lee')], 'appeal_is_decided_once'],
    ['without reasons', [...handled, answer(id, 'kobayashi', { reasons: ' ' })], 'appeal_decision_gives_reasons'],
    ['otherwise than yes or no', [...handled, answer(id, 'kobayashi', { outcome: 'perhaps' })], 'appeal_outcome_is_known'],
    ['by a grade where there is none', [...handled, answer(id, 'kobayashi', { outcome: 'upheld', grade: 'minor' })], 'appealed_grade_only_falls'],
    ['rejected', [...handled, answer(id, 'kobayashi')], went],
    ['rewritten', [...handled, answer(id, 'kobayashi'), `update appeal_decisions set outcome = 'upheld'`], 'appeal_decisions_is_append_only'],
    ['by one who joins the case then', [...handled, adviser('kobayashi')], 'appeal_handler_took_no_part'],
  ])('it is decided %s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))
})

describe('a refused case', () => {
  it.each([
    ['opens by nobody’s word', [stageTo('awaiting_decision')], 'only_an_appeal_reopens'],
    ['opens by an appeal that waits', [...handled, stageTo('awaiting_decision')], 'only_an_appeal_reopens'],
    ['opens by an appeal that was rejected', [...handled, answer(id, 'kobayashi'), stageTo('awaiting_decision')], 'only_an_appeal_reopens'],
    ['opens by one that was upheld', reopened, went],
    ['does not stay refused then', upheld, 'upheld_appeal_takes_effect'],
    ['becomes certified by the appeal alone', [...upheld, stageTo('certified')], 'reopened_case_is_decided_anew'],
    ['is refused again without a new decision', [...reopened, stageTo('refused')], 'reopened_case_is_decided_anew'],
    ['is decided again by who refused', [...reopened, decide('tanaka')], 'decider_took_no_part'],
    ['is decided by who handled the appeal', [...reopened, decide('kobayashi')], 'decider_took_no_part'],
    ['is signed by who refused', [...reopened, sign('tanaka')], 'decider_took_no_part'],
    ['is signed by who handled the appeal', [...reopened, sign('kobayashi')], 'decider_took_no_part'],
    ['is certified anew by one alone', [...reopened, decide('lee')], 'two_deciders_sign'],
    ['is decided anew by others', [...reopened, sign('hoshi'), decide('lee'), stageTo('certified')], went],
    ['is refused anew by others', [...reopened, decide('lee', 'refuse'), stageTo('refused')], went],
    ['is decided anew once', [...reopened, sign('hoshi'), decide('lee'), decide('lee')], 'one_decision_per_application'],
  ])('%s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it('keeps both decisions, the new one with its appeal whatever was said', async () => {
    await sql.begin(async tx => {
      for (const statement of [...reopened, sign('hoshi'), decide('lee')]) await tx.unsafe(statement)
      expect(await tx`select outcome, appeal_id from decisions where application_id = ${application} order by decided_at`).toEqual([{ outcome: 'refuse', appeal_id: null }, { outcome: 'certify', appeal_id: id }])
      throw new Error(went)
    }).catch((error: Error) => { if (error.message !== went) throw error })
  })
})

describe('a withdrawal', () => {
  const withdrawn = [standing('withdrawn', 'tanaka', key), appeal({ id, of: certified, decision: null, standing: key, by: 'minato' }), handler(id, 'kobayashi')]
  const overturned = [...withdrawn, answer(id, 'kobayashi', { outcome: 'upheld' })]
  it.each([
    ['by nobody’s word', [standing('withdrawn', 'tanaka', key), standing('reinstated', 'lee', lifting)], 'nothing_follows_an_end'],
    ['while the appeal waits', [...withdrawn, standing('reinstated', 'kobayashi', lifting)], 'nothing_follows_an_end'],
    ['when the appeal was rejected', [...withdrawn, answer(id, 'kobayashi'), standing('reinstated', 'kobayashi', lifting)], 'nothing_follows_an_end'],
    ['by somebody else than who upheld it', [...overturned, standing('reinstated', 'lee', lifting)], 'nothing_follows_an_end'],
    ['by something else than a reinstatement', [...overturned, standing('suspended', 'kobayashi', lifting)], 'nothing_follows_an_end'],
    ['by who upheld the appeal', [...overturned, standing('reinstated', 'kobayashi', lifting)], went],
    ['by an appeal against an earlier one', [...overturned, standing('reinstated', 'kobayashi', lifting), standing('withdrawn', 'tanaka', randomUUID()), standing('reinstated', 'kobayashi', randomUUID())], 'nothing_follows_an_end'],
  ])('is lifted %s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))
})

describe('a grade', () => {
  it('falls by an appeal, and never rises', async () => {
    const open = await awaiting(), finding = randomUUID()
    await sql.unsafe(`insert into memberships (person_id, employer_id) select '${idOf('hoshi')}', employer_id from applications where id = '${open}'`)
    await asIfEarlier(sql, 'findings', () => sql.unsafe(`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by, raised_at) values ('${finding}', '${open}', 'RE-05.1', '1', 'major', '残業', '${idOf('sato')}', '${at}')`))
    const graded = (grade: string | null, outcome = 'upheld') => [`alter table applications disable trigger user`, stageTo('correcting', open), `alter table applications enable always trigger stage_follows_lifecycle`,
      appeal({ id, of: open, decision: null, finding, by: 'hoshi' }), handler(id, 'kobayashi'), answer(id, 'kobayashi', { outcome, grade })]
    expect([await attempt(graded('minor')), await attempt(graded('observation')), await attempt(graded('major')), await attempt(graded('zero_tolerance')), await attempt(graded('collaborative')), await attempt(graded(null)), await attempt(graded('minor', 'rejected')), await attempt(graded(null, 'rejected'))])
      .toEqual([went, went, 'appealed_grade_only_falls', 'appealed_grade_only_falls', 'appealed_grade_only_falls', 'appealed_grade_only_falls', 'appealed_grade_only_falls', went])
    expect(await attempt([appeal({ id, of: open, decision: null, finding, by: 'hoshi' })])).toBe('appeal_is_against_its_case') // the file is sealed
  })
})

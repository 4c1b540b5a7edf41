import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to change what a decision rests on. Every attempt names the promise that stopped it.
const theatre = await stage()
const { world, idOf, as } = theatre
const { sql } = world.database
const { awaiting, decisionOn, anotherEmployer } = sealedFilesOn(theatre)
const { caseAt } = benchOn(theatre)
const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const document = async (application: string, purpose = 'evidence') => (await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, uploaded_by)
  select ${randomUUID()}, employer_id, id, ${purpose}, ${randomUUID()}, 'x.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', ${idOf('yamada')} from applications where id = ${application} returning id`)[0]?.id as string
const finding = async (application: string, supersedes: string | null = null, id: string = randomUUID(), criterion = 'RE-01.1') =>
  (await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by, supersedes) values (${id}, ${application}, ${criterion}, '1', 'major', 's', ${idOf('sato')}, ${supersedes}) returning id`)[0]?.id as string
const response = async (to: string) => (await sql`insert into finding_responses (id, finding_id, cause, correction, corrective_action, done, responded_by) values (${randomUUID()}, ${to}, 'c', 'c', 'c', 'done', ${idOf('yamada')}) returning id`)[0]?.id as string

describe('what was submitted stands still', () => {
  let id = ''
  beforeAll(async () => { id = await caseAt('desk_review') })

  it.each([["scope = jsonb_set(scope, '{foreignWorkers}', '0')", 'submission_is_kept'], ["submitted_at = now() - interval '1 year'", 'submission_is_kept'], ['scope = null', 'submission_is_kept'],
    ["standard_id = 're-9.9.9'", 'application_is_kept'], ['cycle = 2', 'application_is_kept'], [`opened_by = '${randomUUID()}'`, 'application_is_kept'],
    ['employer_id = (select id from employers where id <> employer_id limit 1)', 'application_is_kept']])('set %s: %s', async (change, promise) =>
    expect(await attempt(() => sql.unsafe(`update applications set ${change} where id = '${id}'`))).toBe(promise))

  it('no application is removed', async () => expect(await attempt(() => sql`delete from applications where id = ${id}`)).toBe('application_is_kept'))

  it.each(["update answers set answer = 'no'", 'delete from answers', "insert into answers (application_id, criterion, answer, answered_by) select application_id, 'RE-99.9', 'yes', answered_by from answers limit 1"])(
    'no answer changes behind an assessor: %s', async statement => expect(await attempt(() => sql.unsafe(statement))).toBe('answers_are_sealed'))

  it('no evidence comes or goes behind an assessor', async () => {
    const late = await document(id)
    expect(await attempt(() => sql`insert into document_criteria (document_id, application_id, criterion, attached_by) values (${late}, ${id}, 'RE-01.1', ${idOf('yamada')})`)).toBe('document_criteria_are_sealed')
  })
})

describe('a case before the decider is sealed', () => {
  let before = '', after = ''
  beforeAll(async () => {
    before = await awaiting()
    after = await awaiting({ employerId: await anotherEmployer('決まった会社') })
    expect((await as('tanaka').post(`/applications/${after}/decision`, await decisionOn(after))).status).toBe(201)
  })

  const writes: [what: string, sql: (id: string) => string, promise: string][] = [
    ['a rating is changed', id => `update ratings set rating = 'major' where application_id = '${id}'`, 'ratings_are_sealed'],
    ['a rating is removed', id => `delete from ratings where application_id = '${id}'`, 'ratings_are_sealed'],
    ['the fee answer is changed', id => `update visits set fees = 'undisclosed_or_unplanned' where application_id = '${id}'`, 'visits_are_sealed'],
    ['an interview is added', id => `insert into interviews (id, application_id, code, form, people, language, minutes, held_on, written_by) values ('${randomUUID()}', '${id}', 'Z-99', 'single', 1, 'vi', 9, '2026-11-20', '${idOf('sato')}')`, 'interviews_are_sealed'],
    ['a note is added', id => `insert into visit_notes (id, application_id, criterion, note, written_by) values ('${randomUUID()}', '${id}', 'RE-01.1', 'x', '${idOf('sato')}')`, 'visit_notes_are_sealed'],
    ['a finding is added', id => `insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values ('${randomUUID()}', '${id}', 'RE-01.1', '1', 'minor', 's', '${idOf('sato')}')`, 'findings_are_sealed'],
    ['a question is added', id => `insert into clarifications (id, application_id, criterion, question, asked_by) values ('${randomUUID()}', '${id}', 'RE-01.1', '?', '${idOf('sato')}')`, 'clarifications_are_sealed'],
  ]
  it.each(writes)('%s: not any more', async (_, write, promise) => {
    for (const id of promise === 'findings_are_sealed' ? [before] : [before, after]) expect(await attempt(() => sql.unsafe(write(id)))).toBe(promise) // findings of surveillance: test/database/findings.test.ts
  })

  it.each(['draft', 'correcting', 'awaiting_decision', 'refused', 'withdrawn'])('an ended case does not go back to %s', async to =>
    expect(await attempt(() => sql`update applications set stage = ${to} where id = ${after}`)).toBe('stage_follows_lifecycle'))

  it('no decision comes before it is due', async () => {
    const early = await caseAt('correcting')
    const decide = () => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${early}, 'certify', 'because', 'abc', ${idOf('tanaka')})`
    expect(await attempt(decide)).toBe('decision_comes_when_due')
  })

  it.each(['issued_on = issued_on - 30', "expires_on = expires_on + 3000", 'status_index = 1', 'employer_id = (select id from employers limit 1)', 'serial = 999', 'year = 2020'])('a reserved certificate keeps itself: %s', async change =>
    expect(await attempt(() => sql.unsafe(`update certificates set ${change} where application_id = '${after}'`))).toBe('certificate_is_kept'))
})

describe('independence leaves traces that stay', () => {
  it('who acted for the client and left it does not decide', async () => {
    const id = await awaiting()
    await sql`insert into memberships (person_id, employer_id) select ${idOf('kobayashi')}, employer_id from applications where id = ${id}`
    await sql`insert into agreement_signatures (id, employer_id, kind, version, text_sha256, signed_as, person_id) select ${randomUUID()}, employer_id, 'code_of_conduct', 'old', 'abc', 'x', ${idOf('kobayashi')} from applications where id = ${id}`
    await sql`delete from memberships where person_id = ${idOf('kobayashi')}`
    expect(await attempt(() => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${id}, 'certify', 'because', 'abc', ${idOf('kobayashi')})`)).toBe('decider_took_no_part')
  })

  it('who assessed does not join the client afterwards', async () => {
    const id = await awaiting()
    expect(await attempt(() => sql`insert into memberships (person_id, employer_id) select ${idOf('sato')}, employer_id from applications where id = ${id}`)).toBe('member_took_no_part')
  })

  it.each([['removed', 'delete from assignments'], ['given to another', `update assignments set person_id = '${idOf('lee')}'`], ['given another part', "update assignments set part = 'interpreter'"], ['opened again', 'update assignments set ended_at = null']])(
    'no assignment is %s', async (_, statement) => {
      const id = await caseAt('desk_review')
      await sql`update assignments set ended_at = now() where application_id = ${id}`
      expect(await attempt(() => sql.unsafe(`${statement} where application_id = '${id}'`))).toBe('assignment_is_kept')
    })

  it('who assesses a case does not advise or sell in it, whichever came first', async () => {
    const id = await caseAt('desk_review')
    const join = (who: 'sato' | 'lee', part: string) => attempt(() => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${id}, ${idOf(who)}, ${part}, ${idOf('suzuki')})`)
    expect([await join('sato', 'adviser'), await join('sato', 'seller'), await join('lee', 'adviser'), await join('lee', 'assessor')]).toEqual(['assessor_gave_no_advice', 'assessor_gave_no_advice', 'went through', 'assessor_gave_no_advice'])
  })

  it('the operator is told so in words, and the attempt stays on record', async () => {
    const id = await caseAt('desk_review')
    const answer = await as('suzuki').post(`/applications/${id}/assignments`, { personId: idOf('sato'), part: 'adviser' })
    const [row] = await sql`select after from journal where application_id = ${id} and operation = 'assignments.assign.refused'`
    expect([answer.status, answer.body.code, row?.after]).toEqual([403, 'has_interest', { refused: 'has_interest', part: 'adviser' }])
  })
})

describe('what belongs together stays together', () => {
  it('a document of one case is no evidence in another', async () => {
    const foreign = await document(await awaiting({ employerId: await anotherEmployer('よその会社') })), own = await awaiting()
    await sql`alter table document_criteria disable trigger document_criteria_are_sealed`
    const outcome = await attempt(() => sql`insert into document_criteria (document_id, application_id, criterion, attached_by) values (${foreign}, ${own}, 'RE-01.1', ${idOf('yamada')})`)
    await sql`alter table document_criteria enable always trigger document_criteria_are_sealed`
    expect(outcome).toBe('evidence_belongs_to_its_case')
  })

  it('nor a correction, nor an answer to another finding', async () => {
    const foreign = await document(await awaiting({ employerId: await anotherEmployer('よその会社') }), 'correction'), id = await caseAt('correcting')
    const [one, other] = [await finding(id), await finding(id, null, randomUUID(), 'RE-01.2')]
    expect(await attempt(() => sql`insert into document_findings (document_id, finding_id) values (${foreign}, ${one})`)).toBe('correction_belongs_to_its_case')
    const answer = await response(one)
    expect(await attempt(() => sql`insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by) values (${randomUUID()}, ${other}, ${answer}, 'verified', ${idOf('sato')})`)).toBe('review_speaks_of_its_finding')
  })

  it('no finding is replaced by itself, by one about something else, or twice', async () => {
    const id = await caseAt('correcting'), first = await finding(id), self = randomUUID()
    expect(await attempt(() => finding(id, self, self))).toBe('finding_replaces_another')
    expect(await attempt(() => finding(id, first, randomUUID(), 'RE-09.1'))).toBe('finding_replaces_one_of_its_kind')
    expect([await attempt(() => finding(id, first)), await attempt(() => finding(id, first))]).toEqual(['went through', 'finding_is_replaced_once'])
  })

  it('nobody declares interests for another', async () => {
    const id = await caseAt('desk_review')
    const [own] = await sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${id}, ${idOf('kobayashi')}, 'assessor', ${idOf('suzuki')}) returning id`
    const forged = () => sql`insert into interest_declarations (id, assignment_id, application_id, person_id, employed, paid, advised, trained, family_tie, financial_tie)
      values (${randomUUID()}, ${own?.id}, ${id}, ${idOf('sato')}, false, false, false, false, false, false)`
    expect(await attempt(forged)).toBe('declaration_belongs_to_its_assignment')
  })
})

describe('no promise is passed over', () => {
  it.each(['applications', 'answers', 'ratings', 'visits', 'assignments', 'documents', 'certificates', 'journal'])('%s is never emptied', async table =>
    expect(await attempt(() => sql.unsafe(`truncate ${table} cascade`))).toMatch(/_is_append_only$/))

  it('not by a session that calls itself a replica', async () => {
    const passed = await attempt(() => sql.begin(async tx => {
      await tx`set local session_replication_role = replica`
      await tx`delete from journal`
    }))
    expect(passed).toBe('journal_is_append_only')
  })
})

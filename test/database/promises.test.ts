import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { lifecycle, stages } from '../../server/domain/lifecycle.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to break what the application promises. Every attempt names the promise that stopped it.
const { world, idOf } = await stage()
const { sql } = world.database

const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
const scope = { nameJa: 'x', nameKana: 'x', nameLatin: 'x', corporateNumber: '4012301000013', prefecture: '東京都', addressJa: 'x', industry: 'food', workers: 1, foreignWorkers: 1, populations: [], sites: [] }

async function newApplication(): Promise<string> {
  const [employer] = await sql`insert into employers (id, name_ja) values (${randomUUID()}, 'x') returning id`
  const [row] = await sql`insert into applications (id, employer_id, standard_id, opened_by) values (${randomUUID()}, ${employer?.id}, 're-0.1.0', ${idOf('yamada')}) returning id`
  return row?.id
}

/** Walks an application along the lifecycle to where a decision is due. */
async function awaitingDecision(before: (id: string) => Promise<unknown> = async () => undefined): Promise<string> {
  const id = await newApplication()
  await sql`update applications set submitted_at = now(), scope = ${JSON.stringify(scope)}::jsonb where id = ${id}`
  for (const next of ['submitted', 'accepted', 'desk_review', 'visit_planned', 'correcting']) await sql`update applications set stage = ${next} where id = ${id}`
  await before(id) // after it the file is sealed
  await sql`update applications set stage = 'awaiting_decision' where id = ${id}`
  return id
}

const sealed = (applicationId: string) => sql`(select sha256 from dossiers where application_id = ${applicationId})`
/** Decides, with the other one of the two having signed before. */
const decide = async (applicationId: string, personId: string, outcome = 'certify') => {
  const other = personId === idOf('tanaka') ? idOf('kobayashi') : idOf('tanaka')
  await sql`insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by) values (${randomUUID()}, ${applicationId}, ${sealed(applicationId)}, 'because', ${other})`.catch(() => undefined)
  return sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${applicationId}, ${outcome}, 'because', ${sealed(applicationId)}, ${personId}) returning id`
}

describe('the decider is independent', () => {
  const inserts: [part: string, insert: (application: string, person: string) => Promise<unknown>][] = [
    ['was assigned', (a, p) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${a}, ${p}, 'assessor', ${idOf('suzuki')})`],
    ['was assigned and released again', (a, p) => sql`insert into assignments (id, application_id, person_id, part, assigned_by, ended_at) values (${randomUUID()}, ${a}, ${p}, 'assessor', ${idOf('suzuki')}, now())`],
    ['interpreted', (a, p) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${a}, ${p}, 'interpreter', ${idOf('suzuki')})`],
    ['advised', (a, p) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${a}, ${p}, 'adviser', ${idOf('suzuki')})`],
    ['sold', (a, p) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${a}, ${p}, 'seller', ${idOf('suzuki')})`],
    ['screened', (a, p) => sql`insert into screenings (id, application_id, outcome, screened_by) values (${randomUUID()}, ${a}, 'accept', ${p})`],
    ['rated a criterion', (a, p) => sql`insert into ratings (application_id, criterion, rating, rated_by) values (${a}, 'RE-01.1', 'conforms', ${p})`],
    ['asked a question', (a, p) => sql`insert into clarifications (id, application_id, criterion, question, asked_by) values (${randomUUID()}, ${a}, 'RE-01.1', '?', ${p})`],
    ['planned the visit', (a, p) => sql`insert into visits (id, application_id, starts_on, ends_on, site_ids, person_days, interviews_planned, calculation, planned_by)
      values (${randomUUID()}, ${a}, '2027-01-10', '2027-01-10', ${[randomUUID()]}, 1, 5, '{}', ${p})`],
    ['wrote a note', (a, p) => sql`insert into visit_notes (id, application_id, criterion, note, written_by) values (${randomUUID()}, ${a}, 'RE-01.1', 'seen', ${p})`],
    ['held an interview', (a, p) => sql`insert into interviews (id, application_id, code, form, people, language, minutes, held_on, written_by) values (${randomUUID()}, ${a}, 'W-01', 'single', 1, 'vi', 20, '2027-01-10', ${p})`],
    ['raised a finding', (a, p) => sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${randomUUID()}, ${a}, 'RE-01.1', '1', 'minor', 's', ${p})`],
    ['wrote the recommendation', (a, p) => sql`insert into recommendations (id, application_id, outcome, summary, written_by) values (${randomUUID()}, ${a}, 'certify', 's', ${p})`],
  ]

  it.each(inserts)('nobody who %s can decide', async (_, insert) => {
    const application = await awaitingDecision(id => insert(id, idOf('tanaka')))
    expect(await attempt(() => decide(application, idOf('tanaka')))).toBe('decider_took_no_part')
  })

  it('a member of the client cannot decide about it', async () => {
    const application = await awaitingDecision()
    await sql`insert into memberships (person_id, employer_id) select ${idOf('kobayashi')}, employer_id from applications where id = ${application}`
    expect(await attempt(() => decide(application, idOf('kobayashi')))).toBe('decider_took_no_part')
    await sql`delete from memberships where person_id = ${idOf('kobayashi')}`
  })

  it('somebody else can', async () => expect(await attempt(async () => decide(await awaitingDecision(), idOf('tanaka')))).toBe('went through'))

  it('the decider cannot join the case afterwards', async () => {
    const application = await awaitingDecision()
    await decide(application, idOf('tanaka'))
    expect(await attempt(() => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${application}, ${idOf('tanaka')}, 'assessor', ${idOf('suzuki')})`)).toBe('decider_took_no_part')
  })

  it('two decisions on one case are one too many', async () => {
    const application = await awaitingDecision()
    const outcomes = await Promise.all([attempt(() => decide(application, idOf('tanaka'))), attempt(() => decide(application, idOf('kobayashi'), 'refuse'))])
    expect(outcomes.sort()).toEqual(['one_decision_per_application', 'went through'])
  })

  it('a decision gives reasons', async () => {
    const application = await awaitingDecision()
    const silent = () => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${application}, 'refuse', '  ', ${sealed(application)}, ${idOf('tanaka')})`
    expect(await attempt(silent)).toBe('decision_gives_reasons')
  })
})

describe('stages follow the lifecycle', () => {
  it('copies the table of the domain, no more and no less', async () => {
    const rows = await sql`select from_stage, to_stage from lifecycle_steps`
    const wanted = new Set(lifecycle.map(([from, , to]) => `${from} → ${to}`))
    expect(new Set(rows.map(row => `${row.from_stage} → ${row.to_stage}`))).toEqual(wanted)
  })

  it.each(stages.filter(to => !lifecycle.some(([from, , next]) => from === 'draft' && next === to) && to !== 'draft'))('no draft becomes %s at one stroke', async to => {
    const application = await newApplication()
    await sql`update applications set submitted_at = now(), scope = ${JSON.stringify(scope)}::jsonb where id = ${application}`
    expect(await attempt(() => sql`update applications set stage = ${to} where id = ${application}`)).toBe('stage_follows_lifecycle')
  })

  it.each(['certified', 'refused'])('nothing is %s without its decision', async outcome => {
    const application = await awaitingDecision()
    expect(await attempt(() => sql`update applications set stage = ${outcome} where id = ${application}`)).toBe('outcome_has_its_decision')
  })

  it('an application is born a draft', async () => {
    const born = () => sql`insert into applications (id, employer_id, standard_id, opened_by, stage, submitted_at, scope)
      select ${randomUUID()}, employer_id, standard_id, opened_by, 'submitted', now(), '{}' from applications limit 1`
    expect(await attempt(born)).toBe('stage_follows_lifecycle')
  })

  it('one employer has one open application to a standard', async () => {
    const application = await newApplication()
    const second = () => sql`insert into applications (id, employer_id, standard_id, opened_by) select ${randomUUID()}, employer_id, standard_id, opened_by from applications where id = ${application}`
    expect(await attempt(second)).toBe('one_open_application_per_employer_and_standard')
  })

  it('a submitted application has its time and scope', async () => {
    const application = await newApplication()
    expect(await attempt(() => sql`update applications set stage = 'submitted' where id = ${application}`)).toBe('submitted_application_has_time_and_scope')
  })
})

describe('history is append-only', () => {
  let application = ''
  beforeAll(async () => {
    application = await awaitingDecision(async id => {
      const [assignment] = await sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${id}, ${idOf('sato')}, 'assessor', ${idOf('suzuki')}) returning id`
      await sql`insert into interest_declarations (id, assignment_id, application_id, person_id, employed, paid, advised, trained, family_tie, financial_tie) values (${randomUUID()}, ${assignment?.id}, ${id}, ${idOf('sato')}, false, false, false, false, false, false)`
      await sql`insert into screenings (id, application_id, outcome, screened_by) values (${randomUUID()}, ${id}, 'accept', ${idOf('suzuki')})`
      await sql`insert into visit_notes (id, application_id, criterion, note, written_by) values (${randomUUID()}, ${id}, 'RE-01.1', 'seen', ${idOf('sato')})`
      await sql`insert into interviews (id, application_id, code, form, people, language, minutes, held_on, written_by) values (${randomUUID()}, ${id}, 'W-01', 'single', 1, 'vi', 20, '2027-01-10', ${idOf('sato')})`
      const [finding] = await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${randomUUID()}, ${id}, 'RE-01.1', '1', 'minor', 's', ${idOf('sato')}) returning id`
      const [response] = await sql`insert into finding_responses (id, finding_id, cause, correction, corrective_action, done, responded_by) values (${randomUUID()}, ${finding?.id}, 'c', 'c', 'c', 'done', ${idOf('yamada')}) returning id`
      await sql`insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by) values (${randomUUID()}, ${finding?.id}, ${response?.id}, 'verified', ${idOf('sato')})`
      await sql`insert into recommendations (id, application_id, outcome, summary, written_by) values (${randomUUID()}, ${id}, 'certify', 's', ${idOf('sato')})`
    })
    await decide(application, idOf('tanaka'))
    await sql`insert into agreement_signatures (id, employer_id, kind, version, text_sha256, signed_as, person_id) select ${randomUUID()}, employer_id, 'code_of_conduct', '1', 'abc', 'x', ${idOf('yamada')} from applications where id = ${application}`
    await sql`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, statement, issued_on, expires_on, status_index)
      select ${randomUUID()}, 'RE-TEST', ${application}, employer_id, 2027, 1, 1, '{}', '2027-01-20', '2030-01-19', 7 from applications where id = ${application}`
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor, edition, sha256) select ${randomUUID()}, id, 'issued', '2027-01-20', 'clock', 1, 'h' from certificates`
  })

  const kept: [table: string, column: string][] = [
    ['journal', 'operation'], ['standards', 'version'], ['agreement_signatures', 'version'], ['screenings', 'reasons'], ['interest_declarations', 'statement'], ['visit_notes', 'note'], ['interviews', 'notes'],
    ['findings', 'statement'], ['finding_responses', 'cause'], ['finding_reviews', 'note'], ['recommendations', 'summary'], ['decisions', 'reasons'], ['certificate_events', 'actor'],
  ]

  it.each(kept)('no row of %s can be rewritten, removed or emptied', async (table, column) => {
    const [{ rows } = { rows: 0 }] = await sql.unsafe(`select count(*)::int as rows from ${table}`)
    expect(rows).toBeGreaterThan(0)
    const attempts = [`update ${table} set ${column} = 'forged'`, `delete from ${table}`, `truncate ${table} cascade`]
    for (const statement of attempts) expect(await attempt(() => sql.unsafe(statement)), statement).toMatch(/_is_append_only$/)
  })

  it('a certificate keeps its number, its words and its place', async () => {
    for (const change of ["number = 'RE-FORGED'", "statement = '{\"x\":1}'"]) expect(await attempt(() => sql.unsafe(`update certificates set ${change}`)), change).toBe('certificate_is_kept')
    expect(await attempt(() => sql`delete from certificates`)).toBe('certificate_is_kept')
  })

  it('an issued certificate does not change at all', async () => {
    expect(await attempt(() => sql`update certificates set state = 'issued'`)).toBe('issued_certificate_has_its_file')
    const file = (sha256: string) => sql`insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at)
      select ${randomUUID()}, id, 1, 'B-T', '{}', ${sha256}, 1, ${sha256}, 'k', now() from certificates`
    expect(await attempt(() => file('untold'))).toBe('file_is_told_in_the_log')
    await file('h')
    await sql`update certificates set state = 'issued'`
    for (const change of ["state = 'issuing'", "issued_on = '2027-01-21'", "log_salt = '\\x00'"]) expect(await attempt(() => sql.unsafe(`update certificates set ${change}`)), change).toBe('certificate_is_kept')
  })

  it('no certificate stands without a decision to certify', async () => {
    const undecided = await awaitingDecision()
    const forged = () => sql`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, statement, issued_on, expires_on, status_index)
      select ${randomUUID()}, 'RE-FORGED', ${undecided}, employer_id, 2027, 2, 1, '{}', '2027-01-20', '2030-01-19', 8 from applications where id = ${undecided}`
    expect(await attempt(forged)).toBe('certificate_follows_decision')
  })

  it('two certificates never share a number', async () => {
    const other = await awaitingDecision()
    await decide(other, idOf('tanaka'))
    const twin = () => sql`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, statement, issued_on, expires_on, status_index)
      select ${randomUUID()}, 'RE-TEST', ${other}, employer_id, 2027, 3, 1, '{}', '2027-01-20', '2030-01-19', 9 from applications where id = ${other}`
    expect(await attempt(twin)).toBe('certificate_number_is_unique')
  })
})

describe('documents are immutable', () => {
  it('takes the scanner’s verdict and nothing else', async () => {
    const application = await newApplication()
    const [row] = await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, uploaded_by)
      select ${randomUUID()}, employer_id, ${application}, 'evidence', 'abc', '賃金台帳.xlsx', 3, ${'a'.repeat(64)}, 'text/plain', ${idOf('yamada')} from applications where id = ${application} returning id`
    expect(await attempt(() => sql`update documents set scan = 'clean', scan_engine = 'clamd', scanned_at = now() where id = ${row?.id}`)).toBe('went through')
    for (const change of ["name = 'other.xlsx'", `sha256 = '${'b'.repeat(64)}'`, "key = 'other'", 'size = 4']) {
      expect(await attempt(() => sql.unsafe(`update documents set ${change} where id = '${row?.id}'`)), change).toBe('document_is_immutable')
    }
    expect(await attempt(() => sql`delete from documents where id = ${row?.id}`)).toBe('document_is_immutable')
  })
})

it('an interview code is never a name', async () => {
  const application = await newApplication()
  const named = () => sql`insert into interviews (id, application_id, code, form, people, language, minutes, held_on, written_by) values (${randomUUID()}, ${application}, 'Nguyen', 'single', 1, 'vi', 20, '2027-01-10', ${idOf('sato')})`
  expect(await attempt(named)).toBe('interview_code_is_no_name')
})

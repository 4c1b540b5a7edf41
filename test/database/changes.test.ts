import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C15, what the database promises about reports of change: each promise is attacked by plain SQL.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number, id: application } = await issued({ employerId: await employerOf('yamada') })
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id), one = randomUUID()
const report = ({ by = 'yamada' as CastName, kind = 'site', account = '移転', workers = 'null, null', due = '2027-06-15' } = {}) =>
  `insert into change_reports (id, certificate_id, kind, happened_on, account, workers_before, workers_now, review_by, reported_by, reported_at) values ('${one}', '${certificate}', '${kind}', '2027-05-20', '${account}', ${workers}, '${due}', '${idOf(by)}', '2027-06-01T01:00:00Z')`
const review = ({ by = 'suzuki' as CastName, outcome = 'no_effect', reasons = '理由' } = {}) =>
  `insert into change_reviews (id, report_id, outcome, reasons, reviewed_by, reviewed_at) values ('${randomUUID()}', '${one}', '${outcome}', '${reasons}', '${idOf(by)}', '2027-06-02T01:00:00Z')`
const tie = `insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) select '${randomUUID()}', '${idOf('suzuki')}', e.corporate_number, 'family_tie', '親族', '${idOf('suzuki')}', '2027-06-01' from employers e join applications a on a.employer_id = e.id where a.id = '${application}'`
const went = 'went through'
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw Object.assign(new Error(went), { constraint_name: went })
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name || error.message)

describe('a report of change', () => {
  it.each<[string, string[], string]>([
    ['goes through', [report(), review()], went],
    ['by somebody else than the holder', [report({ by: 'outsider' })], 'change_is_reported_by_the_holder'],
    ['of a kind nobody knows', [report({ kind: 'weather' })], 'change_kind_is_known'],
    ['without a word', [report({ account: ' ' })], 'change_says_what'],
    ['of a head count without numbers', [report({ kind: 'head_count' })], 'head_count_has_numbers'],
    ['with numbers though about a site', [report({ workers: '1, 2' })], 'head_count_has_numbers'],
    ['to be reviewed before it was made', [report({ due: '2027-05-31' })], 'change_is_reviewed_after_its_report'],
    ['taken back', [report(), 'delete from change_reports'], 'change_reports_is_append_only'],
    ['reviewed twice', [report(), review(), review()], 'change_is_reviewed_once'],
    ['reviewed without reasons', [report(), review({ reasons: '' })], 'change_review_gives_reasons'],
    ['reviewed with a result nobody knows', [report(), review({ outcome: 'withdrawn' })], 'change_outcome_is_known'],
    ['reviewed by somebody tied to the client', [report(), tie, review()], 'change_reviewer_has_no_tie'],
    ['reviewed by the holder itself', [report(), review({ by: 'yamada' })], 'change_reviewer_has_no_tie'],
    ['reviewed otherwise afterwards', [report(), review(), `update change_reviews set outcome = 'scope'`], 'change_reviews_is_append_only'],
  ])('%s', async (_, statements, expected) => expect(await attempt(...statements)).toContain(expected))
})

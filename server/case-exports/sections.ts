import { sql, type SQL } from 'drizzle-orm'
import type { CaseSection } from '../domain/case-edition.ts'

/** `employer`: its own edition. `visitKnown`: false while an unannounced visit is none of this reader's knowledge. */
export type Wanted = { id: string; employer: boolean; visitKnown: boolean }
type Read = (wanted: Wanted) => SQL

const ofCase = (table: string, order: string): Read => ({ id }) => sql`select * from ${sql.raw(table)} where application_id = ${id} order by ${sql.raw(order)}`
const ofVisit = (table: string, order: string): Read => wanted => sql`${ofCase(table, order)(wanted)}${onlyIfKnown(wanted)}`
const ofFinding = (table: string, order: string): Read => ({ id }) => sql`select t.* from ${sql.raw(table)} t join findings f on f.id = t.finding_id where f.application_id = ${id} order by ${sql.raw(order)}`
// Whoever joined after the decision goes to surveillances, perhaps without notice: named to the employer, they would give the visit away.
const beforeDecision = sql` and not exists (select from decisions d where d.application_id = t.application_id and d.outcome = 'certify' and d.decided_at <= t.assigned_at)`
const ofCertificate = (table: string, order: string): Read => ({ id }) => sql`select t.* from ${sql.raw(table)} t join certificates c on c.id = t.certificate_id where c.application_id = ${id} order by ${sql.raw(order)}`
const ofAppeal = (table: string, order: string): Read => ({ id }) => sql`select t.* from ${sql.raw(table)} t join appeals a on a.id = t.appeal_id where a.application_id = ${id} order by ${sql.raw(order)}`
// A visit without notice is not there for the holder until it was held (surveillance/holder.ts), nor who goes.
const ofSurveillance = (columns: string, order: string): Read => ({ id, employer }) => sql`select ${sql.raw(columns)} from surveillance_visits v join certificates c on c.id = v.certificate_id left join surveillance_outcomes o on o.visit_id = v.id left join surveillance_wishes w on w.visit_id = v.id
  where c.application_id = ${id}${employer ? sql` and (o.outcome = 'held' or (o.id is null and v.kind = 'announced'))` : sql``} and ${sql.raw(order)} is not null order by ${sql.raw(order)}, v.id`
const onlyIfKnown = ({ visitKnown }: Wanted) => (visitKnown ? sql`` : sql` limit 0`)

/** Every section of a case as the rows of its tables, under their own names, oldest first. What it may not show is left out here, and nowhere else. */
export const reads: Record<Exclude<CaseSection, 'history'>, Read> = {
  application: ({ id }) => sql`select id, employer_id, standard_id, cycle, stage, stage_since, due_at, opened_by, opened_at, submitted_at, scope, renews from applications where id = ${id}`,
  standard: ({ id }) => sql`select s.id, s.version, s.source_sha256 from standards s join applications a on a.standard_id = s.id where a.id = ${id}`,
  people: ({ id, employer }) => sql`select id, name from people p where id in (select t.person_id from assignments t where t.application_id = ${id} and t.part in ('assessor', 'interpreter')${employer ? beforeDecision : sql``}
    union select m.person_id from memberships m join applications a on a.employer_id = m.employer_id where a.id = ${id})${employer ? sql`` : sql` or cardinality(parts_taken(${id}::uuid, p.id)) > 0 or id in (select decided_by from decisions where application_id = ${id})`} order by id`,
  agreements: ({ id }) => sql`select s.id, s.kind, s.version, s.text_sha256, s.signed_as, s.person_id, s.signed_at from agreement_signatures s join applications a on a.employer_id = s.employer_id where a.id = ${id} order by s.signed_at, s.id`,
  answers: ({ id }) => sql`select criterion, answer, reason, explanation, version, answered_by, answered_at from answers where application_id = ${id} order by criterion`,
  evidence: ofCase('document_criteria', 'criterion, document_id'),
  documents: ({ id, employer }) => sql`select id, purpose, name, size, sha256, type, scan, scanned_at, uploaded_by, uploaded_at, carried_from from documents where application_id = ${id}${employer ? sql` and purpose not in ('photo', 'memo')` : sql``} order by uploaded_at, id`,
  screenings: ofCase('screenings', 'screened_at, id'),
  team: ({ id, employer }) => sql`select id, person_id, part, assigned_by, assigned_at, ended_at from assignments t where application_id = ${id}${employer ? sql` and part in ('assessor', 'interpreter')${beforeDecision}` : sql``} order by assigned_at, id`,
  interests: ofCase('interest_declarations', 'declared_at, id'),
  objections: ({ id }) => sql`select o.id, o.assessor_id, o.reasons, o.raised_by, o.raised_at, a.upheld, a.reasons as answer, a.answered_at from objections o left join objection_answers a on a.objection_id = o.id where o.application_id = ${id} order by o.raised_at`,
  clarifications: ({ id, employer }) => sql`select * from clarifications where application_id = ${id}${employer ? sql` and sent_at is not null` : sql``} order by asked_at, id`,
  ratings: ({ id, employer }) => sql`select criterion, rating${employer ? sql`` : sql`, note, version, rated_by`}, rated_at from ratings where application_id = ${id} order by criterion`,
  marks: ofCase('rating_marks', 'criterion, version'),
  unavailable_days: ofCase('unavailable_days', 'told_at, id'),
  date_proposals: ofCase('date_proposals', 'proposed_at, id'),
  date_answers: ({ id }) => sql`select a.* from date_answers a join date_proposals p on p.id = a.proposal_id where p.application_id = ${id} order by a.answered_at, a.id`,
  visit: wanted => sql`select id, starts_on, ends_on, site_ids, team, person_days, interviews_planned, calculation, justification, announced, begun_at, planned_at${wanted.employer ? sql`` : sql`, planned_by, opening_meeting,
    closing_meeting, workers_invited, workers_agreed, fees, held_on, recorded_at`} from visits where application_id = ${wanted.id}${onlyIfKnown(wanted)}`,
  plan_numbers: wanted => sql`select n.* from plan_numbers n join visits v on v.id = n.visit_id where v.application_id = ${wanted.id} order by n.edition${onlyIfKnown(wanted)}`,
  meetings: ofVisit('meetings', 'written_at, id'),
  draws: ofVisit('interview_draws', 'number'),
  interviews: ofVisit('interviews', 'written_at, id'),
  notes: ofVisit('visit_notes', 'written_at, id'),
  photo_consents: ofCase('photo_consents', 'said_at, document_id'),
  notebook_versions: ofCase('notebook_versions', 'number'),
  notebook_landings: ofCase('notebook_landings', 'landed_at, hash'),
  notebook_files: ofCase('notebook_files', 'came_at, sha256'),
  notebook_takeouts: ofCase('notebook_takeouts', 'taken_at, device'),
  findings: ofCase('findings', 'raised_at, id'),
  finding_steps: ofFinding('finding_steps', 't.taken_at, t.id'),
  finding_responses: ofFinding('finding_responses', 't.responded_at, t.id'),
  finding_reviews: ofFinding('finding_reviews', 't.reviewed_at, t.id'),
  finding_closures: ofFinding('finding_closures', 't.closed_at, t.id'),
  finding_clock: ofFinding('finding_clock', 't.at, t.id'),
  corrections: ofFinding('document_findings', 't.attached_at, t.document_id'),
  recommendations: ofCase('recommendations', 'written_at, id'),
  signatures: ofCase('decision_signatures', 'signed_at, id'),
  decisions: ofCase('decisions', 'decided_at, id'),
  certificates: ({ id }) => sql`select number, state, issued_on, expires_on, statement, reserved_at from certificates where application_id = ${id}`,
  standing: ({ id }) => sql`select e.event, e.happened_on, e.reason_class, e.edition, e.sha256, e.actor, e.log_seq, e.at from certificate_events e join certificates c on c.id = e.certificate_id where c.application_id = ${id} order by e.log_seq`,
  appeals: ({ id }) => sql`select id, decision_id, standing_decision_id, finding_id, certificate_event_id, grounds, filed_by, filed_at, log_seq from appeals where application_id = ${id} order by filed_at, id`, // the salt names it in the log, and stays here
  appeal_assignments: ofAppeal('appeal_assignments', 't.assigned_at, t.id'),
  appeal_decisions: ofAppeal('appeal_decisions', 't.decided_at, t.id'),
  standing_decisions: ofCertificate('standing_decisions', 't.decided_at, t.id'),
  change_reports: ofCertificate('change_reports', 't.reported_at, t.id'),
  change_reviews: ({ id }) => sql`select t.* from change_reviews t join change_reports r on r.id = t.report_id join certificates c on c.id = r.certificate_id where c.application_id = ${id} order by t.reviewed_at, t.id`,
  surveillance_visits: wanted => ofSurveillance(`v.id, v.certificate_id, v.kind, v.planned_on, v.planned_at${wanted.employer ? '' : ', v.assignment_id, v.team, v.planned_by'}`, 'v.planned_at')(wanted),
  surveillance_outcomes: wanted => ofSurveillance(`o.id, o.visit_id, o.outcome, o.on_day, o.recorded_at${wanted.employer ? '' : ', o.result, o.summary, o.recorded_by'}`, 'o.recorded_at')(wanted),
  surveillance_wishes: ofSurveillance('w.*', 'w.wished_at'),
  journal: ({ id }) => sql`select id, at, actor_id, actor_role, operation, subject_id, before, after from journal where application_id = ${id} order by id`,
}

/** Who of the scheme did it is told to the employer by its pages where it is meant to know (the assessors by name); elsewhere it is nobody's name. */
export const staffColumns = ['screened_by', 'assigned_by', 'asked_by', 'rated_by', 'planned_by', 'written_by', 'raised_by', 'reviewed_by', 'taken_by', 'closed_by', 'decided_by', 'drawn_by', 'answered_by', 'proposed_by']

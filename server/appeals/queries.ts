import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { AppealPage, Appeals } from '../../schema/appeal-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { decideBy, lowerGrades, type AppealMatter, type AppealOutcome, type AppealState, type AppealSubject } from '../domain/appeals.ts'
import { daysBetween, japanDate } from '../domain/calendar.ts'
import type { Grade } from '../domain/grading.ts'
import type { Viewer } from '../http/viewer.ts'
import { isTied, untied } from '../ties/untied.ts'
import { daysFor, subjectOf } from './subject.ts'

type As = z.infer<typeof Appeals>['as']
type Row = {
  id: string; subject: AppealSubject; subjectId: string; applicationId: string; employerId: string; standardId: string; matter: AppealMatter; nameJa: string; nameEn: string; number: string | null; grounds: string; filedAt: string
  handlerId: string | null; handler: string | null; outcome: AppealOutcome | null; reasons: string | null; newGrade: Grade | null; decidedAt: string | null; decidedBy: string | null; undone: boolean; tied: boolean
}

// One row for each appeal with whatever hangs on it; `undone`: a refusal that was found wrong has opened its case again.
// `tied`: a hand of the handler in this case, or a tie to the client, has come to light. Then it is not there for them any more (C3), and waits for somebody else.
const rows = (where: ReturnType<typeof sql>) => sql`
  select a.id, case when a.decision_id is not null then 'decision' when a.finding_id is not null then 'finding' when a.certificate_event_id is not null then 'clock' else 'standing_decision' end as subject,
    coalesce(a.decision_id, a.standing_decision_id, a.finding_id, a.certificate_event_id) as "subjectId", a.application_id as "applicationId", x.employer_id as "employerId", x.standard_id as "standardId",
    case when a.decision_id is not null then 'refused' when a.finding_id is not null then 'graded' when a.certificate_event_id is not null then 'suspended_by_clock' else s.change end as matter, e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn",
    c.number, a.grounds, a.filed_at as "filedAt", h.id as "handlerId", h.name as handler, o.outcome, o.reasons, o.new_grade as "newGrade", o.decided_at as "decidedAt", d.name as "decidedBy",
    (a.decision_id is null or x.stage <> 'refused' or exists (select from decisions n where n.appeal_id = a.id)) as undone,
    (o.id is null and h.id is not null and (cardinality(hands_in_case(a.application_id, h.id)) > 0 or is_tied(h.id, a.application_id, now()))) as tied
  from appeals a join applications x on x.id = a.application_id join employers e on e.id = x.employer_id
    left join standing_decisions s on s.id = a.standing_decision_id left join certificate_events v on v.id = a.certificate_event_id left join certificates c on c.id = coalesce(s.certificate_id, v.certificate_id) left join people h on h.id = appeal_handler_of(a.id)
    left join appeal_decisions o on o.appeal_id = a.id left join people d on d.id = o.decided_by
  where ${where} order by o.id is not null, a.filed_at, a.id limit 200`

const stateOf = ({ outcome, handlerId, tied }: Row): AppealState => outcome ?? (handlerId && !tied ? 'assigned' : 'filed')

/** In which part this viewer sees an appeal; null: it is not there for them. */
export function seenAs({ roles, employerId, personId }: Viewer, appeal: Pick<Row, 'employerId' | 'handlerId'>): As | null {
  if (roles.includes('decision_maker') && appeal.handlerId === personId) return 'handler'
  if (roles.includes('operator')) return 'operator'
  return roles.includes('applicant') && employerId === appeal.employerId ? 'client' : null
}

async function lineOf(db: Db, row: Row, as: As, now: Date): Promise<z.infer<typeof Appeals>['appeals'][number]> {
  const { id, matter, nameJa, nameEn, number } = row, filedAt = new Date(row.filedAt), last = decideBy(filedAt, await daysFor(db, row.standardId)), state = stateOf(row)
  const until = row.decidedAt ? new Date(row.decidedAt) : now
  return {
    id, matter, nameJa, nameEn, number, filedAt, state, ageDays: daysBetween(japanDate(filedAt), japanDate(until)), decideBy: last, overdue: japanDate(until) > last, handler: as === 'client' ? null : row.handler, handlerBarred: as === 'operator' && row.tied,
  }
}

/** The client's own appeals, those that a decision maker handles, or all of them for the secretariat, but of no client that the reader is tied to (C3): what waits first, the oldest before. */
export async function appealsPage(db: Db, viewer: Viewer, now: Date): Promise<z.infer<typeof Appeals>> {
  const as: As = viewer.roles.includes('operator') ? 'operator' : viewer.roles.includes('decision_maker') ? 'handler' : 'client'
  const mine = { operator: sql`true`, handler: sql`h.id = ${viewer.personId}`, client: sql`x.employer_id = ${viewer.employerId}` }
  const found = await db.execute<Row>(rows(sql`${mine[as]} and ${untied(sql`x.employer_id`, viewer.tiedTo)}`))
  const appeals = await Promise.all([...found].filter(({ tied }) => as !== 'handler' || !tied).map(row => lineOf(db, row, as, now)))
  return { appeals, as, longestDays: Math.max(1, ...appeals.filter(({ state }) => state === 'filed' || state === 'assigned').map(({ ageDays }) => ageDays)) }
}

export async function appealRow(db: Db, id: string): Promise<(Row & { state: AppealState }) | null> {
  const [row] = await db.execute<Row>(rows(sql`a.id = ${id}`))
  return row ? { ...row, state: stateOf(row) } : null
}

export async function appealPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof AppealPage> | null> {
  const row = await appealRow(db, id), as = row && seenAs(viewer, row)
  if (!row || !as || (as === 'handler' && row.tied) || viewer.tiedTo.includes(row.employerId)) return null
  const against = await subjectOf(db, row.subject, row.subjectId)
  if (!against) throw new Error(`an appeal against nothing: ${id}`)
  const isOpen = !row.outcome, { outcome, reasons, newGrade, decidedAt, decidedBy, undone } = row
  return {
    ...await lineOf(db, row, as, now), against, grounds: row.grounds, as,
    candidates: as === 'operator' && isOpen ? await candidatesFor(db, row, now) : null,
    mayDecide: as === 'handler' && isOpen, grades: against.grade ? [...lowerGrades(against.grade)] : [],
    outcome: outcome && reasons && decidedAt ? { outcome, reasons, newGrade, decidedAt: new Date(decidedAt), decidedBy: as === 'client' ? null : decidedBy, undone } : null,
  }
}

type Candidate = { id: string; name: string; open: number }

/** C18: who may be given an appeal: decision makers without a hand in the case and without a tie to the client, and how many each has open. Nobody else is on the list. */
const candidatesFor = async (db: Db, { applicationId, employerId, handlerId }: Row, now: Date): Promise<Candidate[]> => [...await db.execute<Candidate>(sql`
  select p.id, p.name, (select count(*)::int from appeals a where appeal_handler_of(a.id) = p.id and not exists (select from appeal_decisions o where o.appeal_id = a.id)) as open
  from people p where 'decision_maker' = any(p.staff_roles) and p.id is distinct from ${handlerId}::uuid and cardinality(hands_in_case(${applicationId}::uuid, p.id)) = 0 and not ${isTied(sql`p.id`, sql`${employerId}::uuid`, japanDate(now))} order by open, p.name, p.id`)]

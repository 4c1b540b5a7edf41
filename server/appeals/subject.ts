import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { fileUntil, mayFile, type AppealMatter, type AppealSubject } from '../domain/appeals.ts'
import type { Grade } from '../domain/grading.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { standardById } from '../standard/queries.ts'

/** What an appeal is about. `superseded`: another finding took its place. `inForce`: nothing of the kind was decided since, also not its lifting. `appealId`: it was appealed against before. */
export type Subject = {
  subject: AppealSubject; subjectId: string; matter: AppealMatter; applicationId: string; employerId: string; standardId: string; stage: Stage; nameJa: string; nameEn: string
  number: string | null; certificateId: string | null; criterion: string | null; grade: Grade | null; superseded: boolean; inForce: boolean; reasons: string; decidedAt: Date; appealId: string | null
}

// The last word of its kind about certificate c: the decision, or the event where nobody decided.
const isLast = (change: SQL) => sql`(select coalesce(v.standing_decision_id, v.id) from certificate_events v where v.certificate_id = c.id
  and v.event in (${change}, case ${change} when 'condition_set' then 'condition_met' else 'reinstated' end) order by v.log_seq desc limit 1)`

// Of each kind only what the table of server/domain/appeals.ts names.
const of: Record<AppealSubject, (id: string) => SQL> = {
  decision: id => sql`select d.id, d.application_id, 'refused' as matter, null as number, null::uuid as certificate_id, null as criterion, null as grade, false as superseded, true as in_force, d.reasons, d.decided_at,
    (select a.id from appeals a where a.decision_id = d.id) as appeal from decisions d where d.id = ${id} and d.outcome = 'refuse'`,
  standing_decision: id => sql`select d.id, c.application_id, d.change as matter, c.number, c.id as certificate_id, null as criterion, null as grade, false as superseded, ${isLast(sql`d.change`)} = d.id as in_force, d.reasons, d.decided_at,
    (select a.id from appeals a where a.standing_decision_id = d.id) as appeal from standing_decisions d join certificates c on c.id = d.certificate_id where d.id = ${id} and d.change in ('suspended', 'withdrawn', 'condition_set')`,
  clock: id => sql`select e.id, c.application_id, 'suspended_by_clock' as matter, c.number, c.id as certificate_id, null as criterion, null as grade, false as superseded, ${isLast(sql`'suspended'`)} = e.id as in_force, '' as reasons, e.at as decided_at,
    (select a.id from appeals a where a.certificate_event_id = e.id) as appeal from certificate_events e join certificates c on c.id = e.certificate_id where e.id = ${id} and e.event = 'suspended' and e.actor = 'clock'`,
  finding: id => sql`select f.id, f.application_id, 'graded' as matter, null as number, null::uuid as certificate_id, f.criterion, f.grade, exists(select from findings n where n.supersedes = f.id) as superseded, true as in_force, f.statement as reasons,
    f.raised_at as decided_at, (select a.id from appeals a where a.finding_id = f.id) as appeal from findings f where f.id = ${id}`,
}

type Row = Omit<Subject, 'subject' | 'decidedAt'> & { decidedAt: string }

export async function subjectOf(db: Db, subject: AppealSubject, id: string): Promise<Subject | null> {
  const [row] = await db.execute<Row>(sql`
    select s.id as "subjectId", s.matter, s.application_id as "applicationId", x.employer_id as "employerId", x.standard_id as "standardId", x.stage, e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn",
      s.number, s.certificate_id as "certificateId", s.criterion, s.grade, s.superseded, s.in_force as "inForce", s.reasons, s.decided_at as "decidedAt", s.appeal as "appealId"
    from (${of[subject](id)}) s join applications x on x.id = s.application_id join employers e on e.id = x.employer_id`)
  return row ? { ...row, subject, decidedAt: new Date(row.decidedAt) } : null
}

export const daysFor = async (db: Db, standardId: string) => (await standardById(db, standardId)).content.grading.appeal

/** Whether this client may appeal now; and until when. */
export async function filing(db: Db, about: Subject, employerId: string | null, now: Date): Promise<{ fileUntil: Date; decideWithinDays: number } | Refusal> {
  const days = await daysFor(db, about.standardId)
  const refused = mayFile({ ...about, isClient: about.employerId === employerId, alreadyFiled: about.appealId !== null }, now, days)
  return isRefusal(refused) ? refused : { fileUntil: fileUntil(about.decidedAt, days), decideWithinDays: days.decideWithinDays }
}

/** For the page of whatever can be appealed against: the appeal that there is, or until when there may be one. */
export async function appealOf(db: Db, subject: AppealSubject, id: string, { employerId, now }: { employerId: string | null; now: Date }): Promise<{ id: string | null; href: string; until: Date | null } | null> {
  const about = await subjectOf(db, subject, id)
  if (!about || about.employerId !== employerId) return null
  if (about.appealId) return { id: about.appealId, href: `/appeals/${about.appealId}`, until: null }
  const open = await filing(db, about, employerId, now)
  return isRefusal(open) ? null : { id: null, href: `/appeals/against/${subject}/${id}`, until: open.fileUntil }
}

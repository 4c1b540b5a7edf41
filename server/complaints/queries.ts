import { asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { ComplaintCase, ComplaintCases, ComplaintStatus } from '../../schema/complaint-shapes.ts'
import { complaints, complaintSteps } from '../../schema/complaints.ts'
import type { Db } from '../adapters/database.ts'
import { daysBetween, japanDate } from '../domain/calendar.ts'
import { complaintDues, complaintState, complaintStepsFrom, type ComplaintState, type ComplaintTarget } from '../domain/complaints.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardInForce } from '../standard/queries.ts'
import { isTiedToComplaint } from '../ties/untied.ts'

export type Row = { id: string; reference: string; target: ComplaintTarget; about: string; number: string | null; employerId: string | null; state: ComplaintState; filedAt: string; answeredAt: string | null; handler: string | null; handlerId: string | null }
type Clock = { acknowledgeBusinessDays: number; firstReplyDays: number }

const rows = (where: ReturnType<typeof sql>) => sql`
  select k.id, k.reference, k.target, k.about, c.number, c.employer_id as "employerId", coalesce(last.step, 'new') as state, k.filed_at as "filedAt", case when last.step in ('upheld', 'not_upheld') then last.at end as "answeredAt", p.name as handler, given.handler as "handlerId"
  from complaints k left join certificates c on c.id = k.certificate_id
    left join lateral (select step, at from complaint_steps s where s.complaint_id = k.id and s.step <> 'note' order by s.at desc, s.id desc limit 1) last on true
    left join lateral (select s.handler from complaint_steps s where s.complaint_id = k.id and s.step = 'assigned' order by s.at desc, s.id desc limit 1) given on true
    left join people p on p.id = given.handler
  where ${where} order by coalesce(last.step in ('upheld', 'not_upheld'), false), k.filed_at, k.id limit 200`

// The secretariat receives every complaint; whoever is no operator sees what was handed to them, and nothing more once a tie or a hand in a case has come to light.
// About a company that they are tied to there is none for anybody (C3), certified or only named by its corporate number. What is about none of them, or about us, stays.
const seenBy = ({ roles, personId }: Viewer) => (roles.includes('operator') ? sql`true` : sql`given.handler = ${personId}`)
const apart = ({ roles, personId, today }: Viewer) => sql`not ${isTiedToComplaint(sql`k.id`, sql`${personId}::uuid`, today)} and ${roles.includes('operator') ? sql`true` : sql`cardinality(ties_to_complaint(k.id, ${personId}::uuid)) = 0`}`
export const clockOf = async (db: Db, today: string): Promise<Clock> => (await standardInForce(db, today)).content.grading.complaint

function lineOf({ filedAt: filed, answeredAt, handlerId: _, employerId: __, ...row }: Row, today: string, clock: Clock) {
  const filedAt = new Date(filed), filedOn = japanDate(filedAt), { acknowledgeBy, answerBy } = complaintDues(filedOn, clock)
  const due = answeredAt ? null : row.state === 'new' ? acknowledgeBy : answerBy
  return { ...row, filedAt, ageDays: daysBetween(filedOn, answeredAt ? japanDate(new Date(answeredAt)) : today), due, overdue: due !== null && today > due }
}

/** What waits first, the oldest before. Two statements, however many. */
export async function complaintCases(db: Db, viewer: Viewer, now: Date): Promise<z.infer<typeof ComplaintCases>> {
  const today = japanDate(now), clock = await clockOf(db, today)
  const all = [...await db.execute<Row>(rows(sql`${seenBy(viewer)} and ${apart(viewer)}`))].map(row => lineOf(row, today, clock))
  return { complaints: all, open: all.filter(({ due }) => due).length, overdue: all.filter(({ overdue }) => overdue).length }
}

export async function complaintRow(db: Db, id: string, viewer: Viewer): Promise<Row | null> {
  const [row] = await db.execute<Row>(rows(sql`k.id = ${id} and ${seenBy(viewer)}`))
  return row ?? null
}

export const takersOf = ({ roles, personId }: Viewer, { handlerId }: Row) => [...(roles.includes('operator') ? ['operator' as const] : []), ...(handlerId === personId ? ['handler' as const] : [])]

export async function complaintCase(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof ComplaintCase> | null> {
  const [row] = await db.execute<Row>(rows(sql`k.id = ${id} and ${seenBy(viewer)} and ${apart(viewer)}`))
  if (!row) return null
  const today = japanDate(now), [kept] = await db.select({ account: complaints.account, contact: complaints.contact, locale: complaints.locale }).from(complaints).where(eq(complaints.id, id))
  if (!kept) throw new Error(`a complaint that says nothing: ${id}`)
  const steps = await db.select({ step: complaintSteps.step, text: complaintSteps.text, at: complaintSteps.at, by: people.name, handler: sql<string | null>`(select h.name from people h where h.id = ${complaintSteps.handler})` })
    .from(complaintSteps).innerJoin(people, eq(people.id, complaintSteps.takenBy)).where(eq(complaintSteps.complaintId, id)).orderBy(asc(complaintSteps.at), asc(complaintSteps.id))
  const choices = complaintStepsFrom(row.state, takersOf(viewer, row))
  return { ...lineOf(row, today, await clockOf(db, today)), ...kept, steps: steps.toReversed(), choices, candidates: choices.includes('assigned') ? await candidatesFor(db, row, today) : [] }
}

type Candidate = { id: string; name: string; open: number }

/** Who may be given it: operators and decision makers without a hand in its cases or a tie to it, with what each has open. */
const candidatesFor = async (db: Db, { id, handlerId }: Row, today: string): Promise<Candidate[]> => [...await db.execute<Candidate>(sql`
  select p.id, p.name, (select count(*)::int from complaints k where (select s.handler from complaint_steps s where s.complaint_id = k.id and s.step = 'assigned' order by s.at desc, s.id desc limit 1) = p.id
      and not exists (select from complaint_steps s where s.complaint_id = k.id and s.step in ('upheld', 'not_upheld'))) as open
  from people p where p.staff_roles && '{operator,decision_maker}' and p.id is distinct from ${handlerId}::uuid and cardinality(ties_to_complaint(${id}::uuid, p.id)) = 0 and not ${isTiedToComplaint(sql`${id}::uuid`, sql`p.id`, today)} order by open, p.name, p.id`)]

/** By the hash of the complainant's code; null: there is none such. */
export async function complaintStatus(db: Db, codeSha256: string): Promise<z.infer<typeof ComplaintStatus> | null> {
  const [kept] = await db.select({ id: complaints.id, reference: complaints.reference, target: complaints.target, filedAt: complaints.filedAt }).from(complaints).where(eq(complaints.codeSha256, codeSha256))
  if (!kept) return null
  const steps = await db.select({ step: complaintSteps.step, text: complaintSteps.text, at: complaintSteps.at }).from(complaintSteps).where(eq(complaintSteps.complaintId, kept.id)).orderBy(asc(complaintSteps.at), asc(complaintSteps.id))
  const filedOn = japanDate(kept.filedAt)
  const told = steps.flatMap(({ step, text, at }) => (step === 'acknowledged' || step === 'upheld' || step === 'not_upheld' ? [{ step, text, on: japanDate(at) }] : []))
  return { reference: kept.reference, target: kept.target, state: complaintState(steps.map(({ step }) => step)), filedOn, ...complaintDues(filedOn, await clockOf(db, filedOn)), told }
}

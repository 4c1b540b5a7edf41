import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { ComplaintStepForm } from '../../schema/complaint-shapes.ts'
import { complaints, complaintSteps } from '../../schema/complaints.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { complaintDues, mayTakeComplaintStep } from '../domain/complaints.ts'
import { mayHandle, type Hand } from '../domain/independence.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { isTiedToComplaint } from '../ties/untied.ts'
import { clockOf, complaintRow, takersOf, type Row } from './queries.ts'

type Form = z.infer<typeof ComplaintStepForm>
type Step = { complaintId: string; form: Form; viewer: Viewer; requestId: string; now: Date }

/** C18: what is done about a complaint, under its lock. Handing it to somebody with a tie is refused, and the attempt stays on record: the caller commits. */
export async function takeComplaintStep(tx: Db, step: Step): Promise<{ stepId: string } | Refusal> {
  const { complaintId, form, viewer } = step
  await tx.select({ id: complaints.id }).from(complaints).where(eq(complaints.id, complaintId)).for('update')
  const row = await complaintRow(tx, complaintId, viewer)
  if (!row) return { refused: 'not_found' }
  if (await isTiedNow(tx, complaintId, viewer)) { // C3: for them there is no such complaint
    await onRecord(tx, step, [])
    return { refused: 'not_found' }
  }
  const refused = mayTakeComplaintStep(row.state, form.step, takersOf(viewer, row))
  if (isRefusal(refused)) return refused
  if (form.handler && !await isFit(tx, form.handler)) return { refused: 'not_found' }
  const apart = form.step === 'note' || form.step === 'acknowledged' ? null : mayHandle(await tiesOf(tx, row, form.handler ?? viewer.personId, japanDate(step.now)))
  if (isRefusal(apart)) return onRecord(tx, step, apart.missing ?? [])
  try {
    return await keep(tx, { ...step, reference: row.reference, filedAt: new Date(row.filedAt) })
  } catch (error) {
    if (violatedConstraint(error) !== 'complaint_handler_has_no_tie') throw error
    return onRecord(tx, step, [])
  }
}

async function keep(tx: Db, { complaintId, form, viewer, requestId, now, reference, filedAt }: Step & { reference: string; filedAt: Date }): Promise<{ stepId: string }> {
  const handler = form.step === 'assigned' ? form.handler : null
  const [kept] = await within(tx, savepoint => savepoint.insert(complaintSteps).values({ complaintId, step: form.step, text: form.text, handler, takenBy: viewer.personId, at: now }).returning({ id: complaintSteps.id }))
  if (!kept) throw new Error('the step just taken is not there')
  await record(tx, { personId: viewer.personId, role: roleOf(viewer), requestId }, { operation: 'complaints.step', subjectId: complaintId, after: { step: form.step, ...(handler ? { handler } : {}) } })
  if (handler) await mailHandler(tx, { handler, reference, complaintId, stepId: kept.id, due: complaintDues(japanDate(filedAt), await clockOf(tx, japanDate(now))).answerBy })
  return { stepId: kept.id }
}

async function onRecord(tx: Db, { complaintId, form, viewer, requestId }: Step, missing: readonly string[]): Promise<Refusal> {
  await record(tx, { personId: viewer.personId, role: roleOf(viewer), requestId }, { operation: 'complaints.step.refused', subjectId: complaintId, after: { step: form.step, handler: form.handler ?? viewer.personId, refused: 'has_interest', missing } })
  return { refused: 'has_interest' }
}

const roleOf = ({ roles }: Viewer) => (roles.includes('operator') ? 'operator' : 'decision_maker')

async function isFit(tx: Db, personId: string): Promise<boolean> {
  const [person] = await tx.execute<{ fit: boolean }>(sql`select staff_roles && '{operator,decision_maker}' as fit from people where id = ${personId}`)
  return person?.fit ?? false
}

async function isTiedNow(tx: Db, complaintId: string, { personId, today }: Viewer): Promise<boolean> {
  const [row] = await tx.execute<{ tied: boolean }>(sql`select ${isTiedToComplaint(sql`${complaintId}::uuid`, sql`${personId}::uuid`, today)} as tied`)
  return row?.tied ?? false
}

async function tiesOf(tx: Db, { id }: Pick<Row, 'id'>, personId: string, today: string): Promise<Hand[]> {
  const [row] = await tx.execute<{ hands: Hand[]; tied: boolean }>(sql`select ties_to_complaint(${id}::uuid, ${personId}::uuid) as hands, ${isTiedToComplaint(sql`${id}::uuid`, sql`${personId}::uuid`, today)} as tied`)
  if (!row) return []
  return row.hands.length === 0 && row.tied ? ['tied'] : row.hands
}

type Handed = { handler: string; reference: string; complaintId: string; stepId: string; due: string }

async function mailHandler(tx: Db, { handler, reference, complaintId, stepId, due }: Handed) {
  const [person] = await tx.select({ email: people.email, locale: people.locale }).from(people).where(eq(people.id, handler))
  if (person) await enqueueMail(tx, { uniqueKey: `complaint_handed_over:${stepId}`, toEmail: person.email, locale: person.locale, template: 'complaint_handed_over', params: { reference, due, url: `/complaint-cases/${complaintId}` } })
}

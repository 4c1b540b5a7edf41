import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { assignments } from '../../schema/assessments.ts'
import type { ObjectionAnswerForm, ObjectionForm } from '../../schema/objection-forms.ts'
import { objectionAnswers, objections } from '../../schema/objections.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { mayObjectIn } from '../domain/objections.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailAnswer, mailObjection } from './mail.ts'

type By = { viewer: Viewer; requestId: string; now: Date }

/** C8: the client objects once, to one who assesses now, with a reason. The secretariat hears of it at once. */
export async function object(tx: Db, applicationId: string, { assignmentId, reasons }: z.infer<typeof ObjectionForm>, { viewer, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'applicant', { lock: true })
  if (isRefusal(theCase)) return theCase
  const [earlier] = await tx.select({ id: objections.id }).from(objections).where(eq(objections.applicationId, applicationId))
  if (earlier) return { refused: 'already_exists' }
  if (!mayObjectIn(theCase.stage)) return { refused: 'closed_for_changes' }
  const [assignment] = await tx.select({ personId: assignments.personId }).from(assignments)
    .where(and(eq(assignments.id, assignmentId), eq(assignments.applicationId, applicationId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt)))
  if (!assignment) return { refused: 'invalid' }
  const [row] = await tx.insert(objections).values({ applicationId, assignmentId, assessorId: assignment.personId, reasons, raisedBy: viewer.personId, raisedAt: now }).returning({ id: objections.id })
  if (!row) throw new Error('the objection just raised is not there')
  await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'objections.raise', applicationId, employerId: theCase.employerId, subjectId: assignment.personId })
  await mailObjection(tx, theCase, viewer.today)
  return row
}

/** The secretariat answers with reasons. Upheld, the assessor leaves the case in the same moment and does not come back (Postgres: assignee_was_not_objected_to). */
export async function answerObjection(tx: Db, applicationId: string, { outcome, reasons }: z.infer<typeof ObjectionAnswerForm>, { viewer, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'operator', { lock: true })
  if (isRefusal(theCase)) return theCase
  const [objection] = await tx.select().from(objections).where(eq(objections.applicationId, applicationId))
  if (!objection) return { refused: 'not_found' }
  if (objection.assessorId === viewer.personId) return { refused: 'not_independent' }
  const [answered] = await tx.select({ id: objectionAnswers.id }).from(objectionAnswers).where(eq(objectionAnswers.objectionId, objection.id))
  if (answered) return { refused: 'already_exists' }
  const upheld = outcome === 'upheld', by = { personId: viewer.personId, role: 'operator', requestId } as const, about = { applicationId, employerId: theCase.employerId, subjectId: objection.assessorId }
  const [row] = await tx.insert(objectionAnswers).values({ objectionId: objection.id, upheld, reasons, answeredBy: viewer.personId, answeredAt: now }).returning({ id: objectionAnswers.id })
  if (!row) throw new Error('the answer just given is not there')
  await record(tx, by, { operation: 'objections.answer', ...about, after: { upheld } })
  const [ended] = upheld ? await tx.update(assignments).set({ endedAt: now }).where(and(eq(assignments.id, objection.assignmentId), isNull(assignments.endedAt))).returning({ id: assignments.id }) : []
  if (ended) await record(tx, by, { operation: 'assignments.end', ...about })
  await mailAnswer(tx, theCase, row.id)
  return row
}

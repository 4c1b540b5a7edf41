import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { InterviewForm } from '../../schema/interview-shapes.ts'
import { interviews } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { firstDayOf } from '../domain/visit-plan.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import type { Change } from '../visits/plan.ts'
import { visitOf } from '../visits/queries.ts'

type Interview = z.infer<typeof InterviewForm>
type Written = { personId: string; now: Date; requestId: string }

/** Keeps one interview by its code. */
export async function keepInterview(tx: Db, { applicationId, viewer, body, now, requestId }: Change<Interview>): Promise<{ interviewId: string; code: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  return isRefusal(theCase) ? theCase : writeInterview(tx, theCase, body, { personId: viewer.personId, now, requestId })
}

/** In a case that is locked. The journal gets no code, no language and no words: nothing in it leads to a person. */
export async function writeInterview(tx: Db, theCase: Pick<Case, 'id' | 'employerId' | 'stage'>, { code, kind, people, language, minutes, notes, heldOn }: Interview, { personId, now, requestId }: Written): Promise<{ interviewId: string; code: string } | Refusal> {
  const applicationId = theCase.id
  if (theCase.stage !== 'visit_planned') return { refused: 'closed_for_changes' }
  const visit = await visitOf(tx, applicationId)
  if (heldOn > japanDate(now) || (visit && heldOn < firstDayOf(visit))) return { refused: 'needs', missing: ['visit_over'] }
  const [taken] = await tx.select({ id: interviews.id }).from(interviews).where(and(eq(interviews.applicationId, applicationId), eq(interviews.code, code)))
  if (taken) return { refused: 'already_exists' }
  const [row] = await tx.insert(interviews).values({ applicationId, code, form: kind, people, language, minutes, notes, heldOn, writtenBy: personId, writtenAt: now }).returning({ id: interviews.id })
  if (!row) throw new Error('the interview just kept is not there')
  await record(tx, { personId, role: 'assessor', requestId }, { operation: 'interviews.keep', applicationId, employerId: theCase.employerId, subjectId: row.id, after: { kind } })
  return { interviewId: row.id, code }
}

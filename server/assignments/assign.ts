import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { assignments } from '../../schema/assessments.ts'
import type { AssignmentForm } from '../../schema/assignment-forms.ts'
import { newId } from '../../schema/shared.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { candidatesFor } from './candidates.ts'
import { mayAssignIn } from './queries.ts'

type Assignment = z.infer<typeof AssignmentForm> & { applicationId: string; requestId: string }

// Postgres keeps clients and deciders apart from the assessment (C3, C4); what its triggers and indexes say is told in our words.
const refusedBy: Record<string, Refusal> = {
  assessor_is_no_client: { refused: 'has_interest' }, assessor_is_no_sponsor: { refused: 'has_interest' }, sponsor_chooses_no_assessor: { refused: 'not_independent' }, assessor_gave_no_advice: { refused: 'has_interest' }, assignee_has_no_tie: { refused: 'has_interest' }, assigner_has_no_tie: { refused: 'not_found' }, assignee_was_not_objected_to: { refused: 'was_objected_to' }, decider_took_no_part: { refused: 'not_independent' }, scorer_joins_no_case: { refused: 'not_independent' }, assigned_once_per_part: { refused: 'already_exists' }, interpreter_is_of_the_scheme: { refused: 'not_independent' },
}

/** Puts a person on the case. A refused breach of independence stays on record although its transaction is undone. */
export async function assign(db: Db, viewer: Viewer, assignment: Assignment, now: Date): Promise<{ assignmentId: string } | Refusal> {
  const by = { personId: viewer.personId, role: 'operator', requestId: assignment.requestId } as const
  const about = { applicationId: assignment.applicationId, subjectId: assignment.personId }
  try {
    return await writeOnce(db, { once: assignment.once, personId: viewer.personId }, tx => putOn(tx, viewer, assignment, now))
  } catch (error) {
    const refusal = refusedBy[violatedConstraint(error)]
    if (!refusal) throw error
    await within(db, tx => record(tx, by, { operation: 'assignments.assign.refused', ...about, after: { ...refusal, part: assignment.part } }))
    return refusal
  }
}

/** C3: advice and sales are ties. Who puts herself on record with one loses the case from the next request on, and says first that she knows. */
export const givesUp = (viewer: Viewer, { personId, part }: Pick<Assignment, 'personId' | 'part'>): boolean => personId === viewer.personId && (part === 'adviser' || part === 'seller')

async function putOn(tx: Db, viewer: Viewer, { applicationId, personId, part, justification, giveUp, requestId }: Assignment, now: Date): Promise<{ assignmentId: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'operator', { lock: true })
  if (isRefusal(theCase)) return theCase
  if (!mayAssignIn(theCase.stage)) return { refused: 'closed_for_changes' }
  const [person] = await tx.select({ staffRoles: people.staffRoles }).from(people).where(eq(people.id, personId))
  if (!person || (part === 'assessor' && !person.staffRoles.includes('assessor'))) return { refused: 'invalid' }
  if (givesUp(viewer, { personId, part }) && giveUp !== 'yes') return { refused: 'needs', missing: ['own_case_given_up'] }
  const by = { personId: viewer.personId, role: 'operator', requestId } as const
  const about = { applicationId, employerId: theCase.employerId, subjectId: personId }
  const [{ judged: { gaps, excluded } } = { judged: { gaps: [], excluded: null } }] = part === 'assessor' ? await candidatesFor(tx, theCase, now, personId) : []
  // C20: what is lacking is made good by a reason that stays on record; a tie (Postgres refuses it below) by none
  if (gaps.length > 0 && !excluded && justification === '') return { refused: 'needs', missing: ['gaps_justified'] }
  const assignmentId = newId()
  await tx.insert(assignments).values({ id: assignmentId, applicationId, personId, part, assignedBy: viewer.personId, assignedAt: now })
  await record(tx, by, { operation: 'assignments.assign', ...about, after: { part, ...(gaps.length > 0 ? { gaps, justification } : {}) } })
  return { assignmentId }
}

/** Takes a person off the case from now on; the part they took stays on record and keeps them from deciding. */
export function endAssignment(db: Db, viewer: Viewer, { applicationId, assignmentId, once, requestId }: { applicationId: string; assignmentId: string; once?: string | undefined; requestId: string }, now: Date): Promise<{ assignmentId: string } | Refusal> {
  return writeOnce(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'operator', { lock: true })
    if (isRefusal(theCase)) return theCase
    if (!mayAssignIn(theCase.stage)) return { refused: 'closed_for_changes' }
    const [ended] = await tx.update(assignments).set({ endedAt: now })
      .where(and(eq(assignments.id, assignmentId), eq(assignments.applicationId, applicationId), isNull(assignments.endedAt))).returning({ personId: assignments.personId })
    if (!ended) return { refused: 'not_found' }
    await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'assignments.end', applicationId, employerId: theCase.employerId, subjectId: ended.personId })
    return { assignmentId }
  })
}

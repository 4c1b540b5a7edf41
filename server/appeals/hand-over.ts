import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { HandlerForm } from '../../schema/appeal-shapes.ts'
import { appealAssignments } from '../../schema/appeals.ts'
import { applications } from '../../schema/applications.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { mayHandle, type Hand } from '../domain/independence.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailHandler } from './mail.ts'
import { appealRow } from './queries.ts'

type HandingOver = { appealId: string; form: z.infer<typeof HandlerForm>; viewer: Viewer; requestId: string; now: Date }

/** Whoever had no hand in the case may still be tied to the client (C3): what they told at /ties keeps them away as well. */
export async function handsOf(tx: Db, applicationId: string, personId: string, now: Date): Promise<Hand[]> {
  const [row] = await tx.execute<{ hands: Hand[]; tied: boolean }>(sql`select hands_in_case(${applicationId}::uuid, ${personId}::uuid) as hands, is_tied(${personId}::uuid, ${applicationId}::uuid, ${now.toISOString()}::timestamptz) as tied`)
  if (!row) return []
  return row.hands.length === 0 && row.tied ? ['tied'] : row.hands
}

/** The secretariat gives an appeal to a decision maker without any hand in the case. An attempt to give it to another is refused and stays on record (C4): the caller commits. */
export async function handOver(tx: Db, { appealId, form: { personId }, viewer, requestId, now }: HandingOver): Promise<{ assignmentId: string } | Refusal> {
  const appeal = await appealRow(tx, appealId)
  if (!appeal) return { refused: 'not_found' }
  const on = { applicationId: appeal.applicationId, employerId: appeal.employerId, subjectId: appealId }, by = { personId: viewer.personId, role: 'operator', requestId } as const
  if (viewer.tiedTo.includes(appeal.employerId)) { // C3: for them there is no such appeal
    await record(tx, by, { operation: 'appeals.hand_over.refused', ...on, after: { handler: personId, refused: 'has_interest' } })
    return { refused: 'not_found' }
  }
  if (appeal.outcome) return { refused: 'already_decided' }
  await tx.select({ id: applications.id }).from(applications).where(eq(applications.id, appeal.applicationId)).for('update')
  const [person] = await tx.execute<{ fit: boolean }>(sql`select 'decision_maker' = any(staff_roles) as fit from people where id = ${personId}`)
  if (!person?.fit) return { refused: 'not_found' }
  const refuse = async (missing: readonly string[]): Promise<Refusal> => {
    await record(tx, by, { operation: 'appeals.hand_over.refused', ...on, after: { handler: personId, refused: 'not_independent', missing } })
    return { refused: 'not_independent' }
  }
  const apart = mayHandle(await handsOf(tx, appeal.applicationId, personId, now))
  if (isRefusal(apart)) return refuse(apart.missing ?? [])
  try {
    const [kept] = await within(tx, savepoint => savepoint.insert(appealAssignments).values({ appealId, personId, assignedBy: viewer.personId, assignedAt: now }).returning({ id: appealAssignments.id }))
    if (!kept) throw new Error('the assignment just kept is not there')
    await record(tx, by, { operation: 'appeals.hand_over', ...on, after: { handler: personId } })
    await mailHandler(tx, appeal, personId, kept.id)
    return { assignmentId: kept.id }
  } catch (error) {
    const promise = violatedConstraint(error)
    if (promise === 'appeal_is_decided_once') return { refused: 'already_decided' }
    if (!['appeal_handler_took_no_part', 'appeal_handler_has_no_tie'].includes(promise)) throw error
    return refuse([])
  }
}

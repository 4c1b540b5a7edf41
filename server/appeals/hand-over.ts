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

export async function handsOf(tx: Db, applicationId: string, personId: string): Promise<Hand[]> {
  const [row] = await tx.execute<{ hands: Hand[] }>(sql`select hands_in_case(${applicationId}::uuid, ${personId}::uuid) as hands`)
  return row?.hands ?? []
}

/** The secretariat gives an appeal to a decision maker without any hand in the case. An attempt to give it to another is refused and stays on record (C4): the caller commits. */
export async function handOver(tx: Db, { appealId, form: { personId }, viewer, requestId, now }: HandingOver): Promise<{ assignmentId: string } | Refusal> {
  const appeal = await appealRow(tx, appealId)
  if (!appeal) return { refused: 'not_found' }
  if (appeal.outcome) return { refused: 'already_decided' }
  await tx.select({ id: applications.id }).from(applications).where(eq(applications.id, appeal.applicationId)).for('update')
  const [person] = await tx.execute<{ fit: boolean }>(sql`select 'decision_maker' = any(staff_roles) as fit from people where id = ${personId}`)
  if (!person?.fit) return { refused: 'not_found' }
  const on = { applicationId: appeal.applicationId, employerId: appeal.employerId, subjectId: appealId }, by = { personId: viewer.personId, role: 'operator', requestId } as const
  const refuse = async (missing: readonly string[]): Promise<Refusal> => {
    await record(tx, by, { operation: 'appeals.hand_over.refused', ...on, after: { handler: personId, refused: 'not_independent', missing } })
    return { refused: 'not_independent' }
  }
  const apart = mayHandle(await handsOf(tx, appeal.applicationId, personId))
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
    if (promise !== 'appeal_handler_took_no_part') throw error
    return refuse([])
  }
}

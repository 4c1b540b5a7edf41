import { eq } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import type { Db } from '../adapters/database.ts'
import { dueFor, type Circumstances } from '../domain/deadlines.ts'
import { step, type Action, type Need, type Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Role } from '../domain/roles.ts'
import type { Viewer } from '../http/viewer.ts'
import { record, type By } from '../journal/record.ts'
import { findCase, type Case } from './case.ts'
import { factsOf } from './facts.ts'

export type Performed = { theCase: Case; stage: Stage; as: Role }
type Step = { applicationId: string; action: Action; viewer: Viewer; version?: number; requestId?: string; now: Date; given?: Partial<Record<Need, boolean>>; circumstances?: Circumstances; before?: (theCase: Case) => Promise<Refusal | null> }

/**
 * The only place where a stage changes: lock → facts → decide → write + journal, inside the caller's transaction.
 * `circumstances` are dates that the next due date hangs on (domain/deadlines.ts). `given` are facts that the request itself brings (reasons). `version` is the one the form was drawn from: another one is `stale`.
 * `before` writes what must be there before the stage changes, once the step is allowed; its refusal leaves the stage as it is.
 * A breach of independence is refused and stays on record (C4), so the caller must commit, not throw, when it gets a refusal.
 */
export async function perform(tx: Db, { applicationId, action, viewer, version, requestId, now, given = {}, circumstances, before }: Step): Promise<Performed | Refusal> {
  const theCase = await findCase(tx, applicationId, viewer, { lock: true, deciding: action === 'certify' || action === 'refuse' })
  if (isRefusal(theCase)) return theCase
  if (version !== undefined && version !== theCase.version) return { refused: 'stale' }
  const facts = { ...await factsOf(tx, theCase, viewer.personId, now), ...given }
  const outcome = step(theCase.stage, action, theCase.held, facts)
  const by: By = { personId: viewer.personId, role: isRefusal(outcome) ? (theCase.held[0] ?? 'public') : outcome.as, requestId }
  if (isRefusal(outcome)) {
    if (outcome.refused === 'not_independent') await record(tx, by, { operation: `applications.${action}.refused`, applicationId, employerId: theCase.employerId, after: outcome })
    return outcome
  }
  const refused = await before?.(theCase)
  if (refused) return refused
  await tx.update(applications).set({ stage: outcome.stage, stageSince: now, dueAt: dueFor(outcome.stage, now, circumstances), version: theCase.version + 1 }).where(eq(applications.id, applicationId))
  await record(tx, by, { operation: `applications.${action}`, applicationId, employerId: theCase.employerId, before: { stage: theCase.stage }, after: { stage: outcome.stage } })
  return { theCase, stage: outcome.stage, as: outcome.as }
}

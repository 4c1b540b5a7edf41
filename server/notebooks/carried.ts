import { and, eq } from 'drizzle-orm'
import { notebookDevices, notebookTakeouts } from '../../schema/notebooks.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { isSecret } from '../domain/visit-plan.ts'
import type { Viewer } from '../http/viewer.ts'
import type { Device } from './devices.ts'

/**
 * What a device of this viewer is to an audit. `theCase` is null for whoever left the team or is tied by now: what the device carries home is kept
 * because it took the audit out before, and it learns nothing new. `taken`: it did.
 */
export type Carried = { device: Device; taken: boolean; theCase: Case | null; inField: boolean }

/** 404 for a colleague's device and for a case in which this viewer never had a part; a declaration that ran out is told, so that the device waits instead of being late for ever. */
export async function carriedBy(db: Db, applicationId: string, deviceId: string, viewer: Viewer, look: { lock?: true | 'share' } = {}): Promise<Carried | Refusal> {
  const [[known], theCase] = await Promise.all([ // one way there and back: each file asks
    db.select({ device: notebookDevices, takenAt: notebookTakeouts.takenAt }).from(notebookDevices)
      .leftJoin(notebookTakeouts, and(eq(notebookTakeouts.device, notebookDevices.device), eq(notebookTakeouts.applicationId, applicationId)))
      .where(and(eq(notebookDevices.device, deviceId), eq(notebookDevices.personId, viewer.personId))),
    findCaseAs(db, applicationId, viewer, 'assessor', look),
  ])
  if (!known) return { refused: 'not_found' }
  const { device } = known, taken = known.takenAt !== null
  if (!isRefusal(theCase)) return { device, taken, theCase, inField: await isInField(db, theCase) }
  return taken && theCase.refused === 'not_found' ? { device, taken, theCase: null, inField: false } : theCase
}

const openStages: readonly Stage[] = ['visit_planned', 'correcting'], secretStages: readonly Stage[] = ['desk_review', 'clarifying']

/** During the visit and the corrections; a visit without notice also before the door, while its case must not move. */
export async function isInField(db: Db, { id, stage }: Pick<Case, 'id' | 'stage'>): Promise<boolean> {
  if (openStages.includes(stage)) return true
  if (!secretStages.includes(stage)) return false
  const [visit] = await db.select({ announced: visits.announced, begunAt: visits.begunAt }).from(visits).where(eq(visits.applicationId, id))
  return visit !== undefined && isSecret(visit)
}

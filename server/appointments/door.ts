import type { Db } from '../adapters/database.ts'
import { findCase, type Case } from '../applications/case.ts'
import { isOpenFor, type Side } from '../domain/appointments.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { visitOf } from '../visits/queries.ts'
import { sideOf } from './queries.ts'

export type Spoken<Body> = { applicationId: string; viewer: Viewer; body: Body; now: Date; requestId: string }

/** The case, locked, and for which side this person speaks while days are still spoken about. */
export async function speaking(tx: Db, { applicationId, viewer }: Spoken<unknown>): Promise<{ theCase: Case; side: Side } | Refusal> {
  const theCase = await findCase(tx, applicationId, viewer, { lock: true })
  if (isRefusal(theCase)) return theCase
  const side = sideOf(theCase)
  if (!side) return { refused: 'not_found' }
  return isOpenFor(theCase.stage, await visitOf(tx, applicationId)) ? { theCase, side } : { refused: 'closed_for_changes' }
}

import type { Db } from '../adapters/database.ts'
import { isOverdue, isProvisional } from '../domain/deadlines.ts'
import { moveOf, type Stage } from '../domain/lifecycle.ts'
import type { Role } from '../domain/roles.ts'
import { findingsOf } from '../findings/queries.ts'

type Known = { id: string; stage: Stage; dueAt: Date | null; held: readonly Role[] }
export type NextMove = { mover: Role; mine: boolean; until: Date | null; overdue: boolean; provisional: boolean }

/** Whose move it is and until when; null when the application has come to its end. */
export async function nextMove(db: Db, { id, stage, dueAt, held }: Known, now: Date): Promise<NextMove | null> {
  const mover = stage === 'correcting' ? await moverWhileCorrecting(db, id) : moveOf(stage)
  return mover && { mover, mine: held.includes(mover), until: dueAt, overdue: dueAt !== null && isOverdue(dueAt, now), provisional: dueAt !== null && isProvisional(stage, dueAt) }
}

// While any finding waits for the employer it is the employer's move (server/domain/deadlines.ts says until when).
const moverWhileCorrecting = async (db: Db, id: string): Promise<Role> =>
  ((await findingsOf(db, id)).some(({ open, move }) => open && move === 'applicant') ? 'applicant' : 'assessor')

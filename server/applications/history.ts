import { and, asc, eq, like } from 'drizzle-orm'
import { screenings } from '../../schema/applications.ts'
import { decisions } from '../../schema/decisions.ts'
import { journal } from '../../schema/journal.ts'
import type { Db } from '../adapters/database.ts'
import { actions, type Action, type Stage } from '../domain/lifecycle.ts'
import type { Actor } from '../domain/roles.ts'

export type Past = { at: Date; action: Action | 'open'; role: Actor; note: string | null; from: Stage | null }

/** Every change of stage, oldest first, with the reasons that the employer was given (C2, C6). Attempts that were refused are not told. */
export async function historyOf(db: Db, applicationId: string): Promise<Past[]> {
  const rows = await db.select({ at: journal.at, operation: journal.operation, role: journal.actorRole, before: journal.before, after: journal.after, requestId: journal.requestId }).from(journal)
    .where(and(eq(journal.applicationId, applicationId), like(journal.operation, 'applications.%'))).orderBy(asc(journal.id))
  const screened = await db.select().from(screenings).where(eq(screenings.applicationId, applicationId)).orderBy(asc(screenings.screenedAt))
  const decided = await db.select({ action: decisions.outcome, reasons: decisions.reasons }).from(decisions).where(eq(decisions.applicationId, applicationId)).orderBy(asc(decisions.decidedAt), asc(decisions.id)) // another after each appeal that was upheld
  const withdrawal = rows.find(({ operation }) => operation === 'applications.withdraw_reasons')?.after as { reasons: string } | undefined
  const reviews = [...screened]
  return rows.flatMap(({ at, operation, role, before }) => {
    const action = known.find(name => operation === `applications.${name}`)
    if (!action) return []
    const reasons = isScreening(action) ? reviews.splice(reviews.findIndex(({ outcome }) => outcome === action), 1)[0]?.reasons
      : action === 'certify' || action === 'refuse' ? decided.splice(decided.findIndex(one => one.action === action), 1)[0]?.reasons : action === 'withdraw' ? withdrawal?.reasons : null
    return [{ at, action, role: role as Actor, note: reasons || null, from: (before as { stage?: Stage } | null)?.stage ?? null }]
  })
}

const known = ['open', ...actions] as const
const isScreening = (action: string): action is 'accept' | 'return' | 'decline' => ['accept', 'return', 'decline'].includes(action)

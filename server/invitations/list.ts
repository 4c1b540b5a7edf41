import { and, desc, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { InvitationsPage } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { suppliers } from '../../schema/suppliers.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { invitationState, invitationStates } from '../domain/invitations.ts'
import { progressOf } from './progress.ts'

const most = 500

/** Everything that this buyer sent, the newest first; three statements, however many. */
export async function invitationsPage(db: Db, buyerId: string, now: Date): Promise<z.infer<typeof InvitationsPage>> {
  const rows = await db.select({ invitation: invitations, supplier: suppliers.name }).from(invitations).innerJoin(suppliers, eq(suppliers.id, invitations.supplierId))
    .where(and(eq(invitations.buyerId, buyerId), isNull(suppliers.removedAt))).orderBy(desc(invitations.sentAt), desc(invitations.id)).limit(most + 1)
  const shown = rows.slice(0, most).map(({ invitation, supplier }) => ({ ...invitation, supplier, state: invitationState(invitation, now) }))
  const progress = await progressOf(db, shown.flatMap(({ state, employerId }) => (state === 'accepted' && employerId ? [employerId] : [])), japanDate(now))
  return {
    invitations: shown.map(({ supplierId, supplier, state, sentAt, employerId }) => ({ supplierId, supplier, state, sentAt, step: state === 'accepted' && employerId ? progress.get(employerId)?.step ?? null : null })),
    counts: invitationStates.map(state => ({ state, count: shown.filter(one => one.state === state).length })).filter(({ count }) => count > 0), more: rows.length > most,
  }
}

import { and, eq, isNull } from 'drizzle-orm'
import { suppliers } from '../../schema/suppliers.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { Refused } from '../http/problems.ts'
import type { Viewer } from '../http/viewer.ts'

export type Supplier = typeof suppliers.$inferSelect
export type Member = { personId: string; buyerId: string }

/** Whoever speaks for a buyer here; the route has let nobody else in. */
export function memberOf({ personId, buyerId }: Viewer): Member {
  if (!buyerId) throw new Refused({ refused: 'not_your_role' })
  return { personId, buyerId }
}

/** A supplier on this buyer's own list. Another buyer's and a made-up one look alike. */
export async function ownSupplier(db: Db, supplierId: string, buyerId: string, { lock = false } = {}): Promise<Supplier | Refusal> {
  const query = db.select().from(suppliers).where(and(eq(suppliers.id, supplierId), eq(suppliers.buyerId, buyerId), isNull(suppliers.removedAt)))
  const [supplier] = lock ? await query.for('update') : await query
  return supplier ?? { refused: 'not_found' }
}

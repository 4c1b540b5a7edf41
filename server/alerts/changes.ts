import { sql } from 'drizzle-orm'
import type { Changes } from '../../schema/alert-shapes.ts'
import type { Db } from '../adapters/database.ts'

type Asked = { after?: number | undefined; limit?: number | undefined; buyerId?: string }

/**
 * What changed on the register after a place, oldest first. The log's lock makes `seq` the order of commits, so a reader who goes on from
 * `last` misses nothing. With a buyer: only of those it watches now.
 */
export async function changesAfter(db: Db, { after = 0, limit = 200, buyerId }: Asked): Promise<Changes> {
  const rows = await db.execute<Omit<Changes['changes'][number], 'at'> & { at: string }>(sql`
    select seq::int as seq, change, number, holder, standing, standing_before as "standingBefore", happened_on::text as since, reason_class as "reasonClass", edition, at from register_changes
    where seq > ${after} ${buyerId ? sql`and holder in (select holder from suppliers where buyer_id = ${buyerId} and removed_at is null)` : sql``} order by seq limit ${limit + 1}`)
  const changes = [...rows].slice(0, limit).map(row => ({ ...row, at: new Date(row.at) }))
  return { changes, last: changes.at(-1)?.seq ?? after, more: rows.length > limit }
}

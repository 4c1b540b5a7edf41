import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Alerts } from '../../schema/alert-shapes.ts'
import type { Db } from '../adapters/database.ts'

const a_page = 50
type Alert = z.infer<typeof Alerts>['alerts'][number]

/** What a buyer was told, newest first. */
export async function alertsOf(db: Db, buyerId: string, before: number | undefined): Promise<z.infer<typeof Alerts>> {
  const rows = await db.execute<Omit<Alert, 'at'> & { at: string }>(sql`
    select a.id, c.seq::int as seq, s.id as "supplierId", s.name as supplier, c.number, c.standing, c.standing_before as before, c.happened_on::text as on, c.reason_class as "reasonClass", a.at, a.seen_at is not null as seen
    from alerts a join register_changes c on c.seq = a.change_seq join suppliers s on s.id = a.supplier_id where a.buyer_id = ${buyerId} ${before === undefined ? sql`` : sql`and a.change_seq < ${before}`} order by a.change_seq desc limit ${a_page + 1}`)
  const [unseen] = await db.execute<{ unseen: number }>(sql`select count(*)::int as unseen from alerts where buyer_id = ${buyerId} and seen_at is null`)
  const alerts = [...rows].slice(0, a_page).map(row => ({ ...row, at: new Date(row.at) }))
  return { alerts, unseen: unseen?.unseen ?? 0, next: rows.length > a_page ? alerts.at(-1)?.seq ?? null : null, first: before === undefined }
}

export const markSeen = (tx: Db, buyerId: string, now: Date) => tx.execute(sql`update alerts set seen_at = ${now.toISOString()} where buyer_id = ${buyerId} and seen_at is null`)

import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { dueDiligenceExports } from '../../schema/due-diligence.ts'
import type { ExportForm } from '../../schema/due-diligence-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Member } from '../invitations/own.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'

type Order = z.infer<typeof ExportForm>

/** In the caller's transaction: the order with a copy of what is asked. Whoever leaves the list afterwards was still asked for on this day. */
export async function orderExport(tx: Db, { from, to, tier, group, language }: Order, { personId, buyerId, requestId, now }: Member & { requestId: string; now: Date }): Promise<{ id: string; suppliers: number } | Refusal> {
  const [running] = await tx.execute(sql`select from due_diligence_exports where buyer_id = ${buyerId} and done_at is null and ordered_at > ${now.toISOString()}::timestamptz - interval '1 day' limit 1`)
  if (running) return { refused: 'export_running' }
  const [order] = await tx.insert(dueDiligenceExports).values({ buyerId, orderedBy: personId, orderedAt: now, locale: language, tier, groupName: group, periodFrom: from, periodTo: to, listChangedAt: await listChangedAt(tx, buyerId) }).returning({ id: dueDiligenceExports.id })
  if (!order) throw new Error('the order just written is not there')
  const { count: suppliers } = await tx.execute(sql`
    insert into due_diligence_lines (export_id, nth, supplier_id, name, country, tier, group_name, holder, matched, wanted_level, wanted_by)
    select ${order.id}, row_number() over (order by tier, name, id), id, name, country, tier, group_name, holder, matched, wanted_level, wanted_by from suppliers
    where buyer_id = ${buyerId} and removed_at is null and (${tier}::int is null or tier = ${tier}::int) and (${group}::text is null or group_name = ${group}::text)`) as unknown as { count: number }
  if (suppliers === 0) {
    await tx.delete(dueDiligenceExports).where(sql`id = ${order.id}`)
    return { refused: 'no_suppliers' }
  }
  await enqueueJob(tx, 'export_due_diligence', { exportId: order.id })
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'due_diligence.order', subjectId: order.id, after: { suppliers } })
  return { id: order.id, suppliers }
}

async function listChangedAt(tx: Db, buyerId: string): Promise<Date | null> {
  const [row] = await tx.execute<{ at: string | null }>(sql`select greatest(max(added_at), max(removed_at)) as at from suppliers where buyer_id = ${buyerId}`)
  return row?.at ? new Date(row.at) : null
}

import { and, asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { dueDiligenceExports, dueDiligenceFiles, type exportFileKinds } from '../../schema/due-diligence.ts'
import type { ExportPage, ExportsPage } from '../../schema/due-diligence-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths, japanDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'

type Page = z.infer<typeof ExportPage>
type Row = Omit<z.infer<typeof ExportsPage>['exports'][number], 'state' | 'orderedAt'> & { orderedAt: string; doneAt: string | null; startedAt: string | null; checkpointSize: string | null; attempts: number | null; most: number | null; locked: boolean }

/** Every export of this buyer, the newest first, and what a new one could hold. */
export async function exportsPage(db: Db, buyerId: string, now: Date): Promise<z.infer<typeof ExportsPage>> {
  const rows = await db.execute<Row>(sql`${exportsOf(buyerId)} order by o.ordered_at desc, o.id desc limit 100`)
  const [list] = await db.execute<{ suppliers: number; tiers: number[]; groups: string[] }>(sql`
    select count(*)::int as suppliers, coalesce(array_agg(distinct tier), '{}') as tiers, coalesce(array_agg(distinct group_name) filter (where group_name <> ''), '{}') as groups
    from suppliers where buyer_id = ${buyerId} and removed_at is null`)
  const today = japanDate(now)
  return { exports: rows.map(shown), suppliers: list?.suppliers ?? 0, tiers: list?.tiers ?? [], groups: list?.groups ?? [], period: { from: addMonths(today, -12), to: today } }
}

export async function exportPage(db: Db, id: string, { buyerId, publicUrl }: { buyerId: string; publicUrl: string }): Promise<Page | Refusal> {
  const [row] = await db.execute<Row>(sql`${exportsOf(buyerId)} and o.id = ${id}`)
  if (!row) return { refused: 'not_found' }
  const counts = await db.execute<Page['counts'][number]>(sql`
    select coalesce(standing, 'not_on_register') as standing, count(*)::int as count from due_diligence_lines where export_id = ${id} and checked_at is not null group by 1 order by 2 desc, 1`)
  const files = await db.select({ kind: dueDiligenceFiles.kind, sha256: dueDiligenceFiles.sha256, size: dueDiligenceFiles.size }).from(dueDiligenceFiles).where(eq(dueDiligenceFiles.exportId, id)).orderBy(sql`kind = 'receipts'`, asc(dueDiligenceFiles.kind))
  return { ...shown(row), publicUrl, counts: [...counts], files, startedAt: row.startedAt ? new Date(row.startedAt) : null, doneAt: row.doneAt ? new Date(row.doneAt) : null, checkpointSize: row.checkpointSize === null ? null : Number(row.checkpointSize) }
}

export async function exportFile(db: Db, { id, file }: { id: string; file: (typeof exportFileKinds)[number] }, buyerId: string) {
  const [row] = await db.select({ key: dueDiligenceFiles.documentKey, size: dueDiligenceFiles.size, orderedAt: dueDiligenceExports.orderedAt }).from(dueDiligenceFiles).innerJoin(dueDiligenceExports, eq(dueDiligenceExports.id, dueDiligenceFiles.exportId))
    .where(and(eq(dueDiligenceFiles.exportId, id), eq(dueDiligenceFiles.kind, file), eq(dueDiligenceExports.buyerId, buyerId)))
  return row
}

const exportsOf = (buyerId: string) => sql`
  select o.id, o.ordered_at as "orderedAt", p.name as "orderedBy", o.locale as language, o.tier, o.group_name as group, o.period_from::text as from, o.period_to::text as to, o.started_at as "startedAt", o.done_at as "doneAt",
    o.checkpoint_size as "checkpointSize", (select count(*)::int from due_diligence_lines l where l.export_id = o.id) as all, (select count(*)::int from due_diligence_lines l where l.export_id = o.id and l.checked_at is not null) as done,
    j.attempts, j.max_attempts as most, j.locked_at is not null as locked
  from due_diligence_exports o join people p on p.id = o.ordered_by left join graphile_worker.jobs j on j.key = 'export_due_diligence:' || o.id where o.buyer_id = ${buyerId}`

function shown({ attempts, most, locked, orderedAt, ...row }: Row) {
  return { ...row, orderedAt: new Date(orderedAt), state: stateOf(row.doneAt, { attempts, most, locked }) }
}

// A job in hand has lost its key (server/reissues/queries.ts), so a missing row means: working, or about to.
function stateOf(doneAt: string | null, { attempts, most, locked }: Pick<Row, 'attempts' | 'most' | 'locked'>): Page['state'] {
  if (doneAt) return 'done'
  if (attempts !== null && attempts >= (most ?? 0)) return 'stuck'
  return attempts && !locked ? 'waiting' : 'running'
}

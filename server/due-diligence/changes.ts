import { sql } from 'drizzle-orm'
import type { changeNames } from '../../schema/register.ts'
import type { Db } from '../adapters/database.ts'
import type { Standing } from '../domain/standing.ts'
import type { Export } from './lines.ts'

export type Change = { name: string; number: string; change: (typeof changeNames)[number]; standing: Standing; on: string; at: Date }
const most = 2000 // lines of a printed table; the rest is in the feed, and the report says how many

/** What the register told of these suppliers within the period, while they were on the list: the newest of them, in the order in which they were told, and how many there were. */
export async function changesFor(db: Db, { id, periodFrom, periodTo }: Export): Promise<{ changes: Change[]; changesTold: number }> {
  const rows = await db.execute<Omit<Change, 'at'> & { at: string; told: number }>(sql`
    select l.name, c.number, c.change, c.standing, c.happened_on::text as on, c.at, (count(*) over ())::int as told from due_diligence_lines l join suppliers s on s.id = l.supplier_id join register_changes c on c.holder = l.holder
    where l.export_id = ${id} and c.at >= s.added_at and c.change not in ('reissued', 'prolonged')
      and c.at >= ${`${periodFrom}T00:00:00+09:00`}::timestamptz and c.at < ${`${periodTo}T00:00:00+09:00`}::timestamptz + interval '1 day'
    order by c.seq desc limit ${most}`)
  return { changes: rows.map(({ at, told: _, ...row }) => ({ ...row, at: new Date(at) })).toReversed(), changesTold: rows[0]?.told ?? 0 }
}

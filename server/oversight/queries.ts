import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Oversight } from '../../schema/oversight-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { countRemedies, type Remedy } from '../domain/oversight.ts'

type Kind = 'appeals' | 'complaints'

/** Both counts, and how long the log was then, in one statement: two days and how it ended, of each. */
export async function oversightOf(db: Db): Promise<z.infer<typeof Oversight>> {
  const all = [...await db.execute<Remedy & { kind: Kind | 'log'; size: number }>(sql`
    select 'log' as kind, null as "filedOn", null as "answeredOn", false as upheld, size::int from log_state
    union all select 'appeals', (a.filed_at at time zone 'Asia/Tokyo')::date::text, (o.decided_at at time zone 'Asia/Tokyo')::date::text, coalesce(o.outcome = 'upheld', false), 0
      from appeals a left join appeal_decisions o on o.appeal_id = a.id
    union all
    select 'complaints', (k.filed_at at time zone 'Asia/Tokyo')::date::text, (s.at at time zone 'Asia/Tokyo')::date::text, coalesce(s.step = 'upheld', false), 0
      from complaints k left join complaint_steps s on s.complaint_id = k.id and s.step in ('upheld', 'not_upheld')`)]
  const of = (kind: Kind) => {
    const counts = countRemedies(all.filter(remedy => remedy.kind === kind))
    return { ...counts, notUpheld: counts.answered - counts.upheld, sharePercent: counts.answered > 0 ? Math.round((counts.upheld / counts.answered) * 100) : null }
  }
  return { appeals: of('appeals'), complaints: of('complaints'), logSize: all.find(({ kind }) => kind === 'log')?.size ?? 0 }
}

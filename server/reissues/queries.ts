import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { ReissuePage, Reissues } from '../../schema/reissue-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { stillCounts } from './order.ts'

type Row = { id: string; reason: string; requestedBy: string | null; requestedAt: Date; done: number; all: number; attempts: number | null; most: number | null; running: boolean; problem: string | null }
type Page = z.infer<typeof ReissuePage>

/** Every order, the newest first, and what a new one could concern. */
export async function reissueList(db: Db, today: CalendarDate): Promise<z.infer<typeof Reissues>> {
  const rows = await db.execute<Row>(sql`${orders(today)} order by o.requested_at desc limit 50`)
  const keys = await db.execute<{ keyId: string; certificates: number }>(sql`
    select key_id as "keyId", count(*)::int as certificates from public_certificates c where ${stillCounts(today)} group by key_id order by 2 desc`)
  return { reissues: rows.map(shown), keys: [...keys], current: keys.reduce((sum, { certificates }) => sum + certificates, 0) }
}

export async function reissueById(db: Db, id: string, today: CalendarDate): Promise<Page | Refusal> {
  const [row] = await db.execute<Row>(sql`${orders(today)} where o.id = ${id}`)
  return row ? shown(row) : { refused: 'not_found' }
}

// Of whom an order concerns, those that ended before their turn count no more.
const orders = (today: CalendarDate) => sql`
  select o.id, o.reason, p.name as "requestedBy", o.requested_at as "requestedAt",
    (select count(*)::int from reissue_certificates r join public_certificates c on c.id = r.certificate_id where r.reissue_id = o.id
      and (${stillCounts(today)} or exists (select from certificate_files f where f.certificate_id = c.id and f.reissue_id = o.id))) as all,
    (select count(*)::int from certificate_files f where f.reissue_id = o.id) as done,
    j.attempts, j.max_attempts as most, j.locked_at is not null as running, j.last_error as problem
  from reissues o left join people p on p.id = o.requested_by left join graphile_worker.jobs j on j.key = 'reissue:' || o.id`

function shown({ attempts, most, running, problem, requestedAt, ...row }: Row): Page {
  return { ...row, requestedAt: new Date(requestedAt), state: stateOf(row, { attempts, most, running }), problem: attempts ? problem?.split('\n')[0]?.slice(0, 200) ?? null : null }
}

// A job in hand has lost its key (graphile-worker frees it for the next one), so a missing row means: working, or about to.
function stateOf({ done, all }: { done: number; all: number }, { attempts, most, running }: { attempts: number | null; most: number | null; running: boolean }): Page['state'] {
  if (done >= all) return 'done'
  if (attempts !== null && attempts >= (most ?? 0)) return 'stuck'
  return attempts && !running ? 'waiting' : 'running'
}

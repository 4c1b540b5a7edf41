import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { alteredDossiers } from './dossiers.ts'
import { LogAltered } from './nodes.ts'
import { sizeOf } from './publish.ts'

const atOnce = 20_000 // a query has twelve seconds; this many lines take about one
const mostNamed = 10

/**
 * Job, hourly: every line against its hash, and every event, appeal and complaint against its line, every sealed dossier against its own. What publishing reads is only the end of the log; this reads
 * all of it. Throws LogAltered and names the first ten that differ; the failed job then keeps /health/ready from saying ok until a person looks.
 */
export async function auditLog(db: Db): Promise<void> {
  const size = await sizeOf(db), named: string[] = []
  for (let from = 0; from < size && named.length < mostNamed; from += atOnce) {
    const to = Math.min(size, from + atOnce)
    const lines = await db.execute<{ seq: string }>(sql`
      select e.seq from log_entries e left join log_nodes n on n.level = 0 and n.idx = e.seq
      where e.seq >= ${from} and e.seq < ${to} and n.hash is distinct from sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) order by e.seq limit ${mostNamed}`)
    const events = await db.execute<{ seq: string }>(sql`
      select coalesce(v.log_seq, e.seq) as seq from (select * from certificate_events where log_seq >= ${from} and log_seq < ${to}) v
        full join (select * from log_entries where seq >= ${from} and seq < ${to} and body::json->>'cert' is not null) e on e.seq = v.log_seq
      where canonical_json(line_of_event(v::certificate_events) || jsonb_build_object('v', 1, 'seq', v.log_seq, 't', to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
        is distinct from e.body order by 1 limit ${mostNamed}`)
    const remedies = await db.execute<{ seq: string }>(sql`
      select coalesce(r.log_seq, e.seq) as seq from (select * from remedies_told where log_seq >= ${from} and log_seq < ${to}) r
        full join (select * from log_entries where seq >= ${from} and seq < ${to} and body::json->>'case' is not null) e on e.seq = r.log_seq
      where canonical_json(r.fields || jsonb_build_object('v', 1, 'seq', r.log_seq, 't', to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) is distinct from e.body order by 1 limit ${mostNamed}`)
    named.push(...[...lines].map(({ seq }) => `line ${seq} is not what was hashed`), ...[...events].map(({ seq }) => `line ${seq} and its event differ`), ...[...remedies].map(({ seq }) => `line ${seq} and its appeal or complaint differ`))
  }
  if (named.length < mostNamed) named.push(...await alteredDossiers(db))
  if (named.length > 0) throw new LogAltered(named.slice(0, mostNamed).join('; '))
}

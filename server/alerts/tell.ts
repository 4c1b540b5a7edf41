import { sql, type SQL } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { wakeAgain } from '../webhooks/deliver.ts'
import type { World } from '../world.ts'
import { mailNews } from './mail.ts'

// So many changes, or changes with so many watchers, are told in one transaction: a statement has fifteen seconds, and one that a thousand watch is no small thing.
const batch = { changes: 200, watchers: 5000 }

/**
 * Job: tells the watchers of what changed on the register, in the order in which it changed. One transaction for alerts, mails, webhook
 * messages and the place that was reached: whoever dies has told nothing, and the next run tells all of it, once.
 */
export async function tellWatchers(world: World): Promise<void> {
  while (await within(world.database.db, tx => tellSome(tx, world))) { /* until nothing is left */ }
}

async function tellSome(tx: Db, { publicUrl, now }: World): Promise<boolean> {
  const place = await placeToldTo(tx)
  const last = await endOfBatch(tx, place)
  if (last === null) return false
  const range = sql`c.seq > ${place}::bigint and c.seq <= ${last}::bigint`
  // What a watcher wants to hear: another standing, or another file under the same number. A longer proof of the same file is neither.
  await tx.execute(sql`
    insert into alerts (id, buyer_id, supplier_id, change_seq, at) select gen_random_uuid(), s.buyer_id, s.id, c.seq, ${now().toISOString()}::timestamptz from register_changes c join suppliers s on s.holder = c.holder and s.removed_at is null
    where ${range} and c.change <> 'prolonged' and (c.standing is distinct from c.standing_before or c.change in ('reissued', 'scope_reduced', 'issued')) on conflict do nothing`)
  await mailNews(tx, { range, mode: 'at_once', key: `supplier_changed:${last}`, publicUrl })
  await queueWebhooks(tx, range, { publicUrl, now: now() })
  await tx.execute(sql`update watchers_told set seq = ${last}::bigint, at = now() where id = 1`)
  return true
}

/** Whoever holds this row tells; the next one waits, and then sees what was told. */
export async function placeToldTo(tx: Db): Promise<string> {
  const [place] = await tx.execute<{ seq: string }>(sql`select seq from watchers_told where id = 1 for update`)
  if (!place) throw new Error('watchers_told has lost its row')
  return place.seq
}

async function endOfBatch(tx: Db, place: string): Promise<string | null> {
  const [row] = await tx.execute<{ last: string | null }>(sql`
    select coalesce(max(seq) filter (where watchers <= ${batch.watchers}), min(seq))::text as last from (
      select seq, sum(watchers) over (order by seq) as watchers from (
        select c.seq, (select count(*) from suppliers s where s.holder = c.holder and s.removed_at is null) as watchers from register_changes c where c.seq > ${place}::bigint order by c.seq limit ${batch.changes}) each_change) summed`)
  return row?.last ?? null
}

async function queueWebhooks(tx: Db, range: SQL, { publicUrl, now }: { publicUrl: string; now: Date }) {
  const made = await tx.execute(sql`
    insert into webhook_deliveries (id, endpoint_id, alert_id, next_at, payload)
    select gen_random_uuid(), e.id, a.id, ${now.toISOString()}::timestamptz, jsonb_build_object('type', 'certificate.changed', 'timestamp', to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', jsonb_build_object(
      'seq', c.seq, 'change', c.change, 'number', c.number, 'holder', c.holder, 'standing', c.standing, 'standingBefore', c.standing_before, 'since', c.happened_on, 'reasonClass', c.reason_class, 'edition', c.edition,
      'supplier', jsonb_build_object('id', s.id, 'name', s.name), 'url', ${`${publicUrl}/c/`}::text || c.number))
    from alerts a join register_changes c on c.seq = a.change_seq join suppliers s on s.id = a.supplier_id join webhook_endpoints e on e.buyer_id = a.buyer_id and e.removed_at is null and e.active
    where ${range} on conflict do nothing returning 1`)
  if (made.length > 0) await wakeAgain(tx)
}

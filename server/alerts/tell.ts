import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { wakeAgain } from '../webhooks/deliver.ts'
import type { World } from '../world.ts'

const batch = 200

/**
 * Job: tells the watchers of what changed on the register, in the order in which it changed. One transaction for alerts, mails, webhook
 * messages and the place that was reached: whoever dies has told nothing, and the next run tells all of it, once.
 */
export async function tellWatchers(world: World): Promise<void> {
  for (let told = batch; told === batch;) told = await within(world.database.db, tx => tellSome(tx, world))
}

async function tellSome(tx: Db, { publicUrl, now }: World): Promise<number> {
  const [place] = await tx.execute<{ seq: string }>(sql`select seq from watchers_told where id = 1 for update`)
  const changes = await tx.execute<{ seq: number }>(sql`select seq::int as seq from register_changes where seq > ${place?.seq ?? 0}::bigint order by seq limit ${batch}`)
  const last = changes.at(-1)
  if (!last) return 0
  const range = sql`c.seq > ${place?.seq ?? 0}::bigint and c.seq <= ${last.seq}::bigint`
  // What a watcher wants to hear: another standing, or another file under the same number. A longer proof of the same file is neither.
  await tx.execute(sql`
    insert into alerts (id, buyer_id, supplier_id, change_seq, at) select gen_random_uuid(), s.buyer_id, s.id, c.seq, c.at from register_changes c join suppliers s on s.holder = c.holder and s.removed_at is null
    where ${range} and c.change <> 'prolonged' and (c.standing is distinct from c.standing_before or c.change in ('reissued', 'scope_reduced', 'issued')) on conflict do nothing`)
  await queueMails(tx, range)
  await queueWebhooks(tx, range, { publicUrl, now: now() })
  await tx.execute(sql`update watchers_told set seq = ${last.seq}, at = now() where id = 1`)
  return changes.length
}

type Told = { personId: string; email: string; locale: string; supplier: string; supplierId: string; standing: string; before: string | null; on: string; reason: string | null; number: string; seq: number }

const news = (range: ReturnType<typeof sql>, mode: 'at_once' | 'daily') => sql<Told>`
  select p.id as "personId", p.email, p.locale, s.name as supplier, s.id as "supplierId", c.standing, c.standing_before as before, c.happened_on::text as on, c.reason_class as reason, c.number, c.seq::int as seq
  from alerts a join register_changes c on c.seq = a.change_seq join suppliers s on s.id = a.supplier_id join buyer_members m on m.buyer_id = a.buyer_id and m.alerts = ${mode} join people p on p.id = m.person_id
  where ${range} order by p.id, c.seq`

// Several changes at one moment are one mail.
async function queueMails(tx: Db, range: ReturnType<typeof sql>) {
  for (const mine of byPerson([...await tx.execute<Told>(news(range, 'at_once'))])) await mailTo(tx, mine, `supplier_changed:${mine.at(-1)?.seq}`)
}

function byPerson(told: readonly Told[]): Told[][] {
  const groups = new Map<string, Told[]>()
  for (const one of told) groups.set(one.personId, [...groups.get(one.personId) ?? [], one])
  return [...groups.values()]
}

const most_lines = 30

async function mailTo(tx: Db, told: readonly Told[], key: string) {
  const [first] = told
  if (!first) return
  const locale = asLocale(first.locale)
  const lines = told.slice(0, most_lines).map(({ supplier, standing, before, on, reason, number }) => [
    `${supplier}（${number}）`, `  ${before ? `${translate(locale, `alerts.word_${before}`)} → ` : ''}${translate(locale, `alerts.word_${standing}`)}  ${on}`, ...(reason ? [`  ${translate(locale, `certificates.reason_${reason}`)}`] : []),
  ].join('\n'))
  await enqueueMail(tx, {
    uniqueKey: `${key}:${first.personId}`, toEmail: first.email, locale, template: 'supplier_changed',
    params: { supplier: first.supplier, standing: translate(locale, `alerts.word_${first.standing}`), more: told.length > 1 ? translate(locale, 'alerts.and_more', { count: told.length - 1 }) : '', lines: lines.join('\n\n'), url: told.length === 1 ? `/watchlist/${first.supplierId}` : '/alerts' },
  })
}

async function queueWebhooks(tx: Db, range: ReturnType<typeof sql>, { publicUrl, now }: { publicUrl: string; now: Date }) {
  const made = await tx.execute(sql`
    insert into webhook_deliveries (id, endpoint_id, alert_id, next_at, payload)
    select gen_random_uuid(), e.id, a.id, ${now.toISOString()}::timestamptz, jsonb_build_object('type', 'certificate.changed', 'timestamp', to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', jsonb_build_object(
      'seq', c.seq, 'change', c.change, 'number', c.number, 'holder', c.holder, 'standing', c.standing, 'standingBefore', c.standing_before, 'since', c.happened_on, 'reasonClass', c.reason_class, 'edition', c.edition,
      'supplier', jsonb_build_object('id', s.id, 'name', s.name), 'url', ${`${publicUrl}/c/`}::text || c.number))
    from alerts a join register_changes c on c.seq = a.change_seq join suppliers s on s.id = a.supplier_id join webhook_endpoints e on e.buyer_id = a.buyer_id and e.removed_at is null and e.active
    where ${range} on conflict do nothing returning 1`)
  if (made.length > 0) await wakeAgain(tx)
}

/** Job, at seven in the morning in Japan: one mail with the day's changes to those who want one a day. The day is in the key: twice is once. */
export async function dailyAlerts({ database: { db }, now }: World): Promise<void> {
  const since = new Date(now().getTime() - 24 * 3_600_000).toISOString()
  await within(db, async tx => {
    for (const mine of byPerson([...await tx.execute<Told>(news(sql`a.at > ${since} and a.at <= ${now().toISOString()}`, 'daily'))])) await mailTo(tx, mine, `daily_alerts:${japanDate(now())}`)
  })
}

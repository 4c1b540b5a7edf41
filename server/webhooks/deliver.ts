import { eq, sql } from 'drizzle-orm'
import { webhookDeliveries, webhookEndpoints } from '../../schema/alerts.ts'
import { buyerMembers } from '../../schema/buyers.ts'
import { people } from '../../schema/accounts.ts'
import { within, type Db } from '../adapters/database.ts'
import type { Answered } from '../adapters/outbound.ts'
import { failing_days, nextTry } from '../domain/webhook-tries.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { World } from '../world.ts'
import { signedHeaders } from './sign.ts'

const lanes = 64 // so many receivers are waited for at once: fifty that hang hold nobody else up
const lanes_of_one = 4 // and so many of one endpoint, so that one that hangs with a long queue does not take them all
const lease_ms = 60_000
const look_again_ms = 500
const gather_ms = 20 // answers come in crowds: one question to Postgres for all the lanes that are free again

type Claimed = { id: string; endpointId: string; payload: Record<string, unknown>; tries: number; url: string; secret: string; formerSecret: string | null; formerUntil: string | null }

/**
 * Job: sends what is due, as many at once as there are lanes, until nothing is and everything has its answer; what falls due meanwhile goes
 * along. No transaction is open while a receiver is waited for: a delivery is claimed with a lease, and whoever dies leaves it to the next
 * run. Two runs share the work. Queues itself for the next due time.
 */
export async function deliverWebhooks(world: World): Promise<void> {
  const { database: { db } } = world
  const going = new Map<Promise<void>, string>(), failures: unknown[] = []
  const start = (one: Claimed) => {
    const sending = deliver(world, one).catch((error: unknown) => void failures.push(error)).finally(() => going.delete(sending))
    going.set(sending, one.endpointId)
  }
  do {
    if (failures.length === 0 && going.size < lanes) for (const one of await claim(db, world.now(), { most: lanes - going.size, busy: busyAmong(going) }).catch((error: unknown) => { failures.push(error); return [] })) start(one)
    if (going.size > 0) await Promise.race([...going.keys(), pause(look_again_ms)]).then(() => pause(gather_ms))
  } while (going.size > 0)
  if (failures.length > 0) throw failures[0] // the runner tries again; the leases run out
  await wakeAgain(db, { soonest_s: 1 })
}

const pause = (ms: number) => new Promise<void>(resolve => { setTimeout(resolve, ms) })

function busyAmong(going: ReadonlyMap<unknown, string>): string[] {
  const counts = new Map<string, number>()
  for (const endpoint of going.values()) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= lanes_of_one).map(([endpoint]) => endpoint)
}

/**
 * Queues the sending for the next time that something is due; in a transaction that makes deliveries, at once. Clocks differ: after a run a
 * second passes, lest it ask itself without end. What waits for a stopped endpoint is due to nobody. One run at a time (the queue): a run
 * takes along what falls due, and however many changes come, receivers that hang hold one of the runner's places, never those of the mails; nor does it wait behind a thousand of them.
 */
export const wakeAgain = (tx: Db, { soonest_s = 0 } = {}) => tx.execute(sql`
  select graphile_worker.add_job('deliver_webhooks', '{}'::json, queue_name => 'webhooks', job_key => 'deliver_webhooks', priority => -1, run_at => greatest(min(d.next_at), now() + make_interval(secs => ${soonest_s})), max_attempts => 25)
  from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id and e.active and e.removed_at is null where d.state in ('waiting', 'sending') having count(*) > 0`)

const nearest = 4 * lanes // among so many due ones it is shared out: a long queue is not read to its end each time

async function claim(db: Db, now: Date, { most, busy }: { most: number; busy: string[] }): Promise<Claimed[]> {
  const at = now.toISOString(), leased = new Date(now.getTime() + lease_ms).toISOString()
  return [...await db.execute<Claimed>(sql`
    with near as materialized (select d.id, d.endpoint_id, d.next_at from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id and e.active and e.removed_at is null
      where d.state in ('waiting', 'sending') and d.next_at <= ${at} and d.endpoint_id <> all(${`{${busy.join(',')}}`}::uuid[]) order by d.next_at limit ${nearest}),
    fair as (select id, row_number() over (partition by endpoint_id order by next_at) as nth from near),
    mine as (select d.id from webhook_deliveries d join fair on fair.id = d.id and fair.nth <= ${lanes_of_one} where d.state in ('waiting', 'sending') and d.next_at <= ${at} order by d.next_at limit ${most} for update of d skip locked)
    update webhook_deliveries d set state = 'sending', next_at = ${leased} from mine, webhook_endpoints e where d.id = mine.id and e.id = d.endpoint_id
    returning d.id, d.endpoint_id as "endpointId", d.payload, d.tries, e.url, e.secret, e.former_secret as "formerSecret", e.former_until::text as "formerUntil"`)]
}

async function deliver(world: World, { id, endpointId, payload, tries, url, secret, formerSecret, formerUntil }: Claimed) {
  const { database: { db }, outbound, now } = world
  const secrets = [secret, ...(formerSecret && formerUntil && new Date(formerUntil) > now() ? [formerSecret] : [])]
  const body = JSON.stringify(payload)
  const answer = await outbound.post(url, { headers: signedHeaders({ id, at: now(), body, secrets }), body })
  const good = 'status' in answer && answer.status >= 200 && answer.status < 300
  await within(db, async tx => {
    await tx.update(webhookDeliveries).set({ ...outcomeOf(answer, tries + 1, now(), good), tries: tries + 1 }).where(eq(webhookDeliveries.id, id))
    if (good) await tx.update(webhookEndpoints).set({ failingSince: null }).where(sql`${webhookEndpoints.id} = ${endpointId} and ${webhookEndpoints.failingSince} is not null`)
    else await countFailure(tx, endpointId, now())
  })
}

function outcomeOf(answer: Answered, tries: number, now: Date, good: boolean): Partial<typeof webhookDeliveries.$inferInsert> {
  const said = { lastStatus: 'status' in answer ? answer.status : null, lastProblem: 'problem' in answer ? answer.problem : null, lastMs: answer.ms }
  if (good) return { ...said, state: 'delivered', deliveredAt: now }
  const again = nextTry(tries, now, Math.random())
  return again ? { ...said, state: 'waiting', nextAt: again } : { ...said, state: 'given_up' }
}

// A receiver that has not answered for days is gone: sending stops, and its people hear of it once.
async function countFailure(tx: Db, endpointId: string, now: Date) {
  const [endpoint] = await tx.update(webhookEndpoints).set({ failingSince: sql`coalesce(${webhookEndpoints.failingSince}, ${now.toISOString()})` }).where(eq(webhookEndpoints.id, endpointId)).returning()
  if (!endpoint?.failingSince || !endpoint.active || now.getTime() - endpoint.failingSince.getTime() < failing_days * 86_400_000) return
  await tx.update(webhookEndpoints).set({ active: false, stoppedWhy: 'failing' }).where(eq(webhookEndpoints.id, endpointId))
  const members = await tx.select({ email: people.email, locale: people.locale, id: people.id }).from(buyerMembers).innerJoin(people, eq(people.id, buyerMembers.personId)).where(eq(buyerMembers.buyerId, endpoint.buyerId))
  for (const { email, locale, id } of members) await enqueueMail(tx, { uniqueKey: `webhook_stopped:${endpointId}:${endpoint.failingSince.toISOString()}:${id}`, toEmail: email, locale, template: 'webhook_stopped', params: { host: new URL(endpoint.url).host, days: failing_days, url: `/webhooks/${endpointId}` } })
}

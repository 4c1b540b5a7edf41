import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { WebhookPage, Webhooks } from '../../schema/alert-shapes.ts'
import { webhookDeliveries, webhookEndpoints } from '../../schema/alerts.ts'
import type { Db } from '../adapters/database.ts'
import type { Outbound } from '../adapters/outbound.ts'
import type { Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { wakeAgain } from './deliver.ts'
import { newSecret } from './sign.ts'

const former_ms = 24 * 3_600_000
const most_endpoints = 20

export type By = { buyerId: string; personId: string; requestId: string; now: Date }
type Told = { made: { id: string }; secret: string }
type One = { id: string } & By
const own = ({ id, buyerId }: { id: string; buyerId: string }) => and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.buyerId, buyerId), isNull(webhookEndpoints.removedAt))
const told = (tx: Db, { personId, requestId }: By, operation: string, subjectId: string) => record(tx, { personId, role: 'buyer', requestId }, { operation, subjectId })

/** A new endpoint; its secret is told once, in the answer. */
export async function makeEndpoint(tx: Db, url: string, by: By, outbound: Outbound): Promise<Told | Refusal> {
  const problem = outbound.mayReach(url)
  if (problem) return { refused: problem === 'address_private' ? 'webhook_private' : 'webhook_address' }
  const [many] = await tx.select({ endpoints: sql<number>`count(*)::int` }).from(webhookEndpoints).where(and(eq(webhookEndpoints.buyerId, by.buyerId), isNull(webhookEndpoints.removedAt)))
  if ((many?.endpoints ?? 0) >= most_endpoints) return { refused: 'too_many_requests' }
  const secret = newSecret()
  const [row] = await tx.insert(webhookEndpoints).values({ buyerId: by.buyerId, url: new URL(url).href, secret, createdBy: by.personId, createdAt: by.now }).returning({ id: webhookEndpoints.id })
  if (!row) throw new Error('the endpoint just made is not there')
  await told(tx, by, 'webhooks.make', row.id)
  return { made: { id: row.id }, secret }
}

/** A new secret; the old one signs beside it for a day, so that the receiver can change over when it likes. */
export async function rotateSecret(tx: Db, one: One): Promise<Told | Refusal> {
  const secret = newSecret()
  const [row] = await tx.update(webhookEndpoints).set({ secret, formerSecret: sql`${webhookEndpoints.secret}`, formerUntil: new Date(one.now.getTime() + former_ms) }).where(own(one)).returning({ id: webhookEndpoints.id })
  if (!row) return { refused: 'not_found' }
  await told(tx, one, 'webhooks.rotate', row.id)
  return { made: { id: row.id }, secret }
}

export async function changeEndpoint(tx: Db, one: One, change: 'stop' | 'start' | 'remove'): Promise<{ done: true } | Refusal> {
  const set = { stop: { active: false, stoppedWhy: 'by_hand' as const }, start: { active: true, stoppedWhy: null, failingSince: null }, remove: { active: false, removedAt: one.now } }[change]
  const [row] = await tx.update(webhookEndpoints).set(set).where(own(one)).returning({ id: webhookEndpoints.id })
  if (!row) return { refused: 'not_found' }
  await told(tx, one, `webhooks.${change}`, row.id)
  if (change === 'start') await wakeAgain(tx)
  return { done: true }
}

/** Sends a message that changes nothing, to see whether the receiver understands. */
export async function tryEndpoint(tx: Db, one: One): Promise<{ done: true } | Refusal> {
  const [row] = await tx.select({ id: webhookEndpoints.id }).from(webhookEndpoints).where(own(one))
  if (!row) return { refused: 'not_found' }
  await tx.insert(webhookDeliveries).values({ endpointId: row.id, payload: { type: 'trial', timestamp: one.now.toISOString(), data: {} }, nextAt: one.now })
  await wakeAgain(tx)
  return { done: true }
}

/** The same message again under the same id: the receiver can tell that it has seen it. */
export async function replay(tx: Db, one: One, delivery: string): Promise<{ done: true } | Refusal> {
  const [endpoint] = await tx.select({ id: webhookEndpoints.id }).from(webhookEndpoints).where(own(one))
  const [row] = endpoint ? await tx.update(webhookDeliveries).set({ state: 'waiting', nextAt: one.now, tries: 0 }).where(and(eq(webhookDeliveries.id, delivery), eq(webhookDeliveries.endpointId, endpoint.id), sql`${webhookDeliveries.state} <> 'sending'`)).returning({ id: webhookDeliveries.id }) : []
  if (!row) return { refused: 'not_found' }
  await told(tx, one, 'webhooks.replay', row.id)
  await wakeAgain(tx)
  return { done: true }
}

const counted = (state: string) => sql<number>`(select count(*)::int from webhook_deliveries d where d.endpoint_id = webhook_endpoints.id and d.state ${sql.raw(state)})`
const { id, url, active, stoppedWhy, failingSince, createdAt, formerUntil } = webhookEndpoints
const columns = { id, url, active, stoppedWhy, failingSince, createdAt, formerUntil, waiting: counted("in ('waiting', 'sending')"), delivered: counted("= 'delivered'"), givenUp: counted("= 'given_up'") }

export const endpointsOf = (db: Db, buyerId: string): Promise<z.infer<typeof Webhooks>['endpoints']> =>
  db.select(columns).from(webhookEndpoints).where(and(eq(webhookEndpoints.buyerId, buyerId), isNull(webhookEndpoints.removedAt))).orderBy(desc(webhookEndpoints.id))

export async function endpointPage(db: Db, at: { id: string; buyerId: string }, told: { secret: string | null } | null): Promise<z.infer<typeof WebhookPage> | Refusal> {
  const [endpoint] = await db.select(columns).from(webhookEndpoints).where(own(at))
  if (!endpoint) return { refused: 'not_found' }
  const d = webhookDeliveries
  const deliveries = await db.select({ id: d.id, state: d.state, trial: sql<boolean>`${d.alertId} is null`, tries: d.tries, nextAt: d.nextAt, lastStatus: d.lastStatus, lastProblem: d.lastProblem, lastMs: d.lastMs, createdAt: d.createdAt, deliveredAt: d.deliveredAt,
    supplier: sql<string | null>`${d.payload}->'data'->'supplier'->>'name'`, standing: sql<string | null>`${d.payload}->'data'->>'standing'` }).from(d).where(eq(d.endpointId, at.id)).orderBy(desc(d.createdAt), desc(d.id)).limit(100)
  return { ...endpoint, secret: told?.secret ?? null, toldBefore: told?.secret === null, deliveries }
}

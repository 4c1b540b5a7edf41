import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, unique, uniqueIndex, uuid, integer, boolean, check, jsonb } from 'drizzle-orm/pg-core'
import { deliveryStates } from '../server/domain/webhook-tries.ts'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'
import { registerChanges } from './register.ts'
import { suppliers } from './suppliers.ts'

/** That a buyer was told of a change: one row a buyer and change, whatever the ways (page, mail, webhook). */
export const alerts = pgTable('alerts', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  supplierId: uuid().notNull().references(() => suppliers.id),
  changeSeq: bigint({ mode: 'number' }).notNull().references(() => registerChanges.seq),
  at: since(),
  seenAt: instant(),
}, table => [
  unique('alert_tells_a_change_once').on(table.buyerId, table.changeSeq),
  index('alerts_by_buyer').on(table.buyerId, table.changeSeq),
  index('alerts_by_supplier').on(table.supplierId),
  index('alerts_by_change').on(table.changeSeq),
])

/** Where a buyer's systems listen. The secret signs what is sent and must be readable for that; a rotated one signs too until it ends. */
export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  url: text().notNull(),
  secret: text().notNull(),
  formerSecret: text(),
  formerUntil: instant(),
  active: boolean().notNull().default(true),
  stoppedWhy: text({ enum: ['by_hand', 'failing'] }),
  failingSince: instant(),
  createdBy: uuid().notNull().references(() => people.id),
  createdAt: since(),
  removedAt: instant(),
}, table => [
  index('webhook_endpoints_by_buyer').on(table.buyerId),
  check('former_secret_ends', sql`(${table.formerSecret} is null) = (${table.formerUntil} is null)`),
])

/** One message to one endpoint and how its sending went. The payload never changes: every try, and a replay, sends the same under the same id. */
export const webhookDeliveries = pgTable('webhook_deliveries', {
  id: id(),
  endpointId: uuid().notNull().references(() => webhookEndpoints.id),
  alertId: uuid().references(() => alerts.id), // null: a trial
  payload: jsonb().$type<Record<string, unknown>>().notNull(),
  state: text({ enum: deliveryStates }).notNull().default('waiting'),
  tries: integer().notNull().default(0),
  nextAt: since(), // while sending: when the lease of the sender runs out
  lastStatus: integer(),
  lastProblem: text(),
  lastMs: integer(),
  createdAt: since(),
  deliveredAt: instant(),
}, table => [
  uniqueIndex('alert_goes_to_an_endpoint_once').on(table.endpointId, table.alertId),
  index('webhook_deliveries_due').on(table.nextAt).where(sql`${table.state} in ('waiting', 'sending')`),
  index('webhook_deliveries_by_endpoint').on(table.endpointId, table.id),
  check('delivery_state_is_known', sql`${table.state} in ('waiting','sending','delivered','given_up')`),
])

/** A program's key to one buyer's data. Only the hash is kept, and the beginning, so that people know which one it is. */
export const apiKeys = pgTable('api_keys', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  name: text().notNull(),
  keyHash: text().notNull(),
  beginning: text().notNull(),
  scopes: text().array().notNull(),
  createdBy: uuid().notNull().references(() => people.id),
  createdAt: since(),
  expiresAt: instant(),
  revokedAt: instant(),
  lastUsedAt: instant(),
}, table => [
  uniqueIndex('api_key_is_known_by_its_hash').on(table.keyHash),
  index('api_keys_by_buyer').on(table.buyerId),
  check('scopes_are_known', sql`${table.scopes} <@ array['check','changes','watchlist'] and cardinality(${table.scopes}) > 0`),
])

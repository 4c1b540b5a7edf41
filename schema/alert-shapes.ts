import { z } from 'zod'
import { standings } from '../server/domain/standing.ts'
import { deliveryStates } from '../server/domain/webhook-tries.ts'
import { line, many, neededLine, oneOf } from './forms.ts'
import { changeNames } from './register.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

export const ChangesQuery = z.looseObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(), limit: z.coerce.number().int().min(1).max(1000).optional().catch(200) })
/** `seq` is the order in which changes were told; go on from `last`. */
export const Changes = z.object({
  changes: z.array(z.object({ seq: z.number(), change: z.enum(changeNames), number: z.string(), holder: z.string(), standing: z.enum(standings), standingBefore: z.enum(standings).nullable(), since: LegalDate, reasonClass: z.string().nullable(), edition: z.number().nullable(), at: Instant })),
  last: z.number(), more: z.boolean(),
})
export type Changes = z.infer<typeof Changes>

export const Alerts = z.object({
  alerts: z.array(z.object({ id: Id, seq: z.number(), supplierId: Id, supplier: z.string(), number: z.string(), standing: z.enum(standings), before: z.enum(standings).nullable(), on: LegalDate, reasonClass: z.string().nullable(), at: Instant, seen: z.boolean() })),
  unseen: z.number(), next: z.number().nullable(), first: z.boolean(),
})
export const AlertsQuery = z.looseObject({ before: z.coerce.number().int().min(0).optional().catch(undefined) })
export const OnceForm = z.object({ once: Once })
export const Done = z.object({ done: z.literal(true) })

const Endpoint = z.object({ id: Id, url: z.string(), active: z.boolean(), stoppedWhy: z.enum(['by_hand', 'failing']).nullable(), failingSince: Instant.nullable(), createdAt: Instant, waiting: z.number(), delivered: z.number(), givenUp: z.number(), formerUntil: Instant.nullable() })
export const Webhooks = z.object({ endpoints: z.array(Endpoint) })
/** `secret` only in the answer that makes it; `toldBefore`: the form came twice, and the first answer had it. */
export const WebhookPage = Endpoint.extend({
  secret: z.string().nullable(), toldBefore: z.boolean(),
  deliveries: z.array(z.object({ id: Id, state: z.enum(deliveryStates), trial: z.boolean(), tries: z.number(), nextAt: Instant, lastStatus: z.number().nullable(), lastProblem: z.string().nullable(), lastMs: z.number().nullable(), createdAt: Instant, deliveredAt: Instant.nullable(), supplier: z.string().nullable(), standing: z.string().nullable() })),
})
export const WebhookForm = z.object({ url: neededLine(500), once: Once })
export const ByDelivery = z.object({ id: Id, delivery: Id })

const scopes = ['check', 'changes', 'watchlist'] as const
export const ApiKeys = z.object({
  keys: z.array(z.object({ id: Id, name: z.string(), beginning: z.string(), scopes: z.array(z.enum(scopes)), createdAt: Instant, by: z.string(), expiresAt: Instant.nullable(), revokedAt: Instant.nullable(), lastUsedAt: Instant.nullable() })),
  made: z.object({ name: z.string(), key: z.string().nullable() }).nullable(),
})
export const ApiKeyForm = z.object({ name: neededLine(60), scopes: many(z.enum(scopes, { error: 'field_invalid' })).refine(list => list.length > 0, 'field_missing'), days: z.union([z.literal(''), oneOf(['30', '90', '365'])]).optional(), once: Once, note: line(10).optional() })

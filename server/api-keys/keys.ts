import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { ApiKeyForm, ApiKeys } from '../../schema/alert-shapes.ts'
import { apiKeys } from '../../schema/alerts.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { hashToken, keyPrefix, type Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type By = { viewer: Viewer; requestId: string; now: Date }

/** A new key, told once in the answer; only its hash and first letters are kept. */
export async function makeKey(tx: Db, { name, scopes, days }: z.infer<typeof ApiKeyForm>, { viewer: { buyerId, personId }, requestId, now }: By): Promise<{ made: { name: string }; secret: string } | Refusal> {
  if (!buyerId) return { refused: 'not_found' }
  const key = keyPrefix + randomBytes(24).toString('base64url')
  const [row] = await tx.insert(apiKeys).values({ buyerId, name, scopes: [...new Set(scopes)], keyHash: hashToken(key), beginning: key.slice(0, 8), createdBy: personId, createdAt: now, expiresAt: days ? new Date(now.getTime() + Number(days) * 86_400_000) : null }).returning({ id: apiKeys.id })
  if (!row) throw new Error('the key just made is not there')
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'api_keys.make', subjectId: row.id, after: { scopes } })
  return { made: { name }, secret: key }
}

export async function revokeKey(tx: Db, id: string, { viewer: { buyerId, personId }, requestId, now }: By): Promise<{ done: true } | Refusal> {
  const [row] = await tx.update(apiKeys).set({ revokedAt: now }).where(and(eq(apiKeys.id, id), eq(apiKeys.buyerId, buyerId ?? id), isNull(apiKeys.revokedAt))).returning({ id: apiKeys.id })
  if (!row) return { refused: 'not_found' }
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'api_keys.revoke', subjectId: id })
  return { done: true }
}

type Key = z.infer<typeof ApiKeys>['keys'][number]

export async function keysOf(db: Db, buyerId: string): Promise<Key[]> {
  const { id, name, beginning, scopes, createdAt, expiresAt, revokedAt, lastUsedAt } = apiKeys
  const rows = await db.select({ id, name, beginning, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, by: sql<string>`coalesce(nullif(${people.name}, ''), ${people.email})` }).from(apiKeys).innerJoin(people, eq(people.id, apiKeys.createdBy)).where(eq(apiKeys.buyerId, buyerId)).orderBy(desc(apiKeys.id)).limit(100)
  return rows as Key[]
}

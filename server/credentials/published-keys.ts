import { createPublicKey } from 'node:crypto'
import { and, gte, lt } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import type { Db } from '../adapters/database.ts'
import type { PublicJwk } from '../proof/jws.ts'
import { japanDate } from '../domain/calendar.ts'
import { keysOf, type KnownKey } from '../keys/history.ts'
import type { World } from '../world.ts'
import { didDocument, type PublishedKey } from './did.ts'

const handover_ms = 3_600_000 // another server may sign with the former key a little longer

/** The DID document as of now: the key in use, retired ones until the last credential they signed has expired, compromised ones for ever. */
export async function publishedDid({ database: { db }, credentialKey, logKey, publicUrl, now }: World): Promise<string> {
  const all = await keysOf(db)
  const known = all.filter(({ purpose }) => purpose === 'credential')
  const current = known.some(({ keyId }) => keyId === credentialKey.kid) ? [] : [{ kid: credentialKey.kid, publicJwk: credentialKey.publicJwk }]
  const published: PublishedKey[] = []
  for (const key of known) {
    if (key.state !== 'retired' || await stillVouches(db, key, japanDate(now()))) published.push(asPublished(key))
  }
  return didDocument(publicUrl, [...published, ...current], { publicKey: logKey.publicKey, former: formerLogKeys(all, logKey.publicKey) })
}

// The same key under another address is no former one.
const formerLogKeys = (known: readonly KnownKey[], inUse: Uint8Array) => known.filter(({ purpose }) => purpose === 'log')
  .map(({ keyId, publicKeyPem, state, since }) => ({
    keyId, publicKey: new Uint8Array(createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }).subarray(-32)), ...(state === 'compromised' ? { revoked: since.toISOString() } : {}),
  })).filter(({ publicKey }) => Buffer.compare(publicKey, inUse) !== 0)

const asPublished = ({ keyId, publicKeyPem, state, since }: KnownKey): PublishedKey =>
  ({ kid: keyId, publicJwk: createPublicKey(publicKeyPem).export({ format: 'jwk' }) as PublicJwk, ...(state === 'compromised' ? { revoked: since.toISOString() } : {}) })

// Whatever it signed belongs to a certificate reserved before it was taken out of use.
async function stillVouches(db: Db, { since }: KnownKey, today: string): Promise<boolean> {
  const [row] = await db.select({ id: certificates.id }).from(certificates)
    .where(and(gte(certificates.expiresOn, today), lt(certificates.reservedAt, new Date(since.getTime() + handover_ms)))).limit(1)
  return row !== undefined
}

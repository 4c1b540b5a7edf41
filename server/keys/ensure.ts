import { createPublicKey, X509Certificate } from 'node:crypto'
import { inArray, sql } from 'drizzle-orm'
import { signingKeyEvents, signingKeys } from '../../schema/log.ts'
import { within, type Db } from '../adapters/database.ts'
import type { CredentialKey, LogKey } from '../adapters/keys.ts'
import { SignerUnavailable, type Signer } from '../adapters/signer.ts'
import { originOf } from '../proof/checkpoint.ts'
import { noteKeyId } from '../proof/note.ts'
import type { World } from '../world.ts'
import { keysOf, type KnownKey, type Purpose } from './history.ts'

export type KeyRow = Pick<typeof signingKeys.$inferSelect, 'keyId' | 'purpose' | 'algorithm' | 'publicKeyPem' | 'certificatesPem' | 'notAfter'>
export type Keys = Pick<World, 'signer' | 'credentialKey' | 'logKey' | 'publicUrl'>

/**
 * At every start: a key that nobody has seen is told of in the log, and with it that the one before is retired. What it signed stays good.
 * Throws KeyNotInUse when a key here is known to be compromised: nothing may be signed with it.
 */
export const ensureKeys = (world: Keys & Pick<World, 'database' | 'now'>): Promise<void> => registerKeys(world.database.db, currentKeys(world), world.now())

/** The same for some of the keys: one of each purpose at most. */
export async function registerKeys(db: Db, keys: readonly KeyRow[], at: Date): Promise<void> {
  await within(db, async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('akashi signing keys'))`)
    const known = await keysOf(tx)
    for (const key of keys) await takeUp(tx, key, known, at)
  })
}

async function takeUp(tx: Db, key: KeyRow, known: readonly KnownKey[], at: Date): Promise<void> {
  const found = known.find(({ keyId }) => keyId === key.keyId)
  if (found?.state === 'compromised') throw new KeyNotInUse(key.purpose, key.keyId, `compromised since ${found.since.toISOString()}`)
  if (!found) await tx.insert(signingKeys).values({ ...key, addedAt: at })
  if (found?.state !== 'active') await tx.insert(signingKeyEvents).values({ keyId: key.keyId, event: 'added', at })
  for (const former of known.filter(({ purpose, keyId, state }) => purpose === key.purpose && keyId !== key.keyId && state === 'active')) {
    await tx.insert(signingKeyEvents).values({ keyId: former.keyId, event: 'retired', at })
  }
}

/** The keys of this process as the register of keys writes them, the seal first. */
export const currentKeys = ({ signer, credentialKey, logKey, publicUrl }: Keys): KeyRow[] => [sealRow(signer), credentialRow(credentialKey), logRow(logKey, originOf(publicUrl))]

export function sealRow({ keyId, algorithm, certificate, chain, root }: Signer): KeyRow {
  const leaf = new X509Certificate(certificate)
  const certificatesPem = [certificate, ...chain, root].map(der => new X509Certificate(der).toString()).join('')
  return { keyId, purpose: 'seal', algorithm, publicKeyPem: pem(leaf.publicKey), certificatesPem, notAfter: leaf.validToDate }
}

export const credentialRow = ({ kid, publicJwk }: CredentialKey): KeyRow =>
  ({ keyId: kid, purpose: 'credential', algorithm: 'ES256', publicKeyPem: pem(createPublicKey({ key: publicJwk, format: 'jwk' })), certificatesPem: null, notAfter: null })

/** `origin`: the name of the log, which is part of its key's id (C2SP signed-note). */
export function logRow({ publicKey }: LogKey, origin: string): KeyRow {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' })
  return { keyId: noteKeyId({ name: origin, publicKey }), purpose: 'log', algorithm: 'Ed25519', publicKeyPem: pem(key), certificatesPem: null, notAfter: null }
}

const pem = (key: ReturnType<typeof createPublicKey>) => key.export({ type: 'spki', format: 'pem' }).toString()

/** Before signing what stays: throws KeyNotInUse when one of these keys was retired or compromised since this process opened it. The job tries again. */
export async function refuseFormerKeys(db: Db, ids: string[]): Promise<void> {
  const events = await db.select({ keyId: signingKeyEvents.keyId, event: signingKeyEvents.event, purpose: signingKeys.purpose }).from(signingKeyEvents)
    .innerJoin(signingKeys, sql`${signingKeys.keyId} = ${signingKeyEvents.keyId}`).where(inArray(signingKeyEvents.keyId, ids)).orderBy(signingKeyEvents.logSeq)
  for (const id of ids) {
    const own = events.filter(({ keyId }) => keyId === id)
    const last = own.find(({ event }) => event === 'compromised') ?? own.at(-1)
    if (last && last.event !== 'added') throw new KeyNotInUse(last.purpose, id, last.event)
  }
}

/** Nobody may sign with it: as if the signer were away, until somebody sees to it. */
export class KeyNotInUse extends SignerUnavailable {
  override readonly name = 'KeyNotInUse'
  constructor(purpose: Purpose, keyId: string, why: string) {
    super(`the ${purpose} key ${keyId} is ${why}: npm run keys -- rotate ${purpose}`)
  }
}

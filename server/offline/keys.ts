import { createPublicKey } from 'node:crypto'
import type { Db } from '../adapters/database.ts'
import type { CredentialKey } from '../adapters/keys.ts'
import { keysOf } from '../keys/history.ts'

type ReaderKey = { kid: string; x: string; y: string }

/** Every key that may have signed a second code: the one in use and retired ones. A compromised key vouches for nothing without a date that others can check. */
export async function readerKeys(db: Db, current: CredentialKey): Promise<ReaderKey[]> {
  const history = (await keysOf(db)).filter(({ purpose }) => purpose === 'credential')
  const known = history.map(({ keyId, publicKeyPem, state }) => ({ kid: keyId, state, ...pointOf(createPublicKey(publicKeyPem).export({ format: 'jwk' })) }))
  const all = known.some(({ kid }) => kid === current.kid) ? known : [...known, { kid: current.kid, state: 'active', ...pointOf(current.publicJwk) }]
  return all.filter(({ state }) => state !== 'compromised').map(({ kid, x, y }) => ({ kid, x, y }))
}

const pointOf = ({ x = '', y = '' }: { x?: string; y?: string }) => ({ x, y })

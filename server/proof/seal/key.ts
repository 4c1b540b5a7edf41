import { createHash } from 'node:crypto'
import { isKeyLine, type Entry } from '../entry.ts'
import { rangeOf } from './byte-range.ts'
import { stampedTime, type Check } from './check.ts'
import { readContainer } from './read-container.ts'

/** The seal keys that an issuer ever used, by the SHA-256 of the public key (hex): since when nothing sealed with one is to be believed, or null. */
export type SealKeys = Map<string, Date | null>

/**
 * Whether the seal was made with a key of the issuer's, and before the day from which that key is no longer to be believed; never throws. A
 * retired key stays good. Only a believed time stamp says when: without one, a key that was compromised later leaves the check open.
 */
export function checkSealKey(pdf: Uint8Array, keys: SealKeys, timeStampRoot?: Uint8Array): Check {
  try {
    const found = rangeOf(pdf)
    if (typeof found === 'string') return 'could_not_be_checked'
    const container = readContainer(found.container)
    const since = keys.get(createHash('sha256').update(container.certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('hex'))
    if (since === undefined) return 'failed'
    if (since === null) return 'passed'
    const stamped = stampedTime(container, timeStampRoot)
    return stamped instanceof Date ? (stamped < since ? 'passed' : 'failed') : 'could_not_be_checked'
  } catch {
    return 'could_not_be_checked' // whatever a parser makes of hostile bytes
  }
}

/** As the log tells of them, the earliest date for each. */
export function sealKeysOf(entries: readonly Entry[]): SealKeys {
  const keys: SealKeys = new Map()
  for (const entry of entries) {
    if (!isKeyLine(entry) || entry.purpose !== 'seal') continue
    const before = keys.get(entry.key) ?? null
    const since = entry.type === 'key_compromised' ? new Date(entry.since ?? entry.t) : null
    keys.set(entry.key, before && since ? new Date(Math.min(before.getTime(), since.getTime())) : before ?? since)
  }
  return keys
}

/** As the issuer's keys.json tells of them; undefined when it is none. */
export function sealKeysIn(text: string): SealKeys | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys: { keyId: unknown; purpose: unknown; state: unknown; since: unknown }[] }
    return new Map(keys.filter(({ purpose }) => purpose === 'seal').map(({ keyId, state, since }) => [String(keyId), state === 'compromised' ? new Date(String(since)) : null]))
  } catch {
    return undefined
  }
}

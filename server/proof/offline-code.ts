import { createHash } from 'node:crypto'
import { fromBase64Url } from './base64.ts'
import { isSignedBy, type PublicJwk } from './jws.ts'

/**
 * The second code on a certificate, for places without a network. Text: `<site>/o#` and base64url of
 *   1 byte version (1) · 4 bytes of SHA-256(key id) · UTF-8 "number \n holder \n scope \n last day" · 64 bytes ES256 over "akashi-code-1\n" and all before.
 * What follows # is never sent to a server. The code says what was issued, not what became of it: a suspension is not in it.
 * web/offline-code.ts reads the same in a browser; a test runs both.
 */
export type OfflineCode = { number: string; holder: string; scope: string; expiresOn: string }
export type OfflineReading = OfflineCode | { refused: 'malformed' | 'other_key' | 'forged' }

export const version = 1
export const keyMark = (kid: string): Buffer => createHash('sha256').update(kid).digest().subarray(0, 4)
const purpose = 'akashi-code-1\n' // so that no signature of this key for something else is one of these
export const inputFor = (payload: Uint8Array): Buffer => Buffer.concat([Buffer.from(purpose), payload])

const largest = 2000 // characters; ours have about 330

/** What a code says, when the key made it. `kid`: RFC 7638 thumbprint of the key. */
export function readOfflineCode(text: string, { kid, publicJwk }: { kid: string; publicJwk: PublicJwk }): OfflineReading {
  const bytes = text.length > largest ? undefined : fromBase64Url(text.slice(text.indexOf('#') + 1))
  if (!bytes || bytes.length < 70 || bytes[0] !== version) return { refused: 'malformed' }
  const [payload, signature] = [bytes.subarray(0, -64), bytes.subarray(-64)]
  if (!payload.subarray(1, 5).equals(keyMark(kid))) return { refused: 'other_key' }
  if (!isSignedBy({ input: inputFor(payload), signature }, publicJwk)) return { refused: 'forged' }
  const [number = '', holder = '', scope = '', expiresOn = '', ...more] = payload.subarray(5).toString('utf8').split('\n')
  return more.length > 0 || !/^\d{4}-\d\d-\d\d$/.test(expiresOn) ? { refused: 'malformed' } : { number, holder, scope, expiresOn }
}

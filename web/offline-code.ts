import { sha256 } from './verify/key.ts'

/** As server/proof/offline-code.ts, on Web Crypto. Keys as the page brings them: RFC 7638 thumbprint and point of P-256. */
export type Key = { kid: string; x: string; y: string }
export type OfflineReading = { number: string; holder: string; scope: string; expiresOn: string } | { refused: 'malformed' | 'other_key' | 'forged' }

const text = new TextEncoder()

/** What a code says, when one of our keys made it. Never throws; `#` and what stands before it may be missing. */
export async function readOfflineCode(code: string, keys: Key[]): Promise<OfflineReading> {
  const bytes = bytesOf(code.slice(code.indexOf('#') + 1).trim())
  if (!bytes || bytes.length < 70 || bytes[0] !== 1) return { refused: 'malformed' }
  const [payload, signature] = [bytes.subarray(0, -64), bytes.subarray(-64)]
  const mark = String(payload.subarray(1, 5))
  for (const { kid, x, y } of keys) {
    if (mark !== String((await sha256(text.encode(kid))).subarray(0, 4))) continue
    const input = Uint8Array.from([...text.encode('akashi-code-1\n'), ...payload])
    return await isSignedBy({ kty: 'EC', crv: 'P-256', x, y }, signature, input) ? fields(payload) : { refused: 'forged' }
  }
  return { refused: 'other_key' }
}

function fields(payload: Uint8Array): OfflineReading {
  const [number = '', holder = '', scope = '', expiresOn = '', ...more] = new TextDecoder().decode(payload.subarray(5)).split('\n')
  return more.length > 0 || !/^\d{4}-\d\d-\d\d$/.test(expiresOn) ? { refused: 'malformed' } : { number, holder, scope, expiresOn }
}

async function isSignedBy(jwk: JsonWebKey, signature: Uint8Array<ArrayBuffer>, input: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, signature, input)
}

/** base64url without padding, in the one spelling that an encoder writes; null for anything else. */
function bytesOf(written: string): Uint8Array<ArrayBuffer> | null {
  if (written.length > 2000 || !/^[\w-]*$/.test(written) || written.length % 4 === 1) return null
  const plain = written.replaceAll('-', '+').replaceAll('_', '/')
  const bytes = Uint8Array.from(atob(plain), character => character.charCodeAt(0))
  return btoa(String.fromCharCode(...bytes)).replaceAll('=', '') === plain ? bytes : null
}

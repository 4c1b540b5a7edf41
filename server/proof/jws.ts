import { createPublicKey, verify } from 'node:crypto'
import { fromBase64Url } from './base64.ts'

/** Public half of a P-256 key (RFC 7517). */
export type PublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string }
export type Header = { alg: 'ES256'; kid: string; typ?: string; cty?: string }
export type Jws = { header: Header; payload: Buffer; signature: Buffer; input: Buffer }

const largest = 1_000_000 // characters; a credential has some 4,000, a status list at most 25,000

/** The compact form (RFC 7515, 3.1), or undefined. ES256 only, by a named key: the header does not choose how it is checked (RFC 8725, 3.1). */
export function readJws(text: string): Jws | undefined {
  if (text.length > largest) return undefined
  const parts = text.split('.')
  if (parts.length !== 3) return undefined
  const [head, payload, signature] = parts.map(fromBase64Url)
  const header = head && readHeader(head)
  return header && payload && signature?.length === 64 ? { header, payload, signature, input: Buffer.from(`${parts[0]}.${parts[1]}`, 'ascii') } : undefined
}

function readHeader(bytes: Buffer): Header | undefined {
  const header = parsedJson(bytes) as Record<string, unknown> | undefined
  if (typeof header !== 'object' || header === null || header['crit'] !== undefined) return undefined
  return header['alg'] === 'ES256' && typeof header['kid'] === 'string' ? header as Header : undefined
}

export function isSignedBy({ input, signature }: Pick<Jws, 'input' | 'signature'>, { kty, crv, x, y }: PublicJwk): boolean {
  try {
    const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
    return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false // no point of the curve
  }
}

/** undefined: not JSON in UTF-8. */
export function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

import { tag } from './der.ts'

// The other half of der.ts: writing is the safe direction, and what a seal needs of it is little.

/** An element with these parts inside; the length definite and minimal. */
export function der(of: number, ...parts: Uint8Array[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  if (size < 0x80) return Buffer.concat([Uint8Array.of(of, size), ...parts])
  const length = Buffer.from(size.toString(16).padStart(size.toString(16).length + size.toString(16).length % 2, '0'), 'hex')
  return Buffer.concat([Uint8Array.of(of, 0x80 | length.length), length, ...parts])
}

export const sequence = (...parts: Uint8Array[]) => der(tag.sequence, ...parts)
export const octetString = (bytes: Uint8Array) => der(tag.octets, bytes)

/** A positive INTEGER from its bytes, big end first: no zero too many (a padded serial number makes OpenSSL and DSS drop a time stamp), none too few. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex(byte => byte !== 0)
  const minimal = first < 0 ? Uint8Array.of(0) : bytes.subarray(first)
  return (minimal[0] ?? 0) >= 0x80 ? der(tag.integer, Uint8Array.of(0), minimal) : der(tag.integer, minimal)
}

/** 1.2.840.113549.1.7.2 → OBJECT IDENTIFIER */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  return der(tag.oid, Uint8Array.from([40 * first + second, ...others].flatMap(base128)))
}

/** SET OF: its elements in the order of their encoding (X.690, 11.6). */
export const setOf = (...elements: Uint8Array[]) => der(tag.set, ...elements.toSorted(Buffer.compare))

function base128(number: number): number[] {
  const low = [number & 0x7f]
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) low.unshift(0x80 | (rest & 0x7f))
  return low
}

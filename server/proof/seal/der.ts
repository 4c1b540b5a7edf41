/** One element of DER: `whole` are its bytes with tag and length, `value` those inside. Views on the given bytes, nothing is copied. */
export type Der = { tag: number; whole: Uint8Array; value: Uint8Array }

// Why by hand: a certificate's container holds seven certificates and lists, and an ASN.1 library spends 20 ms on the tree of them (npm run
// bench), the key operation one. We read six places of it. DER only, strictly: lengths definite and minimal, tags of one byte.
export const tag = { boolean: 0x01, integer: 0x02, octets: 0x04, oid: 0x06, time: 0x18, sequence: 0x30, set: 0x31 } as const

/** The element at the beginning of the bytes; what follows it is left alone. Throws on everything that is not DER. */
export function readDer(bytes: Uint8Array): Der {
  const [first = 0, length = 0] = bytes
  if (bytes.length < 2 || (first & 0x1f) === 0x1f) throw new Error('not DER: a tag of one byte is expected')
  const more = length < 0x80 ? 0 : length & 0x7f
  if (length === 0x80 || more > 4 || bytes.length < 2 + more) throw new Error('not DER: no definite length')
  const size = more === 0 ? length : bytes.subarray(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0)
  if (more > 0 && (size < 0x80 || bytes[2] === 0)) throw new Error('not DER: a longer length than needed')
  const end = 2 + more + size
  if (end > bytes.length) throw new Error('not DER: it ends too early')
  return { tag: first, whole: bytes.subarray(0, end), value: bytes.subarray(2 + more, end) }
}

/** What is inside a SEQUENCE, SET or constructed element; at most 256 elements. */
export function inside(of: Der | undefined, expected: number = tag.sequence): Der[] {
  const elements: Der[] = []
  for (let rest = bytesOf(of, expected); rest.length > 0;) {
    const element = readDer(rest)
    elements.push(element)
    if (elements.length > 256) throw new Error('too many elements')
    rest = rest.subarray(element.whole.length)
  }
  return elements
}

/** The bytes of an element that must have this tag. */
export function bytesOf(of: Der | undefined, expected: number): Uint8Array {
  if (of?.tag !== expected) throw new Error(`expected the tag ${expected}, found ${of?.tag ?? 'nothing'}`)
  return of.value
}

/** 1.2.840.113549.1.7.2 */
export function oidOf(of: Der | undefined): string {
  const bytes = bytesOf(of, tag.oid)
  if (bytes.length === 0 || bytes.length > 40 || ((bytes.at(-1) ?? 0x80) & 0x80) !== 0) throw new Error('not an OBJECT IDENTIFIER')
  const numbers: number[] = []
  let number = 0
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(number)
    number = 0
  }
  const [first = 0, ...others] = numbers
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - 40 * top, ...others].join('.')
}

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

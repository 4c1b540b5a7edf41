/** One DER value of a container or certificate: its content, and the same with its head. Views, no copies. */
export type Der = { tag: number; body: Uint8Array; whole: Uint8Array }

/** The first value in these bytes. Throws when it does not fit; goes no level deeper, so no nesting can exhaust the stack. */
export function read(bytes: Uint8Array, tag?: number): Der {
  let [at, length = 0x80] = [2, bytes[1]]
  if (length > 0x80) {
    let digits = length & 0x7f
    if (digits > 3) throw new Error('too long')
    for (length = 0; digits > 0; digits -= 1) length = length * 256 + (bytes[at++] ?? Number.NaN)
  } else if (length === 0x80) throw new Error('no definite length') // BER; ours is DER
  const [end, found = 31] = [at + length, bytes[0]]
  if (!(end <= bytes.length) || (found & 31) === 31 || (tag !== undefined && tag !== found)) throw new Error('another value was expected')
  return { tag: found, body: bytes.subarray(at, end), whole: bytes.subarray(0, end) }
}

/** The values directly inside. Throws on more than 1,000 or on bytes left over. */
export function inside({ tag, body }: Der): Der[] {
  if (!(tag & 0x20)) throw new Error('nothing inside')
  const found: Der[] = []
  for (let rest = body; rest.length > 0; rest = rest.subarray(found.at(-1)?.whole.length)) {
    if (found.push(read(rest)) > 1000) throw new Error('too many')
  }
  return found
}

/** The one at this place, of this kind if told. Throws when it is not there. */
export function nth(values: Der[], place: number, tag?: number): Der {
  const value = values[place]
  if (!value || (tag !== undefined && value.tag !== tag)) throw new Error('another value was expected')
  return value
}

/** An OBJECT IDENTIFIER's value as hexadecimal digits. */
export const name = (value: Der | undefined): string => hex(nth(value ? [value] : [], 0, oid).body)
export const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
export const same = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, index) => byte === other[index])

export const boolean = 1, integer = 2, bits = 3, octets = 4, oid = 6, pieces = 0x24, sequence = 0x30, set = 0x31, context0 = 0xa0, context1 = 0xa1, context3 = 0xa3

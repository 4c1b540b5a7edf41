import { inside, integer, name, nth, oid, read, sequence } from './der.ts'

// Web Crypto wants copies of its own kind of memory; ours are views into the file.
export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))

const curves: Record<string, [name: string, bytes: number]> = { '2a8648ce3d030107': ['P-256', 32], '2b81040022': ['P-384', 48] }
const hashes: Record<string, string> = {
  '2a864886f70d01010b': 'SHA-256', '2a864886f70d01010c': 'SHA-384', '2a864886f70d01010d': 'SHA-512', // RSA, PKCS #1 v1.5
  '2a8648ce3d040302': 'SHA-256', '2a8648ce3d040303': 'SHA-384', '2a8648ce3d040304': 'SHA-512', // ECDSA
}

/** The hash that a signature algorithm names. Throws on one that we do not know. */
export function hashOf(algorithm: string): string {
  const hash = hashes[algorithm]
  if (!hash) throw new Error('unknown algorithm')
  return hash
}

/** Whether a signature over `data` was made with the key (SubjectPublicKeyInfo): RSA PKCS #1 v1.5 or ECDSA. Throws on other keys. */
export async function holds(key: Uint8Array, hash: string, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const [kind, curve] = inside(nth(inside(read(key)), 0)).map(each => (each.tag === oid ? name(each) : ''))
  if (kind === '2a864886f70d010101') return verify({ name: 'RSASSA-PKCS1-v1_5', hash }, key, signature, data)
  const [namedCurve, size] = (kind === '2a8648ce3d0201' && curves[curve ?? '']) || []
  if (!namedCurve || !size) throw new Error('unknown kind of key')
  return verify({ name: 'ECDSA', namedCurve, hash }, key, plain(signature, size), data)
}

type Algorithm = { name: string; hash: string; namedCurve?: string }
async function verify(algorithm: Algorithm, key: Uint8Array, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const imported = await crypto.subtle.importKey('spki', key as Uint8Array<ArrayBuffer>, algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, imported, signature as Uint8Array<ArrayBuffer>, data as Uint8Array<ArrayBuffer>)
}

// ECDSA: SEQUENCE { r, s } in certificates and CMS, r ‖ s of fixed width in Web Crypto.
function plain(signature: Uint8Array, size: number): Uint8Array {
  const numbers = inside(read(signature, sequence))
  const made = new Uint8Array(2 * size)
  for (const place of [0, 1]) {
    const number = nth(numbers, place, integer).body
    const short = number.subarray(number.findIndex(byte => byte > 0))
    made.set(short, (place + 1) * size - short.length) // throws when it is too wide
  }
  return made
}


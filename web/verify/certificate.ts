import { bits, boolean, context0, context3, inside, name, nth, octets, read, same, sequence, type Der } from './der.ts'
import { hashOf, holds } from './key.ts'

/** What the chain needs of an X.509 certificate. */
export type Certificate = {
  whole: Uint8Array; serial: Uint8Array; issuer: Uint8Array; subject: Uint8Array; key: Uint8Array; from: Date; to: Date; ca: boolean
  signed: Uint8Array; algorithm: string; signature: Uint8Array
}

export function readCertificate(whole: Uint8Array): Certificate {
  const [toSign, algorithm, signature] = [0, 1, 2].map(place => nth(inside(read(whole, sequence)), place)) as [Der, Der, Der]
  const fields = inside(toSign)
  const [serial, inner, issuer, validity, subject, key, ...more] = fields[0]?.tag === context0 ? fields.slice(1) : fields
  if (!serial || !inner || !issuer || !validity || !subject || !key || !same(inner.whole, algorithm.whole) || signature.tag !== bits || signature.body[0] !== 0) throw new Error('no certificate')
  const [from, to] = inside(validity)
  return {
    whole: read(whole).whole, serial: serial.body, issuer: issuer.whole, subject: subject.whole, key: key.whole, from: time(from), to: time(to),
    ca: isAuthority(more.find(({ tag }) => tag === context3)), signed: toSign.whole, algorithm: name(inside(algorithm)[0]), signature: signature.body.subarray(1),
  }
}

/** As server/proof/seal/check-chain.ts: each link signed by an authority and valid at `at`, up to the root; the seal itself is no authority. */
export async function chainHolds(leaf: Certificate, others: Certificate[], root: Certificate, at: Date): Promise<boolean> {
  let current = leaf
  if (current.ca) return false
  for (let depth = 0; depth < 8; depth += 1) {
    if (!wasValid(current, at)) return false
    if (await isIssuedBy(current, root)) return wasValid(root, at)
    let above: Certificate | undefined
    for (const other of others) if (!above && !same(other.whole, current.whole) && await isIssuedBy(current, other)) above = other
    if (!above) return false
    current = above
  }
  return false
}

const wasValid = ({ from, to }: Certificate, at: Date) => at >= from && at <= to

const isIssuedBy = async (certificate: Certificate, { ca, subject, key }: Certificate) =>
  ca && same(certificate.issuer, subject) && holds(key, hashOf(certificate.algorithm), certificate.signature, certificate.signed)

// Basic constraints say "authority" and, where the use of the key is limited, it may sign certificates (RFC 5280, 4.2.1.3 and 4.2.1.9).
function isAuthority(extensions: Der | undefined): boolean {
  const known = new Map(extensions ? inside(nth(inside(extensions), 0)).map(each => {
    const parts = inside(each)
    return [name(parts[0]), nth(parts, parts.length - 1, octets).body]
  }) : [])
  const [limits, use] = [known.get('551d13'), known.get('551d0f')]
  const [flag] = limits ? inside(read(limits, sequence)) : []
  return flag?.tag === boolean && flag.body[0] === 0xff && (!use || ((read(use).body[1] ?? 0) & 4) > 0)
}

function time(value: Der | undefined): Date {
  const text = String.fromCharCode(...value?.body ?? [])
  const [, year = '', ...rest] = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const [month = 0, day, hour, minute, second] = rest.map(Number)
  const at = new Date(Date.UTC(year.length === 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year), month - 1, day, hour, minute, second))
  if (Number.isNaN(at.getTime()) || month === 0) throw new Error('no time')
  return at
}

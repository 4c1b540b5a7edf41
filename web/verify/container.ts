import { readCertificate, type Certificate } from './certificate.ts'
import { context0, context1, inside, integer, name, nth, octets, pieces, read, same, sequence, set, type Der } from './der.ts'
import { holds, sha256 } from './key.ts'

export type Container = {
  messageDigest: Uint8Array
  certificate: Certificate
  others: Certificate[]
  padded: boolean // after the container only zeros
  signatureHolds(): Promise<boolean>
  stampHolds(): Promise<boolean> // the time-stamp token is over this very signature; who signed the token is not looked at here
}

const sha256Name = '608648016503040201', signedDataName = '2a864886f70d010702', dataName = '2a864886f70d010701'
const attribute = { type: '2a864886f70d010903', digest: '2a864886f70d010904', certificate: '2a864886f70d010910022f', stamp: '2a864886f70d010910020e' }

/** Reads a CMS container of one signer with SHA-256, as server/proof/seal/read-container.ts does. Throws on anything else. */
export function readContainer(bytes: Uint8Array): Container {
  const outer = read(bytes, sequence)
  const fields = signedData(outer)
  const signers = inside(nth(fields, fields.length - 1, set))
  const signer = inside(nth(signers, 0, sequence))
  if (signers.length > 1 || algorithmOf(nth(signer, 2, sequence)) !== sha256Name) throw new Error('not one signer with SHA-256')
  const [attributes, signature] = [nth(signer, 3, context0), nth(signer, 5, octets).body]
  algorithmOf(nth(signer, 4, sequence))
  const certificates = inside(nth(fields, 3, context0)).filter(({ tag }) => tag === sequence).slice(0, 8).map(({ whole }) => readCertificate(whole))
  const [issuer, serial] = inside(nth(signer, 1, sequence))
  const certificate = certificates.find(each => issuer && serial && same(each.issuer, issuer.whole) && same(each.serial, serial.body))
  if (!certificate) throw new Error('the signer\'s certificate is missing')
  return {
    messageDigest: nth([only(attributes, attribute.digest)], 0, octets).body, certificate, others: certificates.filter(each => each !== certificate),
    padded: bytes.subarray(outer.whole.length).every(byte => byte === 0),
    signatureHolds: async () => await namesCertificate(attributes, certificate) && holds(certificate.key, 'SHA-256', signature, asSet(attributes)),
    stampHolds: async () => same(imprint(only(nth(signer, 6, context1), attribute.stamp)), await sha256(signature)),
  }
}

// ContentInfo { signedData, [0] { SignedData } }
function signedData(outer: Der): Der[] {
  const [kind, content] = inside(outer)
  if (!content || name(kind) !== signedDataName) throw new Error('not SignedData')
  const fields = inside(nth(inside(content), 0, sequence))
  nth(fields, 0, integer)
  inside(nth(fields, 1, set)).map(algorithmOf)
  name(inside(nth(fields, 2, sequence))[0])
  return fields
}

const algorithmOf = (value: Der) => name(inside(value)[0])

function only(attributes: Der, wanted: string): Der {
  const [found, ...more] = inside(attributes).map(inside).filter(([type]) => name(type) === wanted)
  const values = inside(nth(found ?? [], 1, set))
  if (more.length > 0 || values.length !== 1) throw new Error('an attribute must stand there once')
  return nth(values, 0)
}

// RFC 5035: without the hash of the certificate among the signed attributes, another certificate for the same key could be put in.
async function namesCertificate(attributes: Der, { whole }: Certificate): Promise<boolean> {
  const named = nth(inside(nth(inside(nth(inside(only(attributes, attribute.certificate)), 0)), 0)), 0, octets)
  return name(only(attributes, attribute.type)) === dataName && same(named.body, await sha256(whole))
}

// RFC 5652, 5.4: what is signed carries the tag SET OF, what is sent [0].
function asSet({ whole }: Der): Uint8Array {
  const copy = whole.slice()
  copy[0] = set
  return copy
}

// RFC 3161: SignedData → TSTInfo { version, policy, messageImprint { algorithm, hash }, … }
function imprint(token: Der): Uint8Array {
  const [, content] = inside(nth(signedData(token), 2, sequence))
  const info = inside(read(octetsIn(nth(inside(content ?? token), 0)), sequence))
  nth(info, 0, integer)
  const [algorithm, hash] = inside(nth(info, 2, sequence))
  if (!algorithm || algorithmOf(algorithm) !== sha256Name || hash?.tag !== octets) throw new Error('not an imprint by SHA-256')
  return hash.body
}

// Authorities may send their content in pieces (X.690, 8.7.3).
function octetsIn(value: Der): Uint8Array {
  if (value.tag === octets) return value.body
  if (value.tag !== pieces) throw new Error('not octets')
  return Uint8Array.from(inside(value).flatMap(piece => [...nth([piece], 0, octets).body]))
}

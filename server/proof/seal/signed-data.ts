import { constants, verify, X509Certificate } from 'node:crypto'
import { inside, oidOf, readDer, sameBytes, tag, bytesOf, type Der } from './der.ts'
import { oid } from './oid.ts'

const mostCertificates = 16 // the seal's path and the time stamp's
const [context0, context1] = [0xa0, 0xa1]

type Attribute = { type: string; values: Der[] }

/** A CMS message of one signer (RFC 5652). `content`: what it carries inside, if anything; `end`: bytes used of those given. */
export type SignedMessage = {
  digest: string // algorithm, as OID
  algorithm: string // of the signature, as OID
  signature: Uint8Array
  signedBytes: Uint8Array // the signed attributes as they are signed
  signed: Attribute[]
  unsigned: Attribute[]
  certificate: X509Certificate
  others: X509Certificate[]
  content: { type: string; bytes: Uint8Array | undefined }
  end: number
}

/** Reads a CMS message of one signer whose certificate is inside. Throws on anything else; deeper than it looks, nothing is read. */
export function readSignedData(bytes: Uint8Array): SignedMessage {
  const outer = readDer(bytes)
  const [type, explicit] = inside(outer)
  if (oidOf(type) !== oid.signedData) throw new Error('not SignedData')
  const [, , encapsulated, ...parts] = inside(inside(explicit, context0)[0])
  const given = parts[0]?.tag === context0 ? inside(parts[0], context0).filter(each => each.tag === tag.sequence).slice(0, mostCertificates) : []
  const [signer, ...more] = inside(parts.at(-1), tag.set)
  if (!signer || more.length > 0) throw new Error('not one signer')
  const [, named, digest, ...rest] = inside(signer)
  const attributes = rest[0]?.tag === context0 ? rest.shift() : undefined
  const [algorithm, signature, unsigned] = rest
  const own = given.find(each => isNamedBy(named, each))
  if (!attributes || !own) throw new Error('the signer\'s attributes or certificate are missing')
  const [contentType, content] = inside(encapsulated)
  return {
    digest: oidOf(inside(digest)[0]), algorithm: oidOf(inside(algorithm)[0]), signature: bytesOf(signature, tag.octets),
    signedBytes: asSet(attributes.whole), signed: attributesIn(attributes, context0), unsigned: unsigned ? attributesIn(unsigned, context1) : [],
    certificate: new X509Certificate(own.whole), others: given.filter(each => each !== own).map(each => new X509Certificate(each.whole)),
    content: { type: oidOf(contentType), bytes: content && carried(inside(content, context0)[0]) }, end: outer.whole.length,
  }
}

/** Whether the signed attributes are signed by the certificate's key, with `digest` (a name of node:crypto). */
export function signatureMatches({ algorithm, signature, signedBytes, certificate }: SignedMessage, digest: string): boolean {
  const padding = algorithm === oid.rsaPss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : {}
  return verify(digest, signedBytes, { key: certificate.publicKey, ...padding }, signature)
}

/** The one value of the one attribute of this type; throws when it is missing or there twice. */
export function onlyAttribute(attributes: readonly Attribute[], type: string): Der {
  const value = optionalAttribute(attributes, type)
  if (!value) throw new Error(`attribute ${type} must stand there once`)
  return value
}

export function optionalAttribute(attributes: readonly Attribute[], type: string): Der | undefined {
  const [found, ...more] = attributes.filter(attribute => attribute.type === type)
  if (more.length > 0 || (found && found.values.length !== 1)) throw new Error(`attribute ${type} must stand there once`)
  return found?.values[0]
}

/** Extensions of a certificate: whether it is critical, and its value; undefined when it has none of this kind. */
export function extensionOf({ raw }: X509Certificate, type: string): { critical: boolean; value: Der } | undefined {
  const extensions = inside(inside(readDer(raw))[0]).find(({ tag: found }) => found === 0xa3)
  if (!extensions) return undefined
  const found = inside(inside(extensions, 0xa3)[0]).map(each => inside(each)).find(([name]) => oidOf(name) === type)
  const value = found?.at(-1)
  return value && { critical: found?.[1]?.tag === tag.boolean && found[1].value[0] === 0xff, value: readDer(bytesOf(value, tag.octets)) }
}

const attributesIn = (set: Der, expected: number): Attribute[] => inside(set, expected).map(attribute => {
  const [type, values] = inside(attribute)
  return { type: oidOf(type), values: inside(values, tag.set) }
})

// CMS lets the content come in pieces, and some authorities send it so; nothing else may.
const pieces = 0x24
const carried = (of: Der | undefined): Uint8Array =>
  of?.tag === pieces ? Buffer.concat(inside(of, pieces).map(piece => bytesOf(piece, tag.octets))) : bytesOf(of, tag.octets)

// RFC 5652, 5.4: what is signed carries the tag SET OF (0x31), what is sent [0].
function asSet(sent: Uint8Array): Uint8Array {
  const signed = Uint8Array.from(sent)
  signed[0] = tag.set
  return signed
}

// IssuerAndSerialNumber, byte for byte as the certificate writes both.
function isNamedBy(named: Der | undefined, certificate: Der): boolean {
  const [issuer, serial] = inside(named)
  const fields = inside(inside(certificate)[0])
  const [ownSerial, , ownIssuer] = fields[0]?.tag === context0 ? fields.slice(1) : fields
  if (!issuer || !serial || !ownIssuer || !ownSerial) return false
  return sameBytes(issuer.whole, ownIssuer.whole) && sameBytes(serial.whole, ownSerial.whole)
}

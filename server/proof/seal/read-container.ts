import { createHash, verify, X509Certificate } from 'node:crypto'
import { fromBER, ObjectIdentifier, OctetString, Sequence, type AsnType } from 'asn1js'
import { Certificate, ContentInfo, IssuerAndSerialNumber, SignedData, type Attribute, type SignerInfo } from 'pkijs'
import { oid } from './oid.ts'

export type Container = {
  messageDigest: Uint8Array
  certificate: X509Certificate
  others: X509Certificate[]
  padded: boolean // after the container only zeros
  signatureHolds(): boolean
}

/** Reads a CMS container of one signer with SHA-256. Throws on anything else; asn1js bounds depth and number of nodes. */
export function readContainer(bytes: Uint8Array): Container {
  const { offset, result } = fromBER(bytes)
  if (offset < 1) throw new Error('not BER')
  const content = new ContentInfo({ schema: result })
  if (content.contentType !== oid.signedData) throw new Error('not SignedData')
  const signedData = new SignedData({ schema: content.content })
  const [signer, ...more] = signedData.signerInfos
  if (!signer || more.length > 0 || signer.digestAlgorithm.algorithmId !== oid.sha256) throw new Error('not one signer with SHA-256')
  const certificates = (signedData.certificates ?? []).filter(each => each instanceof Certificate).slice(0, 8)
  const named = certificates.find(each => isNamedBy(signer, each))
  if (!named) throw new Error('the signer\'s certificate is missing')
  const toX509 = (each: Certificate) => new X509Certificate(Buffer.from(each.toSchema().toBER()))
  const certificate = toX509(named)
  return {
    messageDigest: octets(only(signer, oid.messageDigest)), certificate, others: certificates.filter(each => each !== named).map(toX509),
    padded: bytes.subarray(offset).every(byte => byte === 0),
    signatureHolds: () => attributesAreOurs(signer, certificate) && signatureMatches(signer, certificate),
  }
}

const isNamedBy = ({ sid }: SignerInfo, certificate: Certificate) =>
  sid instanceof IssuerAndSerialNumber && certificate.serialNumber.isEqual(sid.serialNumber) && certificate.issuer.isEqual(sid.issuer)

// RFC 5035: without the hash of the certificate among the signed attributes, another certificate for the same key could be put in.
function attributesAreOurs(signer: SignerInfo, certificate: X509Certificate): boolean {
  const type = only(signer, oid.contentType)
  const hash = createHash('sha256').update(certificate.raw).digest()
  return type instanceof ObjectIdentifier && type.getValue() === oid.data && hash.equals(namedHash(only(signer, oid.signingCertificateV2)))
}

function signatureMatches(signer: SignerInfo, certificate: X509Certificate): boolean {
  const signed = Buffer.from(signer.signedAttrs?.encodedValue ?? new ArrayBuffer(0))
  return verify('sha256', signed, certificate.publicKey, octets(signer.signature))
}

// SigningCertificateV2 → certs → the first ESSCertIDv2 → its hash; an algorithm stands before it only when it is not SHA-256.
function namedHash(value: AsnType): Uint8Array {
  const [certificates] = children(value)
  const [first] = children(certificates)
  const [hash] = children(first)
  return octets(hash)
}

function only(signer: SignerInfo, type: string): AsnType {
  const [found, ...more] = (signer.signedAttrs?.attributes ?? []).filter((attribute: Attribute) => attribute.type === type)
  if (!found || more.length > 0 || found.values.length !== 1) throw new Error(`attribute ${type} must stand there once`)
  return found.values[0] as AsnType
}

function children(value: AsnType | undefined): AsnType[] {
  if (value instanceof Sequence) return value.valueBlock.value as AsnType[]
  throw new Error('not a SEQUENCE')
}

function octets(value: AsnType | undefined): Uint8Array {
  if (value instanceof OctetString) return new Uint8Array(value.getValue())
  throw new Error('not an OCTET STRING')
}

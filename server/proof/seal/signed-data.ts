import { constants, verify, X509Certificate } from 'node:crypto'
import { fromBER, ObjectIdentifier, OctetString, Sequence, type AsnType } from 'asn1js'
import { Certificate, ContentInfo, IssuerAndSerialNumber, SignedData, type SignerInfo } from 'pkijs'
import { oid } from './oid.ts'

const mostCertificates = 16 // the seal's path and the time stamp's

/** A CMS message of one signer. `content`: what it carries inside, if anything; `end`: bytes used of those given. */
export type SignedMessage = {
  signer: SignerInfo
  certificate: X509Certificate
  own: Certificate
  others: X509Certificate[]
  content: { type: string; bytes: Uint8Array | undefined }
  end: number
}

/** Reads a CMS message of one signer whose certificate is inside. Throws on anything else; asn1js bounds depth and number of nodes. */
export function readSignedData(bytes: Uint8Array): SignedMessage {
  const { offset, result } = fromBER(bytes)
  if (offset < 1) throw new Error('not BER')
  const outer = new ContentInfo({ schema: result })
  if (outer.contentType !== oid.signedData) throw new Error('not SignedData')
  const signedData = new SignedData({ schema: outer.content })
  const [signer, ...more] = signedData.signerInfos
  if (!signer || more.length > 0) throw new Error('not one signer')
  const certificates = (signedData.certificates ?? []).filter(each => each instanceof Certificate).slice(0, mostCertificates)
  const own = certificates.find(each => isNamedBy(signer, each))
  if (!own) throw new Error('the signer\'s certificate is missing')
  const { eContentType, eContent } = signedData.encapContentInfo
  return {
    signer, own, certificate: toX509(own), others: certificates.filter(each => each !== own).map(toX509), end: offset,
    content: { type: eContentType, bytes: eContent && new Uint8Array(eContent.getValue()) },
  }
}

/** Whether the signed attributes are signed by the certificate's key, with `digest` (a name of node:crypto). */
export function signatureMatches({ signer, certificate }: SignedMessage, digest: string): boolean {
  const signed = Buffer.from(signer.signedAttrs?.encodedValue ?? new ArrayBuffer(0))
  const pss = signer.signatureAlgorithm.algorithmId === oid.rsaPss
  const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : {}
  return verify(digest, signed, { key: certificate.publicKey, ...padding }, octets(signer.signature))
}

/** The one value of the one signed attribute of this type; throws when it is missing or there twice. */
export function onlyAttribute(signer: SignerInfo, type: string): AsnType {
  const value = optionalAttribute(signer.signedAttrs?.attributes ?? [], type)
  if (!value) throw new Error(`attribute ${type} must stand there once`)
  return value
}

export function optionalAttribute(attributes: { type: string; values: AsnType[] }[], type: string): AsnType | undefined {
  const [found, ...more] = attributes.filter(attribute => attribute.type === type)
  if (more.length > 0 || (found && found.values.length !== 1)) throw new Error(`attribute ${type} must stand there once`)
  return found?.values[0]
}

export function children(value: AsnType | undefined): AsnType[] {
  if (value instanceof Sequence) return value.valueBlock.value as AsnType[]
  throw new Error('not a SEQUENCE')
}

export function octets(value: AsnType | undefined): Uint8Array {
  if (value instanceof OctetString) return new Uint8Array(value.getValue())
  throw new Error('not an OCTET STRING')
}

export function named(value: AsnType | undefined): string {
  if (value instanceof ObjectIdentifier) return value.getValue()
  throw new Error('not an OBJECT IDENTIFIER')
}

const toX509 = (each: Certificate) => new X509Certificate(Buffer.from(each.toSchema().toBER()))

const isNamedBy = ({ sid }: SignerInfo, certificate: Certificate) =>
  sid instanceof IssuerAndSerialNumber && certificate.serialNumber.isEqual(sid.serialNumber) && certificate.issuer.isEqual(sid.issuer)

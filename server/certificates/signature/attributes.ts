import { createHash } from 'node:crypto'
import { Constructed, fromBER, ObjectIdentifier, OctetString, Sequence, type AsnType } from 'asn1js'
import { Attribute, SignedAndUnsignedAttributes } from 'pkijs'
import { oid } from '../../proof/seal/oid.ts'

/**
 * The signed attributes of PAdES baseline B and no others: a signing-time attribute is forbidden there (ETSI EN 319 142-1, 6.3),
 * the time stands in the PDF's /M. In DER order, so that their encoding is the one that is signed.
 */
export function signedAttributes(digest: Uint8Array, certificate: Uint8Array, crls: Uint8Array[]): Attribute[] {
  const attributes = [
    attribute(oid.contentType, new ObjectIdentifier({ value: oid.data })),
    attribute(oid.messageDigest, new OctetString({ valueHex: digest })),
    attribute(oid.signingCertificateV2, signingCertificate(certificate)),
    ...(crls.length > 0 ? [attribute(oid.revocation, revocation(crls))] : []),
  ]
  return attributes.sort((a, b) => Buffer.compare(encoded(a), encoded(b)))
}

/** RFC 5652, 5.4: what is signed carries the tag SET OF (0x31), what is sent [0]. */
export function toBeSigned(attributes: SignedAndUnsignedAttributes | Attribute[]): Uint8Array {
  const set = Array.isArray(attributes) ? new SignedAndUnsignedAttributes({ type: 0, attributes }) : attributes
  const der = new Uint8Array(set.toSchema().toBER())
  der[0] = 0x31
  return der
}

export const parsed = (der: Uint8Array): AsnType => {
  const { offset, result } = fromBER(der)
  if (offset === -1) throw new Error(result.error || 'not BER')
  return result
}

const attribute = (type: string, value: AsnType) => new Attribute({ type, values: [value] })
const encoded = (attribute: Attribute) => Buffer.from(attribute.toSchema().toBER())

// RFC 5035: SHA-256 is the default algorithm and therefore absent.
function signingCertificate(certificate: Uint8Array): Sequence {
  const hash = new OctetString({ valueHex: createHash('sha256').update(certificate).digest() })
  return new Sequence({ value: [new Sequence({ value: [new Sequence({ value: [hash] })] })] })
}

const revocation = (crls: Uint8Array[]) => new Sequence({
  value: [new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new Sequence({ value: crls.map(parsed) })] })],
})

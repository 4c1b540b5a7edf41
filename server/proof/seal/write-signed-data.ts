import { inside, readDer } from './der.ts'
import { oid } from './oid.ts'
import { der, integer, objectIdentifier, octetString, sequence, setOf } from './write-der.ts'

type Parts = {
  content: { type: string; bytes?: Uint8Array } // without bytes: it stays outside
  certificates: Uint8Array[] // DER, the signer's first
  attributes: Uint8Array[] // signed, each as DER
  algorithm: Uint8Array // AlgorithmIdentifier of the signature, DER
  signature: Uint8Array
  unsigned?: Uint8Array[]
}

const [context0, context1] = [0xa0, 0xa1]
const sha256 = sequence(objectIdentifier(oid.sha256))
const [one, three] = [1, 3].map(version => integer(Uint8Array.of(version))) as [Buffer, Buffer]

/** An attribute of one value. */
export const attribute = (type: string, value: Uint8Array): Buffer => sequence(objectIdentifier(type), setOf(value))

/** RFC 5652, 5.4: what is signed carries the tag SET OF, what is sent [0]. */
export const toBeSigned = (attributes: Uint8Array[]): Buffer => setOf(...attributes)

/** A CMS message of one signer with SHA-256 (RFC 5652), as DER. */
export function writeSignedData({ content, certificates, attributes, algorithm, signature, unsigned = [] }: Parts): Buffer {
  const signerInfo = sequence(
    one, issuerAndSerial(certificates[0]), sha256, retagged(setOf(...attributes), context0), algorithm, octetString(signature),
    ...(unsigned.length > 0 ? [retagged(setOf(...unsigned), context1)] : []),
  )
  const inner = content.bytes ? [der(context0, octetString(content.bytes))] : []
  const signedData = sequence(
    content.type === oid.data ? one : three, setOf(sha256), sequence(objectIdentifier(content.type), ...inner), der(context0, ...certificates), setOf(signerInfo),
  )
  return sequence(objectIdentifier(oid.signedData), der(context0, signedData))
}

// Byte for byte as the certificate writes both.
function issuerAndSerial(certificate: Uint8Array | undefined): Buffer {
  const fields = certificate ? inside(inside(readDer(certificate))[0]) : []
  const [serial, , issuer] = fields[0]?.tag === context0 ? fields.slice(1) : fields
  if (!serial || !issuer) throw new Error('no certificate of the signer')
  return sequence(issuer.whole, serial.whole)
}

function retagged(set: Buffer, as: number): Buffer {
  set[0] = as
  return set
}

import { createHash, type X509Certificate } from 'node:crypto'
import { oid } from './oid.ts'
import { children, named, octets, onlyAttribute, optionalAttribute, readSignedData, signatureMatches, type SignedMessage } from './signed-data.ts'

export type Container = {
  messageDigest: Uint8Array
  certificate: X509Certificate
  others: X509Certificate[]
  padded: boolean // after the container only zeros
  signature: Uint8Array
  timeStamp: Uint8Array | undefined // the token's DER; it is not covered by the seal, so it may be missing or another's
  signatureHolds(): boolean
}

/** Reads the CMS container of a seal: one signer with SHA-256. Throws on anything else. */
export function readContainer(bytes: Uint8Array): Container {
  const message = readSignedData(bytes)
  const { signer, certificate, others, end } = message
  if (signer.digestAlgorithm.algorithmId !== oid.sha256) throw new Error('not SHA-256')
  const timeStamp = optionalAttribute(signer.unsignedAttrs?.attributes ?? [], oid.timeStamp)
  return {
    messageDigest: octets(onlyAttribute(signer, oid.messageDigest)), certificate, others, signature: octets(signer.signature),
    timeStamp: timeStamp && new Uint8Array(timeStamp.valueBeforeDecodeView),
    padded: bytes.subarray(end).every(byte => byte === 0),
    signatureHolds: () => attributesAreOurs(message) && signatureMatches(message, 'sha256'),
  }
}

// RFC 5035: without the hash of the certificate among the signed attributes, another certificate for the same key could be put in.
function attributesAreOurs({ signer, certificate }: SignedMessage): boolean {
  const hash = createHash('sha256').update(certificate.raw).digest()
  return named(onlyAttribute(signer, oid.contentType)) === oid.data && hash.equals(namedHash(signer))
}

// SigningCertificateV2 → certs → the first ESSCertIDv2 → its hash; an algorithm stands before it only when it is not SHA-256.
function namedHash(signer: SignedMessage['signer']): Uint8Array {
  const [certificates] = children(onlyAttribute(signer, oid.signingCertificateV2))
  const [first] = children(certificates)
  const [hash] = children(first)
  return octets(hash)
}

import { createHash, type X509Certificate } from 'node:crypto'
import { inside, oidOf, sameBytes, tag, bytesOf } from './der.ts'
import { oid } from './oid.ts'
import { onlyAttribute, optionalAttribute, readSignedData, signatureMatches, type SignedMessage } from './signed-data.ts'

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
  const { digest, certificate, others, signature, signed, unsigned, end } = message
  if (digest !== oid.sha256) throw new Error('not SHA-256')
  return {
    messageDigest: bytesOf(onlyAttribute(signed, oid.messageDigest), tag.octets), certificate, others, signature,
    timeStamp: optionalAttribute(unsigned, oid.timeStamp)?.whole,
    padded: bytes.subarray(end).every(byte => byte === 0),
    signatureHolds: () => attributesAreOurs(message) && signatureMatches(message, 'sha256'),
  }
}

// RFC 5035: without the hash of the certificate among the signed attributes, another certificate for the same key could be put in.
function attributesAreOurs({ signed, certificate }: SignedMessage): boolean {
  const hash = createHash('sha256').update(certificate.raw).digest()
  return oidOf(onlyAttribute(signed, oid.contentType)) === oid.data && sameBytes(hash, namedHash(signed))
}

// SigningCertificateV2 → certs → the first ESSCertIDv2 → its hash; an algorithm stands before it only when it is not SHA-256.
function namedHash(signed: SignedMessage['signed']): Uint8Array {
  const [certificates] = inside(onlyAttribute(signed, oid.signingCertificateV2))
  const [first] = inside(certificates)
  return bytesOf(inside(first)[0], tag.octets)
}

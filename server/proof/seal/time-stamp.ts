import { createHash, type X509Certificate } from 'node:crypto'
import { Sequence } from 'asn1js'
import { ExtKeyUsage, TSTInfo } from 'pkijs'
import { chainHolds } from './check-chain.ts'
import { digests, oid } from './oid.ts'
import { children, named, octets, onlyAttribute, optionalAttribute, readSignedData, signatureMatches, type SignedMessage } from './signed-data.ts'

/** A time-stamp token (RFC 3161), read and found consistent in itself. `at`: the time it says; whether to believe it, `isBelieved` says. */
export type TimeStamp = { at: Date; nonce: Uint8Array | undefined; imprint: Uint8Array; certificate: X509Certificate; message: SignedMessage }

/** Reads a token over a SHA-256. Throws on what is no token, or none of the kind we ask for. */
export function readTimeStamp(token: Uint8Array): TimeStamp {
  const message = readSignedData(token)
  const { type, bytes } = message.content
  if (type !== oid.timeStampInfo || !bytes) throw new Error('not a time stamp')
  const { messageImprint: { hashAlgorithm, hashedMessage }, genTime, nonce, version } = TSTInfo.fromBER(new Uint8Array(bytes))
  if (version !== 1 || hashAlgorithm.algorithmId !== oid.sha256) throw new Error('not a time stamp over SHA-256')
  return { at: genTime, nonce: nonce && new Uint8Array(nonce.valueBlock.valueHexView), imprint: octets(hashedMessage), certificate: message.certificate, message }
}

/**
 * Whether the token is over SHA-256(data), signed by the certificate it names, which exists for nothing but time stamps (RFC 3161, 2.3)
 * and leads to the root; `between`: certificates on the way that the token does not carry itself.
 */
export function timeStampHolds(stamp: TimeStamp, data: Uint8Array, trustedRoot: Uint8Array, between: X509Certificate[] = []): boolean {
  const { imprint, at, certificate, message } = stamp
  return createHash('sha256').update(data).digest().equals(imprint) && isSigned(message) && onlyStamps(message)
    && chainHolds(certificate, [...message.others, ...between], trustedRoot, at)
}

function isSigned(message: SignedMessage): boolean {
  const { signer, content } = message
  const digest = digests[signer.digestAlgorithm.algorithmId]
  if (!digest || digest === 'sha1' || !content.bytes) return false
  return named(onlyAttribute(signer, oid.contentType)) === oid.timeStampInfo
    && createHash(digest).update(content.bytes).digest().equals(octets(onlyAttribute(signer, oid.messageDigest)))
    && namesItsCertificate(message) && signatureMatches(message, digest)
}

// RFC 5816: the certificate is named by its hash, in version 2 or, by older authorities, with SHA-1.
function namesItsCertificate({ signer, certificate }: SignedMessage): boolean {
  const attributes = signer.signedAttrs?.attributes ?? []
  const newer = optionalAttribute(attributes, oid.signingCertificateV2)
  const value = newer ?? optionalAttribute(attributes, oid.signingCertificate)
  const [certificates] = children(value)
  const [first] = children(certificates)
  const parts = children(first)
  const [algorithm] = parts[0] instanceof Sequence ? children(parts.shift()) : []
  const digest = algorithm ? digests[named(algorithm)] : newer ? 'sha256' : 'sha1'
  return digest !== undefined && createHash(digest).update(certificate.raw).digest().equals(octets(parts[0]))
}

function onlyStamps({ own }: SignedMessage): boolean {
  const usage = own.extensions?.find(({ extnID }) => extnID === oid.extendedKeyUsage)
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : []
  return usage?.critical === true && purposes.length === 1 && purposes[0] === oid.timeStamping
}

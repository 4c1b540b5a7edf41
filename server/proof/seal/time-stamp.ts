import { createHash, type X509Certificate } from 'node:crypto'
import { chainHolds } from './check-chain.ts'
import { inside, oidOf, readDer, sameBytes, tag, bytesOf, type Der } from './der.ts'
import { digests, oid } from './oid.ts'
import { extensionOf, onlyAttribute, optionalAttribute, readSignedData, signatureMatches, type SignedMessage } from './signed-data.ts'

/** A time-stamp token (RFC 3161), read and found consistent in itself. `at`: the time it says; whether to believe it, `isBelieved` says. */
export type TimeStamp = { at: Date; nonce: Uint8Array | undefined; imprint: Uint8Array; certificate: X509Certificate; message: SignedMessage }

/** Reads a token over a SHA-256. Throws on what is no token, or none of the kind we ask for. */
export function readTimeStamp(token: Uint8Array): TimeStamp {
  const message = readSignedData(token)
  const { type, bytes } = message.content
  if (type !== oid.timeStampInfo || !bytes) throw new Error('not a time stamp')
  const [version, , imprint, , time, ...optional] = inside(readDer(bytes))
  const [algorithm, hash] = inside(imprint)
  if (bytesOf(version, tag.integer)[0] !== 1 || oidOf(inside(algorithm)[0]) !== oid.sha256) throw new Error('not a time stamp over SHA-256')
  const nonce = optional.find(each => each.tag === tag.integer)?.value
  return { at: timeOf(time), nonce, imprint: bytesOf(hash, tag.octets), certificate: message.certificate, message }
}

// GeneralizedTime, always in UTC; parts of a second are of no use to us.
function timeOf(of: Der | undefined): Date {
  const written = Buffer.from(bytesOf(of, tag.time)).toString('latin1')
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z$/.exec(written) ?? []
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(at.getTime())) throw new Error(`no time: ${written}`)
  return at
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
  const { signed, content } = message
  const digest = digests[message.digest]
  if (!digest || digest === 'sha1' || !content.bytes) return false
  return oidOf(onlyAttribute(signed, oid.contentType)) === oid.timeStampInfo
    && sameBytes(createHash(digest).update(content.bytes).digest(), bytesOf(onlyAttribute(signed, oid.messageDigest), tag.octets))
    && namesItsCertificate(message) && signatureMatches(message, digest)
}

// RFC 5816: the certificate is named by its hash, in version 2 or, by older authorities, with SHA-1.
function namesItsCertificate({ signed, certificate }: SignedMessage): boolean {
  const newer = optionalAttribute(signed, oid.signingCertificateV2)
  const [certificates] = inside(newer ?? optionalAttribute(signed, oid.signingCertificate))
  const [first] = inside(certificates)
  const parts = inside(first)
  const [algorithm] = parts[0]?.tag === tag.sequence ? inside(parts.shift()) : []
  const digest = algorithm ? digests[oidOf(algorithm)] : newer ? 'sha256' : 'sha1'
  return digest !== undefined && sameBytes(createHash(digest).update(certificate.raw).digest(), bytesOf(parts[0], tag.octets))
}

function onlyStamps({ certificate }: SignedMessage): boolean {
  const usage = extensionOf(certificate, oid.extendedKeyUsage)
  const purposes = usage ? inside(usage.value).map(oidOf) : []
  return usage?.critical === true && purposes.length === 1 && purposes[0] === oid.timeStamping
}

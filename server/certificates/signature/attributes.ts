import { createHash } from 'node:crypto'
import { oid } from '../../proof/seal/oid.ts'
import { der, objectIdentifier, octetString, sequence } from '../../proof/seal/write-der.ts'
import { attribute } from '../../proof/seal/write-signed-data.ts'

const context0 = 0xa0

/**
 * The signed attributes of PAdES baseline B and no others, each as DER: a signing-time attribute is forbidden there (ETSI EN 319 142-1, 6.3),
 * the time stands in the time stamp, and as a claim in the PDF's /M.
 */
export const signedAttributes = (digest: Uint8Array, certificate: Uint8Array, crls: Uint8Array[]): Buffer[] => [
  attribute(oid.contentType, objectIdentifier(oid.data)),
  attribute(oid.messageDigest, octetString(digest)),
  attribute(oid.signingCertificateV2, signingCertificate(certificate)),
  ...(crls.length > 0 ? [attribute(oid.revocation, sequence(der(context0, sequence(...crls))))] : []),
]

// RFC 5035: SHA-256 is the default algorithm and therefore absent.
const signingCertificate = (certificate: Uint8Array) => sequence(sequence(sequence(octetString(createHash('sha256').update(certificate).digest()))))

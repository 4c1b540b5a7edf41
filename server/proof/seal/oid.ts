/** The names of things inside a CMS container. */
export const oid = {
  data: '1.2.840.113549.1.7.1', signedData: '1.2.840.113549.1.7.2', sha256: '2.16.840.1.101.3.4.2.1',
  contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4', signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  signingCertificate: '1.2.840.113549.1.9.16.2.12', // with SHA-1: older time-stamp authorities
  revocation: '1.2.840.113583.1.1.8', // adbe-revocationInfoArchival (ISO 32000-1, 12.8.3.3.2)
  timeStamp: '1.2.840.113549.1.9.16.2.14', // id-aa-signatureTimeStampToken (RFC 3161, appendix A)
  timeStampInfo: '1.2.840.113549.1.9.16.1.4', // id-ct-TSTInfo
  extendedKeyUsage: '2.5.29.37', timeStamping: '1.3.6.1.5.5.7.3.8',
  rsaSha256: '1.2.840.113549.1.1.11', rsaPss: '1.2.840.113549.1.1.10', ecdsaSha256: '1.2.840.10045.4.3.2',
} as const

/** Digests that may stand in a time stamp, as node:crypto calls them. */
export const digests: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1', [oid.sha256]: 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512',
}

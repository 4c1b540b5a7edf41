/** The names of things inside a CMS container. */
export const oid = {
  data: '1.2.840.113549.1.7.1', signedData: '1.2.840.113549.1.7.2', sha256: '2.16.840.1.101.3.4.2.1',
  contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4', signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  revocation: '1.2.840.113583.1.1.8', // adbe-revocationInfoArchival (ISO 32000-1, 12.8.3.3.2)
  timeStamp: '1.2.840.113549.1.9.16.2.14', // id-aa-signatureTimeStampToken (RFC 3161, appendix A)
} as const

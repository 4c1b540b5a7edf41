import { X509Certificate } from 'node:crypto'

/** The certificates, or the lists of revoked ones, that a PEM text holds, in its order. */
export const certificatesIn = (pem: string) => blocks(pem, 'CERTIFICATE').map(der => new X509Certificate(der))
export const crlsIn = (pem: string) => blocks(pem, 'X509 CRL')

const blocks = (pem: string, label: string): Uint8Array[] =>
  [...pem.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g'))]
    .map(([, body = '']) => Buffer.from(body, 'base64'))

import { X509Certificate } from 'node:crypto'

/** Whether the certificate leads to the root, each link signed by a CA and valid at `at`, and is no CA itself. Throws on an unreadable root. */
export function chainHolds(certificate: X509Certificate, others: X509Certificate[], trustedRoot: Uint8Array, at: Date): boolean {
  const root = new X509Certificate(trustedRoot)
  let current = certificate
  if (current.ca) return false
  for (let depth = 0; depth < 8; depth += 1) {
    if (!wasValid(current, at)) return false
    if (isIssuedBy(current, root)) return wasValid(root, at)
    const issuer = others.find(other => !other.raw.equals(current.raw) && isIssuedBy(current, other))
    if (!issuer) return false
    current = issuer
  }
  return false
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate) =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** Whether the certificate was within its dates at `at`. */
export const wasValid = ({ validFromDate, validToDate }: X509Certificate, at: Date) => at >= validFromDate && at <= validToDate

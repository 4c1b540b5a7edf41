import { X509Certificate } from 'node:crypto'
import { Certificate, CertificateRevocationList } from 'pkijs'
import type { Signer } from '../../adapters/signer.ts'

export class KeyUnusable extends Error {}

/** Throws KeyUnusable when a certificate on the path is not yet or no longer valid at `at`, or the seal's own is on a list of revoked ones. */
export function refuseUnusable({ certificate, chain, root, crls }: Signer, at: Date): void {
  for (const der of [certificate, ...chain, root]) {
    const { subject, validFromDate, validToDate } = new X509Certificate(der)
    const valid = at >= validFromDate && at <= validToDate
    if (!valid) throw new KeyUnusable(`${subject} is valid from ${validFromDate.toISOString()} to ${validToDate.toISOString()}`)
  }
  const leaf = Certificate.fromBER(new Uint8Array(certificate))
  const revoked = crls.some(der => CertificateRevocationList.fromBER(new Uint8Array(der)).isCertificateRevoked(leaf))
  if (revoked) throw new KeyUnusable('the seal certificate is on the list of revoked ones')
}

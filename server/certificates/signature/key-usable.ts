import { X509Certificate } from 'node:crypto'
import { Certificate, CertificateRevocationList } from 'pkijs'
import type { Signer } from '../../adapters/signer.ts'

export class KeyUnusable extends Error {
  override readonly name = 'KeyUnusable'
}

/** Throws KeyUnusable when a certificate on the path is not yet or no longer valid at `at`, or the seal's own is on a list of revoked ones. */
export function refuseUnusable({ certificate, chain, root, crls }: Signer, at: Date): void {
  for (const der of [certificate, ...chain, root]) {
    const { subject, validFromDate, validToDate } = new X509Certificate(der)
    const valid = at >= validFromDate && at <= validToDate
    if (!valid) throw new KeyUnusable(`${subject} is valid from ${validFromDate.toISOString()} to ${validToDate.toISOString()}`)
  }
  if (crls.some(crl => isRevoked(certificate, crl))) throw new KeyUnusable('the seal certificate is on the list of revoked ones')
}

// Asked for every seal, of the same few lists: each is parsed once.
const answers = new WeakMap<Uint8Array, WeakMap<Uint8Array, boolean>>()

function isRevoked(certificate: Uint8Array, crl: Uint8Array): boolean {
  const known = answers.get(crl)?.get(certificate)
  if (known !== undefined) return known
  const answer = CertificateRevocationList.fromBER(new Uint8Array(crl)).isCertificateRevoked(Certificate.fromBER(new Uint8Array(certificate)))
  answers.set(crl, (answers.get(crl) ?? new WeakMap<Uint8Array, boolean>()).set(certificate, answer))
  return answer
}

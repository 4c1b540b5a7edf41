import { createHash, X509Certificate } from 'node:crypto'
import { CertificateRevocationList } from 'pkijs'
import type { World } from '../world.ts'

export const kinds = ['seal', 'chain', 'time_stamp', 'list'] as const
export const thresholds = [7, 30, 60] as const // days before the end

/** Something that ends soon or has ended. `list`: a list of revoked ones that is overdue. `id` stays the same as long as the thing does. */
export type Ending = { what: (typeof kinds)[number]; id: string; subject: string; endsAt: Date; daysLeft: number; threshold: number }

type Keys = Pick<World, 'signer' | 'timeStamps'>
const day_ms = 86_400_000

/** What stands between us and the next certificate, 60, 30 and 7 days before it ends (peers.md i22, i24). The nearest end first. */
export function endingsOf({ signer, timeStamps }: Keys, now: Date): Ending[] {
  const { leaf, chain, root } = timeStamps
  const certificates: [Ending['what'], Uint8Array[]][] = [
    ['seal', [signer.certificate]], ['chain', [...signer.chain, signer.root]], ['time_stamp', [...(leaf ? [leaf] : []), ...chain, root]],
  ]
  const found = new Map<string, Ending>() // both paths may share certificates and lists
  for (const [what, ders] of certificates) {
    for (const der of ders) {
      const { subject, validToDate } = new X509Certificate(der)
      const daysLeft = Math.floor((validToDate.getTime() - now.getTime()) / day_ms)
      const threshold = thresholds.find(days => daysLeft < days)
      if (threshold && !found.has(idOf(der))) found.set(idOf(der), { what, id: idOf(der), subject: nameIn(subject), endsAt: validToDate, daysLeft, threshold })
    }
  }
  for (const der of [...signer.crls, ...timeStamps.crls]) {
    const endsAt = nextUpdateOf(der)
    if (endsAt && endsAt <= now) found.set(idOf(der), { what: 'list', id: idOf(der), subject: nameIn(new X509Certificate(signer.root).subject), endsAt, daysLeft: 0, threshold: 0 })
  }
  return [...found.values()].sort((one, other) => one.endsAt.getTime() - other.endsAt.getTime())
}

const idOf = (der: Uint8Array) => createHash('sha256').update(der).digest('hex').slice(0, 32)
const nameIn = (subject: string) => /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')

const read = new WeakMap<Uint8Array, { at: Date | undefined }>()

function nextUpdateOf(crl: Uint8Array): Date | undefined {
  const known = read.get(crl) ?? { at: CertificateRevocationList.fromBER(new Uint8Array(crl)).nextUpdate?.value }
  read.set(crl, known)
  return known.at
}

import { createHash } from 'node:crypto'
import type { CalendarDate } from '../domain/calendar.ts'
import { standing, type CertificateEvent, type StandingOn, type Validity } from '../domain/standing.ts'
import type { CertificateLine } from './entry.ts'

/** What the log tells of one certificate. `files` in the order in which they were told; the last of the highest edition is current. */
export type History = { validity: Validity; events: CertificateEvent[]; files: ToldFile[] }
export type ToldFile = { edition: number; sha256: string; credentialSha256: string | null; seq: number }

/** The name of a certificate in the log. */
export const certOf = (salt: Uint8Array, number: string): string => createHash('sha256').update(salt).update(number, 'utf8').digest('hex')

/** Dates and files from the lines of one certificate, in the order of the log; null when none of them says that it was issued. */
export function historyOf(lines: readonly CertificateLine[]): History | null {
  const told = lines.toSorted((one, other) => one.seq - other.seq)
  const issued = told.find(({ type }) => type === 'issued')
  if (!issued?.from || !issued.until) return null
  return {
    validity: { issuedOn: issued.from, expiresOn: issued.until },
    events: told.map(({ type, on, reason }) => ({ event: type, on, ...(reason ? { reasonClass: reason } : {}) })),
    files: told.flatMap(({ edition, doc, vc, seq }) => (edition !== undefined && doc ? [{ edition, sha256: doc, credentialSha256: vc ?? null, seq }] : [])),
  }
}

/** What the certificate was worth on a day, by the same rules as the register (domain/standing.ts). Before its issue: `issuing`. */
export const standingBy = ({ validity, events }: History, day: CalendarDate): StandingOn => standing(validity, events, day)

/** The file that counts today: of the highest edition the one told last. */
export const currentFile = ({ files }: History): ToldFile | undefined => files.toSorted((one, other) => other.edition - one.edition || other.seq - one.seq)[0]

export type FileAnswer = { known: 'current' | 'replaced'; edition: number } | { known: 'unknown' }

/** What the log says of a file. A file of the current edition is current, whichever of its renditions it is. */
export function fileAnswer(history: History, sha256: string): FileAnswer {
  const told = history.files.find(file => file.sha256 === sha256)
  if (!told) return { known: 'unknown' }
  return { known: told.edition === currentFile(history)?.edition ? 'current' : 'replaced', edition: told.edition }
}

/** The lines of each certificate. */
export function byCertificate(lines: Iterable<CertificateLine>): Map<string, CertificateLine[]> {
  const found = new Map<string, CertificateLine[]>()
  for (const line of lines) found.set(line.cert, [...(found.get(line.cert) ?? []), line])
  return found
}

import { createHash } from 'node:crypto'
import { japanDate, type CalendarDate } from '../../server/domain/calendar.ts'
import { checkCredential, type Says } from '../../server/proof/credential.ts'
import { fileAnswer, type History } from '../../server/proof/replay.ts'
import { readStatus } from '../../server/proof/status.ts'
import type { Proven } from './check-proof.ts'
import type { Evidence } from './evidence.ts'
import { failed, found, open, passed, whether, type Finding } from './finding.ts'
import type { Pdf } from './subject.ts'

export type Moment = { day: CalendarDate; at: Date; now: Date }
type Beside = { pdf: Pdf | undefined; proven: Proven | undefined; when: Moment }

/** The credential twin: its own signature, what the log tells of it, that it is about this PDF, and the status list it points to. */
export function checkTwin(credential: string, evidence: Evidence, { pdf, proven, when }: Beside): { findings: Finding[]; says: Says | null } {
  const sha256 = createHash('sha256').update(credential).digest('hex'), did = parsed(evidence.did)
  const { checks, says } = checkCredential(credential, did, { at: when.at, loggedAt: proven?.history ? proven.taken(sha256) : undefined })
  const params = { day: when.day, from: says?.validFrom.slice(0, 10) ?? '?', until: says?.validUntil?.slice(0, 10) ?? '…' }
  return {
    says,
    findings: [
      ...Object.entries(checks).filter(([check, verdict]) => check !== 'form' || verdict !== 'could_not_be_checked').map(([check, verdict]) => found(`credential_${check}`, verdict, params)),
      known(sha256, proven?.history), ...(pdf ? [belongs(says, pdf, proven?.history)] : []), status(says, did, evidence.status, when),
    ],
  }
}

function known(sha256: string, history: History | null | undefined): Finding {
  if (!history) return open('credential_known')
  const newest = Math.max(...history.files.map(({ edition }) => edition))
  return whether('credential_known', history.files.some(file => file.edition === newest && file.credentialSha256 === sha256))
}

// A prolonged file keeps the credential of the file it prolongs: then both are of one edition.
function belongs(says: Says | null, { sha256 }: Pdf, history: History | null | undefined): Finding {
  if (!says?.pdfSha256) return open('twin')
  if (says.pdfSha256 === sha256) return passed('twin')
  const [one, other] = [says.pdfSha256, sha256 ?? ''].map(hash => (history ? fileAnswer(history, hash) : { known: 'unknown' as const }))
  return whether('twin', one !== undefined && other !== undefined && 'edition' in one && 'edition' in other && one.edition === other.edition)
}

function status(says: Says | null, did: unknown, list: string | undefined, { day, now }: Moment): Finding {
  if (!says?.status || list === undefined || did === undefined) return open('status')
  const { checks, suspended, asOf } = readStatus(list, did, says.status.index, { at: now, id: says.status.list })
  if (suspended === null) return Object.values(checks).includes('failed') ? failed('status', {}, 'list') : open('status')
  if (asOf && day < japanDate(new Date(asOf))) return open('status', { asOf: asOf ?? '?', day }, 'day')
  if (suspended) return failed('status', { asOf: asOf ?? '?' }, 'suspended')
  return checks.fresh === 'passed' ? passed('status', { asOf: asOf ?? '?' }) : open('status', { asOf: asOf ?? '?' }, 'old')
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

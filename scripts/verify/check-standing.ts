import type { CalendarDate } from '../../server/domain/calendar.ts'
import type { StandingOn } from '../../server/domain/standing.ts'
import type { Proof } from '../../server/proof/receipt.ts'
import { currentFile, fileAnswer, standingBy, type History } from '../../server/proof/replay.ts'
import { failed, open, passed, type Finding } from './finding.ts'

/** Whether what the proof claims is what its own lines tell. */
export function checkStanding(proof: Proof, history: History | null): Finding {
  if (!history) return open('standing')
  const { standing, since, reasonClass = null } = standingBy(history, proof.on)
  const replayed = standing === 'issuing' ? null : { is: standing, since, reasonClass }
  const current = currentFile(history)
  const said = [proof.standing, proof.validity, proof.current, proof.file && { known: proof.file.known, edition: proof.file.edition }]
  const told = [
    replayed, { from: history.validity.issuedOn, until: history.validity.expiresOn }, current && { edition: current.edition, sha256: current.sha256, credentialSha256: current.credentialSha256 },
    proof.file && { edition: null, ...fileAnswer(history, proof.file.sha256) },
  ]
  const wrong = said.findIndex((claim, nth) => sorted(claim) !== sorted(told[nth]))
  if (wrong >= 0) return failed('standing', { claimed: sorted(said[wrong]), replayed: sorted(told[wrong]) })
  return replayed ? passed('standing', { standing, since, on: proof.on }) : passed('standing', { on: proof.on }, 'none')
}

const sorted = (value: unknown) => JSON.stringify(value, value && typeof value === 'object' ? Object.keys(value).sort() : undefined)

const valid: readonly StandingOn['standing'][] = ['certified', 'certified_with_condition', 'scope_reduced']

/**
 * What the certificate is worth on the day that was asked about. `knownUntil`: the last day that something at hand tells of; a suspension of
 * later days would not be in it, so there is no "valid" after it. null: told by the issuer just now.
 */
export function checkValid(history: History | null, day: CalendarDate, knownUntil: CalendarDate | null): Finding {
  if (!history) return open('valid', { day })
  const { standing, since } = standingBy(history, day)
  if (!valid.includes(standing)) return failed('valid', { day, standing, since })
  return knownUntil !== null && day > knownUntil ? open('valid', { day, asOf: knownUntil }, 'later') : passed('valid', { day, standing, since })
}

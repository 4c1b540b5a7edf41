import { createHash } from 'node:crypto'
import { fileAnswer } from '../../server/proof/replay.ts'
import { checkSealed, type Check } from '../../server/proof/seal/check.ts'
import { checkSealKey, type SealKeys } from '../../server/proof/seal/key.ts'
import type { Proven } from './check-proof.ts'
import type { Evidence } from './evidence.ts'
import { failed, found, open, passed, type Finding } from './finding.ts'
import type { Pdf } from './subject.ts'

/** The seal by itself, then the exact bytes against the log: a signature alone does not say "unmodified" (signing.md 0, rule 1). */
export async function checkPdf(pdf: Pdf, { root, timeStampRoot: given, sealKeys }: Evidence, proven: Proven | undefined): Promise<Finding[]> {
  const timeStampRoot = given ?? sameRoot(root, proven)
  const seal = await checkSealed(pdf.bytes, root ?? new Uint8Array(), timeStampRoot)
  const { covers, ...inside } = seal
  return [...Object.entries(inside).map(([check, verdict]) => found(`seal_${check}`, verdict)), whole(pdf, covers, proven), ...ownKey(pdf, sealKeys, timeStampRoot), known(pdf, proven)]
}

// What was not read stands behind the seal. Bytes behind it are the issuer's own only where the log tells of exactly this file (B-LTA).
function whole({ sha256 }: Pdf, covers: Check, proven: Proven | undefined): Finding {
  if (sha256 === null && covers === 'passed') return failed('seal_covers')
  const isTold = sha256 !== null && proven?.history && fileAnswer(proven.history, sha256).known !== 'unknown'
  return covers === 'failed' && isTold ? passed('seal_covers', {}, 'prolonged') : found('seal_covers', covers)
}

// Where nobody told which keys there were, nothing is said.
const ownKey = ({ bytes }: Pdf, keys: SealKeys | undefined, timeStampRoot: Uint8Array | undefined): Finding[] =>
  (keys ? [found('seal_key', keys.size > 0 ? checkSealKey(bytes, keys, timeStampRoot) : 'could_not_be_checked')] : [])

// The development authority stamps under the same root; else the time stamp's root lies beside the file or was asked for.
function sameRoot(root: Uint8Array | undefined, proven: Proven | undefined): Uint8Array | undefined {
  return root && proven?.proof.keys.timeStampRootSha256 === createHash('sha256').update(root).digest('hex') ? root : undefined
}

function known({ sha256 }: Pdf, proven: Proven | undefined): Finding {
  if (sha256 === null) return failed('file_known', {}, 'unknown')
  if (!proven?.history) return open('file_known')
  const answer = fileAnswer(proven.history, sha256)
  if (answer.known === 'unknown') return failed('file_known', {}, 'unknown')
  return answer.known === 'current' ? passed('file_known', { edition: answer.edition }) : failed('file_known', { edition: answer.edition }, 'replaced')
}

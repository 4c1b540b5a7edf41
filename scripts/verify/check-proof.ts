import { createHash } from 'node:crypto'
import { openCheckpoint, type Checkpoint } from '../../server/proof/checkpoint.ts'
import { keyIn } from '../../server/proof/did.ts'
import { readKey, type NoteKey } from '../../server/proof/note.ts'
import { readProof, type Proof } from '../../server/proof/receipt.ts'
import type { History } from '../../server/proof/replay.ts'
import type { SignedJson } from '../../server/proof/signed-json.ts'
import { checkLines } from './check-lines.ts'
import { checkStanding } from './check-standing.ts'
import type { Evidence } from './evidence.ts'
import { failed, found, open, passed, whether, type Finding } from './finding.ts'
import { formerLogKeysIn, logKeyIn } from './log-key.ts'

/** What a proof established. `history` only when every line of it is in the checkpoint; `taken`: when the log took in a credential. */
export type Proven = { proof: Proof; key: NoteKey | undefined; checkpoint: Checkpoint | undefined; history: History | null; taken: (sha256: string) => Date | undefined }

/** The proof by itself, against the keys beside it. */
export function checkProof({ proof: text, did, root, timeStampRoot, kept, logKey }: Evidence): { findings: Finding[]; proven: Proven | undefined } {
  if (text === undefined) return { findings: [open('note'), open('inclusion')], proven: undefined }
  const read = readProof(text)
  if (!read) return { findings: [failed('proof_form')], proven: undefined }
  const { proof, signed } = read
  const key = trustedKey(proof, did, logKey)
  const checkpoint = key && openCheckpoint(proof.log.checkpoint, key)
  const lines = checkLines(proof, checkpoint)
  const findings = [
    passed('proof_form', { number: proof.number }), signature(signed, proof, did), ...named('proof_did', did, proof.keys.didSha256, kept), ...named('proof_root', root, proof.keys.rootSha256, kept),
    ...named('proof_time_stamp_root', timeStampRoot, proof.keys.timeStampRootSha256, kept),
    checkpoint ? passed('note', { size: checkpoint.size }) : failed('note'), lines.finding, checkStanding(proof, lines.history),
  ]
  return { findings, proven: { proof, key, checkpoint, history: lines.finding.verdict === 'passed' ? lines.history : null, taken: lines.taken } }
}

// kid names a key of the issuer that the proof names: a key of somebody else's document does not speak for it.
function signature({ kid, isSignedBy }: SignedJson, { keys }: Proof, did: string | undefined): Finding {
  if (did === undefined) return open('proof_signature')
  const key = keyIn(did, kid)
  return whether('proof_signature', key !== undefined && kid.startsWith(`${keys.did}#`) && isSignedBy(key))
}

// What lies in a directory may not have changed; what the issuer gives out today may have, for a reason (a key was added).
function named(check: string, beside: string | Uint8Array | undefined, sha256: string, strict: boolean): Finding[] {
  if (beside === undefined) return []
  return [found(check, createHash('sha256').update(beside).digest('hex') === sha256 ? 'passed' : strict ? 'failed' : 'could_not_be_checked')]
}

// The proof is signed and names the log's key; where the issuer's document or the log itself names any, it must be one of them: the present
// one, or one that was replaced (a stolen one is not to be believed any more).
function trustedKey({ log }: Proof, did: string | undefined, asked: NoteKey | undefined): NoteKey | undefined {
  const key = readKey(log.key), former = did === undefined ? [] : formerLogKeysIn(did).filter(({ revoked }) => !revoked).map(({ publicKey }) => publicKey)
  const known = [did === undefined ? undefined : logKeyIn(did), asked?.publicKey, ...former].filter(other => other !== undefined)
  return key && (known.length === 0 || known.some(other => Buffer.compare(other, key.publicKey) === 0)) ? key : undefined
}

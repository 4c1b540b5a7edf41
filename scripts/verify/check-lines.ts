import { fromBase64 } from '../../server/proof/base64.ts'
import type { Checkpoint } from '../../server/proof/checkpoint.ts'
import { isCertificateLine, readEntry, type CertificateLine, type Entry } from '../../server/proof/entry.ts'
import { isIncluded, leafHash } from '../../server/proof/merkle.ts'
import type { Proof } from '../../server/proof/receipt.ts'
import { certOf, historyOf, type History } from '../../server/proof/replay.ts'
import { failed, open, passed, type Finding } from './finding.ts'

type Lines = { finding: Finding; history: History | null; taken: (sha256: string) => Date | undefined }

/** Whether each line is about this certificate and in the checkpoint, and what the lines tell when replayed. */
export function checkLines(proof: Proof, checkpoint: Checkpoint | undefined): Lines {
  const read = proof.lines.map(({ line }) => readEntry(line)), own = certOf(Buffer.from(proof.salt, 'hex'), proof.number)
  const lines = read.filter((entry): entry is CertificateLine => entry !== undefined && isCertificateLine(entry) && entry.cert === proof.cert)
  const taken = (sha256: string) => lines.filter(({ vc }) => vc === sha256).map(({ t }) => new Date(t))[0]
  const seqs = new Set(lines.map(({ seq }) => seq))
  if (own !== proof.cert || lines.length !== read.length || seqs.size !== lines.length || lines.length === 0) return { finding: failed('inclusion', {}, 'line'), history: null, taken }
  return { finding: included(proof, lines, checkpoint), history: historyOf(lines), taken }
}

function included(proof: Proof, lines: CertificateLine[], checkpoint: Checkpoint | undefined): Finding {
  if (!checkpoint) return open('inclusion')
  const missing = lines.find(({ seq }, nth) => {
    const { line = '', path = [] } = proof.lines[nth] ?? {}
    const hashes = path.map(fromBase64).filter(hash => hash?.length === 32).map(hash => new Uint8Array(hash ?? []))
    return hashes.length !== path.length || !isIncluded({ index: seq, size: checkpoint.size, leaf: leafHash(line), path: hashes, root: checkpoint.root })
  })
  return missing ? failed('inclusion', { seq: missing.seq, event: missing.type, on: missing.on }) : passed('inclusion', { count: lines.length })
}

/** With the whole log at hand: what the proof leaves out of what the log then had about the certificate, and what it tells of it by now. */
export function checkWithLog(proof: Proof, size: number, entries: readonly Entry[]): { finding: Finding; history: History | null } {
  const all = entries.filter((entry): entry is CertificateLine => isCertificateLine(entry) && entry.cert === proof.cert)
  const held = new Set(proof.lines.map(({ line }) => readEntry(line)?.seq))
  const missing = all.find(({ seq }) => seq < size && !held.has(seq))
  return { finding: missing ? failed('complete', { seq: missing.seq, event: missing.type, on: missing.on }) : passed('complete'), history: historyOf(all) }
}

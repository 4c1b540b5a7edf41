import { fromBase64 } from '../../server/proof/base64.ts'
import { openCheckpoint, type Checkpoint } from '../../server/proof/checkpoint.ts'
import { isConsistent, sameHash } from '../../server/proof/merkle.ts'
import type { NoteKey } from '../../server/proof/note.ts'
import type { Proof } from '../../server/proof/receipt.ts'
import { logKeyIn, type formerLogKeysIn } from './log-key.ts'
import { failed, open, passed, whether, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'

/** A checkpoint that somebody holds: kept, carried inside a file, or handed over. `path` says where from. */
export type Held = { path: string; note: string }
/** `former`: keys that the log had before. `carried`: the proof's own path from the checkpoint inside the certificate to its own. */
export type Present = { key: NoteKey | undefined; former: ReturnType<typeof formerLogKeysIn>; checkpoint: Checkpoint | undefined; carried: Proof['carried'] | undefined; mirror: Mirror | undefined }

/** Whether each is signed by the log's key, and whether the log has only grown since (or until) then. Who holds one is a witness. */
export const checkCheckpoints = (held: Held[], present: Present): Finding[] => held.flatMap(each => checkpointFindings(each, present))

function checkpointFindings({ path, note }: Held, { key, former, checkpoint: present, carried, mirror }: Present): Finding[] {
  if (!key) return [open('checkpoint', { path })]
  const signers = [{ key, revoked: false }, ...former.map(({ publicKey, revoked }) => ({ key: { name: key.name, publicKey }, revoked }))]
  const signer = signers.find(one => openCheckpoint(note, one.key))
  const checkpoint = signer && openCheckpoint(note, signer.key)
  if (!checkpoint) return [failed('checkpoint', { path })]
  const signed = signer.revoked ? open('checkpoint', { path }) : passed('checkpoint', { path, size: checkpoint.size }) // of a stolen key only the tree itself can tell
  if (mirror) return [signed, grown(path, checkpoint, mirror.checkpoint, checkpoint.size <= mirror.lines.length && sameHash(mirror.rootAt(checkpoint.size), checkpoint.root))]
  return present ? [signed, growth(path, checkpoint, present, carried)] : [signed]
}

const grown = (path: string, { size: old }: Checkpoint, { size }: Checkpoint, holds: boolean) => whether('consistency', holds, { path, old, size })

// With every line at hand the root is made again; without, equal sizes can be compared, and the one that the proof has a path for.
function growth(path: string, checkpoint: Checkpoint, present: Checkpoint, carried: Proof['carried'] | undefined): Finding {
  if (checkpoint.size === present.size) return grown(path, checkpoint, present, sameHash(checkpoint.root, present.root))
  if (carried?.size !== checkpoint.size) return open('consistency', { path })
  const hashes = carried.path.map(fromBase64).map(hash => new Uint8Array(hash ?? []))
  return grown(path, checkpoint, present, isConsistent({ old: checkpoint.size, size: present.size, oldRoot: checkpoint.root, root: present.root, path: hashes }))
}

/** The log's key as did.json names it, for a log of the name that the note claims: only when there is nothing better. */
export function keyFor(note: string, did: string | undefined): NoteKey | undefined {
  const publicKey = did === undefined ? undefined : logKeyIn(did), name = note.split('\n', 1)[0]
  return publicKey && name ? { name, publicKey } : undefined
}

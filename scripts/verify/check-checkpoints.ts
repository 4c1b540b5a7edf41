import { openCheckpoint, type Checkpoint } from '../../server/proof/checkpoint.ts'
import { sameHash } from '../../server/proof/merkle.ts'
import type { NoteKey } from '../../server/proof/note.ts'
import { logKeyIn } from './log-key.ts'
import { failed, open, passed, whether, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'

/** A checkpoint that somebody holds: kept, carried inside a file, or handed over. `path` says where from. */
export type Held = { path: string; note: string }
export type Present = { key: NoteKey | undefined; checkpoint: Checkpoint | undefined; mirror: Mirror | undefined }

/** Whether each is signed by the log's key, and whether the log has only grown since (or until) then. Who holds one is a witness. */
export const checkCheckpoints = (held: Held[], present: Present): Finding[] => held.flatMap(each => checkpointFindings(each, present))

function checkpointFindings({ path, note }: Held, { key, checkpoint: present, mirror }: Present): Finding[] {
  if (!key) return [open('checkpoint', { path })]
  const checkpoint = openCheckpoint(note, key)
  if (!checkpoint) return [failed('checkpoint', { path })]
  const signed = passed('checkpoint', { path, size: checkpoint.size })
  const other = mirror?.checkpoint ?? present
  return other ? [signed, growth(path, checkpoint, other, mirror)] : [signed]
}

// With every line at hand the root is made again; without, two sizes that are equal can be compared, and no more.
function growth(path: string, checkpoint: Checkpoint, present: Checkpoint, mirror: Mirror | undefined): Finding {
  const params = { path, old: checkpoint.size, size: present.size }
  if (mirror) return whether('consistency', checkpoint.size <= mirror.lines.length && sameHash(mirror.rootAt(checkpoint.size), checkpoint.root), params)
  return checkpoint.size === present.size ? whether('consistency', sameHash(checkpoint.root, present.root), params) : open('consistency', params)
}

/** The log's key as did.json names it, for a log of the name that the note claims: only when there is nothing better. */
export function keyFor(note: string, did: string | undefined): NoteKey | undefined {
  const publicKey = did === undefined ? undefined : logKeyIn(did), name = note.split('\n', 1)[0]
  return publicKey && name ? { name, publicKey } : undefined
}

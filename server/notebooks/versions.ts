import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { ItemVersion as Shape, longest_version_bytes, type versionRefusals } from '../../schema/notebook-shapes.ts'
import type { notebookVersions } from '../../schema/notebooks.ts'
import { versionText, type ItemVersion } from '../domain/notebook.ts'

export type Sent = { hash: string; version: unknown }
export type Read = { hash: string; version: ItemVersion } | { hash: string; reason: (typeof versionRefusals)[number] }

const deepest = 40 // nothing that a person captures; Postgres and JavaScript both have an end somewhere

/** One version as it was sent, or why it cannot be kept. The hash is reckoned again from what was understood: what is stored is what was captured, to the letter. */
export function readVersion({ hash, version }: Sent): Read {
  if (!isKeepable(version, deepest)) return { hash, reason: 'unreadable' }
  const read = Shape.safeParse(version)
  if (!read.success || !idsAreWrittenAsWeDo(read.data)) return { hash, reason: 'unreadable' }
  const text = versionText(read.data)
  if (Buffer.byteLength(text) > longest_version_bytes) return { hash, reason: 'too_big' }
  return sha256(text) === hash ? { hash, version: read.data } : { hash, reason: 'hash_differs' }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

// Postgres keeps no NUL and no half characters, in names as in texts, and writes ids in small letters: whatever it would change would change the hash.
function isKeepable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value === 'number') return Number.isFinite(value) // JSON knows larger ones than we
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.entries(value).every(([name, inner]) => isKeepable(name, 0) && isKeepable(inner, depth - 1))
}

const idsAreWrittenAsWeDo = ({ item, applicationId, device, place }: z.infer<typeof Shape>) => [item, applicationId, device, place].every(id => id === id.toLowerCase())

type Row = typeof notebookVersions.$inferSelect

/** The version as it was captured: its text gives its hash. */
export const versionOf = ({ item, applicationId, kind, criterion, place, content, files, device, deviceAt, over, previous, struck }: Row): z.infer<typeof Shape> =>
  ({ item, applicationId, kind, criterion, place, content: content as z.infer<typeof Shape>['content'], files, device, deviceAt, over, previous, struck })

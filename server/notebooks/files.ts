import { and, eq, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { notebookFiles } from '../../schema/notebooks.ts'
import { newId } from '../../schema/shared.ts'
import { within, type Db } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import { enterDocument } from '../documents/keep.ts'
import type { ItemFile } from '../domain/notebook.ts'
import { isRefusal, type Refusal, type RefusalCode } from '../domain/refusal.ts'
import type { KindRow } from '../http/uploads/kinds.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { carriedBy } from './carried.ts'
import { land } from './land.ts'
import { naming } from './waiting.ts'

export type Asked = { applicationId: string; sha256: string; device: string; viewer: Viewer; requestId: string }
/** The file as a version of this device names it, and what the server knows of it. */
export type Named = ItemFile & { documentId: string | null; stopped: string | null }

/**
 * Only a file that a version of this audit, captured on this device, names: the hash comes first, the bytes second. That version says too that this viewer's
 * device took the audit out; what became of the case since is asked when the file is whole.
 */
export async function namedFile(db: Db, { applicationId, sha256, device, viewer }: Asked): Promise<Named | Refusal> {
  const [row] = await db.execute<{ file: ItemFile; wiped: boolean; documentId: string | null; stopped: string | null }>(sql`
    select n.file, d.wipe_ordered_at is not null as wiped, k.document_id as "documentId", k.refused as stopped
    from notebook_devices d join notebook_versions v on v.device = d.device cross join lateral jsonb_array_elements(v.files) n(file)
      left join notebook_files k on k.application_id = v.application_id and k.sha256 = n.file->>'sha256'
    where d.device = ${device} and d.person_id = ${viewer.personId} and v.application_id = ${applicationId} and v.files @> ${naming(sha256)}::jsonb and n.file->>'sha256' = ${sha256} limit 1`)
  if (!row) return { refused: 'not_found' }
  return row.wiped ? { refused: 'device_wiped' } : { ...row.file, documentId: row.documentId, stopped: row.stopped }
}

/** The document of a file of this audit, whoever of the team brought it; null while it has not come whole. */
export async function keptFile(db: Db, applicationId: string, sha256: string): Promise<string | null> {
  const [row] = await db.select({ documentId: notebookFiles.documentId }).from(notebookFiles).where(and(eq(notebookFiles.applicationId, applicationId), eq(notebookFiles.sha256, sha256)))
  return row?.documentId ?? null
}

/** It is not what it should be, and will not be when it is sent again: the device is told with every sync. */
export async function rememberRefusal({ database: { db }, now }: World, { applicationId, sha256, device }: Asked, refused: RefusalCode): Promise<void> {
  await db.insert(notebookFiles).values({ applicationId, sha256, device, refused, cameAt: now() }).onConflictDoNothing()
}

/** A finished file from the spool into the home of all documents: bytes first, row second; what waited for it lands in the same transaction. */
export async function keepFile(world: World, asked: Asked, file: { path: string; size: number; type: string; row: KindRow }): Promise<Refusal | null> {
  const { applicationId, sha256, device, viewer, requestId } = asked
  const { documents: store, database: { db }, now } = world
  const key = newDocumentKey()
  await store.adopt(key, file.path, { type: file.type })
  const kept = await within(db, async (tx): Promise<Refusal | { entered: boolean }> => {
    const carried = await carriedBy(tx, applicationId, device, viewer, { lock: 'share' }) // several files at once: what two of them miss of each other lands with the next sync
    if (isRefusal(carried)) return carried
    if (carried.device.wipeOrderedAt) return { refused: 'device_wiped' }
    const audit = carried.theCase ?? (await tx.select({ employerId: applications.employerId }).from(applications).where(eq(applications.id, applicationId)))[0]
    if (!audit) return { refused: 'not_found' }
    if (await keptFile(tx, applicationId, sha256)) return { entered: false } // another device was faster: nothing is kept twice
    const purpose = file.type.startsWith('audio/') ? 'memo' as const : 'photo' as const
    const document = { key, name: `${purpose}-${sha256.slice(0, 12)}.${file.row.extensions[0]}`, size: file.size, sha256, type: file.type }
    const documentId = newId()
    await Promise.all([
      enterDocument(tx, { employerId: audit.employerId, applicationId, purpose }, document, { personId: viewer.personId, now: now(), documentId }),
      record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'notebooks.file', applicationId, subjectId: documentId, after: { size: file.size } }),
    ])
    const [first] = await tx.insert(notebookFiles).values({ applicationId, sha256, device, documentId, cameAt: now() }).onConflictDoNothing().returning()
    if (!first) throw new CameTwice()
    if (carried.theCase) await land(tx, carried.theCase, { now: now(), requestId, sha256 })
    return { entered: true }
  }).catch(async error => {
    await store.delete(key)
    if (error instanceof CameTwice) return { entered: false }
    throw error
  })
  if (isRefusal(kept) || !kept.entered) await store.delete(key)
  return isRefusal(kept) ? kept : null
}

// Another device brought the same file in the same moment: its row stands, and ours is taken back.
class CameTwice extends Error {}

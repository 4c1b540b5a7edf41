import { and, eq, sql } from 'drizzle-orm'
import { notebookFiles } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import type { ItemFile } from '../domain/notebook.ts'
import type { Refusal, RefusalCode } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import type { World } from '../world.ts'

export type Asked = { applicationId: string; sha256: string; device: string; viewer: Viewer; requestId: string }
/** The file as a version of this device names it, and what the server knows of it. */
export type Named = ItemFile & { documentId: string | null; stopped: string | null }

/**
 * Only a file that a version of this audit, captured on this device, names: the hash comes first, the bytes second. That version says too that this viewer's
 * device took the audit out; what became of the case since is asked when the file is whole.
 */
export async function namedFile(db: Db, { applicationId, sha256, device, viewer }: Asked): Promise<Named | Refusal> {
  const [row] = await db.execute<{ file: ItemFile; wiped: boolean; documentId: string | null; stopped: string | null }>(sql`
    with naming as materialized (select * from notebook_versions where files @> ${JSON.stringify([{ sha256 }])}::jsonb) -- by the index of files, whatever else Postgres would try
    select n.file, d.wipe_ordered_at is not null as wiped, k.document_id as "documentId", k.refused as stopped
    from notebook_devices d join naming v on v.device = d.device cross join lateral jsonb_array_elements(v.files) n(file)
      left join notebook_files k on k.application_id = v.application_id and k.sha256 = n.file->>'sha256'
    where d.device = ${device} and d.person_id = ${viewer.personId} and v.application_id = ${applicationId} and n.file->>'sha256' = ${sha256} order by v.number desc limit 1`)
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

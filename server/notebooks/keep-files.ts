import { and, eq, inArray } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { notebookFiles } from '../../schema/notebooks.ts'
import { newId } from '../../schema/shared.ts'
import { within, type Db } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import { enterDocuments } from '../documents/keep.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { KindRow } from '../http/uploads/kinds.ts'
import { enqueueJobSoon } from '../jobs/enqueue.ts'
import { recordAll } from '../journal/record.ts'
import type { World } from '../world.ts'
import { carriedBy } from './carried.ts'
import type { Asked } from './files.ts'
import { land } from './land.ts'

/** A file that lies whole in the spool, and is what its version says it is. */
export type Whole = { path: string; size: number; type: string; row: KindRow }
type Keeping = Asked & Whole & { key: string }

const scanned_after_seconds = 10 // by then a day's photos are here or come slowly: to scan each at once took longer than to send it

/** Finished files of one audit, from one device, from the spool into the home of all documents: bytes first, rows second; what waited for them lands in the same transaction. */
export async function keepFiles(world: World, files: readonly (Asked & Whole)[]): Promise<Refusal | null> {
  const { documents: store, database: { db } } = world
  const adopted = files.map(file => ({ ...file, key: newDocumentKey() }))
  const takeBack = (keys: readonly { key: string }[]) => Promise.all(keys.map(({ key }) => store.delete(key)))
  try {
    await Promise.all(adopted.map(({ key, path, type }) => store.adopt(key, path, { type })))
    const entered = await within(db, tx => enterAll(tx, world, adopted))
    await takeBack(isRefusal(entered) ? adopted : adopted.filter(({ key }) => !entered.has(key)))
    return isRefusal(entered) ? entered : null
  } catch (error) {
    await takeBack(adopted)
    throw error
  }
}

/** The keys that are documents now: what another device brought before is kept once. */
async function enterAll(tx: Db, { now }: World, files: readonly Keeping[]): Promise<ReadonlySet<string> | Refusal> {
  const [{ applicationId, device, viewer, requestId }] = files as [Keeping]
  const carried = await carriedBy(tx, applicationId, device, viewer, { lock: true })
  if (isRefusal(carried)) return carried
  if (carried.device.wipeOrderedAt) return { refused: 'device_wiped' }
  const [audit] = carried.theCase ? [carried.theCase] : await tx.select({ employerId: applications.employerId }).from(applications).where(eq(applications.id, applicationId)).for('update') // who left the team locks no case above
  if (!audit) return { refused: 'not_found' }
  const known = new Set((await tx.select({ sha256: notebookFiles.sha256 }).from(notebookFiles).where(and(eq(notebookFiles.applicationId, applicationId), inArray(notebookFiles.sha256, files.map(({ sha256 }) => sha256))))).map(({ sha256 }) => sha256))
  const coming = files.filter(({ sha256 }) => !known.has(sha256)).map(file => ({ ...file, documentId: newId() }))
  if (coming.length === 0) return new Set()
  await Promise.all([
    enterDocuments(tx, coming.map(file => ({ ...file, ...named(file), employerId: audit.employerId })), { personId: viewer.personId, now: now() }),
    enqueueJobSoon(tx, 'scan_arrived', { applicationId }, scanned_after_seconds),
    recordAll(tx, { personId: viewer.personId, role: 'assessor', requestId }, coming.map(({ documentId, size }) => ({ operation: 'notebooks.file', applicationId, subjectId: documentId, after: { size } }))),
    tx.insert(notebookFiles).values(coming.map(({ sha256, documentId }) => ({ applicationId, sha256, device, documentId, cameAt: now() }))),
  ])
  if (carried.theCase) await land(tx, carried.theCase, { now: now(), requestId, files: coming.map(({ sha256 }) => sha256) })
  return new Set(coming.map(({ key }) => key))
}

function named({ type, sha256, row }: Keeping) {
  const purpose = type.startsWith('audio/') ? 'memo' as const : 'photo' as const
  return { purpose, name: `${purpose}-${sha256.slice(0, 12)}.${row.extensions[0]}` }
}

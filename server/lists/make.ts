import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { NewList } from '../../schema/list-shapes.ts'
import { supplierLists } from '../../schema/lists.ts'
import type { Db } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import { listFields } from '../domain/list-columns.ts'
import { japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { translate } from '../http/locale.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'

type Stored = { name: string; documentKey: string; type: string; size: number }
type By = { viewer: Viewer; once?: string | undefined; requestId: string }

/** What was typed, pasted or sent becomes a stored list like an uploaded one: one way of reading for all. */
export async function makeList(world: World, form: NewList, by: By): Promise<{ id: string } | Refusal> {
  const text = form.rows ? stringify(form.rows.map(row => listFields.map(field => row[field])), { header: true, columns: [...listFields] }) : form.text ?? ''
  const documentKey = newDocumentKey(), type = 'text/csv; charset=utf-8'
  const { size } = await world.documents.put(documentKey, Readable.from([Buffer.from(text, 'utf8')]), { type })
  return keepList(world, { name: form.name, documentKey, type, size }, by)
}

/** In one transaction the list, its job and the journal; a refusal, or the second of two equal forms, leaves no bytes. */
export async function keepList(world: World, { name, ...stored }: Stored, { viewer, once, requestId }: By): Promise<{ id: string } | Refusal> {
  const { buyerId, personId } = viewer
  if (!buyerId) return { refused: 'not_found' }
  let mine = false
  const kept = await writeOnce<{ id: string }>(world.database.db, { personId, ...(once ? { once } : {}) }, async (tx: Db) => {
    mine = true
    const [row] = await tx.insert(supplierLists).values({ ...stored, name: name || translate(viewer.locale, 'lists.pasted_on', { date: japanDate(world.now()) }), buyerId, createdBy: personId, createdAt: world.now() }).returning({ id: supplierLists.id })
    if (!row) throw new Error('the list just kept is not there')
    await enqueueJob(tx, 'check_list', { listId: row.id })
    await record(tx, { personId, role: 'buyer', requestId }, { operation: 'lists.make', subjectId: row.id, after: { bytes: stored.size } })
    return { id: row.id }
  })
  if (!mine || isRefusal(kept)) await world.documents.delete(stored.documentKey)
  return kept
}

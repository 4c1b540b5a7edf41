import { PhotoContent } from '../../schema/notebook-shapes.ts'
import { heads } from '../domain/notebook.ts'
import { isConsent } from '../domain/photo-consent.ts'
import type { SealedFile, SealedRows } from './sealed.ts'

type Document = SealedRows['documents']
/** A photo that may be shown: its files, the one to show first, and the note that it hangs on. */
export type Picture = { criterion: string; note: string; files: Document[] }

/**
 * C34: how many photos were taken, and those with consent, in the order of their notes. A photo of the field notebook is one, however many copies and versions it has; only what its last
 * versions say counts, so that who takes a photo or its consent back is heard. The same file with two answers stays out.
 */
export function photosIn(file: SealedFile): { taken: number; agreed: Picture[] } {
  const documents = new Map(file.of('documents').filter(({ purpose }) => purpose === 'photo').map(row => [row.id, row]))
  const consents = new Set(file.of('consents').map(({ document_id }) => document_id)), kept = new Map(file.of('notebook_files').map(({ sha256, document_id }) => [sha256, document_id ?? '']))
  const versions = new Map(file.of('notebook').filter(({ kind }) => kind === 'photo').map(row => [row.hash, { ...row, deviceAt: row.device_at }]))
  const filesOf = (hashes: readonly string[]) => hashes.flatMap(hash => versions.get(hash)?.files ?? []).toSorted((one, other) => rank[one.part] - rank[other.part]).flatMap(({ sha256 }) => documents.get(kept.get(sha256) ?? '') ?? [])
  const items = [...heads(versions)].map(([item, last]) => ({ item, last, agreed: last.every(hash => says(versions.get(hash))) }))
  const barred = new Set(items.filter(({ agreed }) => !agreed).flatMap(({ last }) => filesOf(last)).map(({ id }) => id))
  const named = new Set([...versions.keys()].flatMap(hash => filesOf([hash])).map(({ id }) => id))
  const notes = file.of('notes'), noteOf = new Map(file.of('landings').map(({ hash, note_id }) => [hash, notes.find(({ id }) => id === note_id)]))
  const hung = [
    ...items.filter(({ agreed }) => agreed).flatMap(({ last }) => last.map(hash => ({ note: noteOf.get(hash), files: filesOf([hash]) }))),
    ...notes.flatMap(note => { const own = documents.get(note.photo_id ?? ''); return own && !named.has(own.id) ? [{ note, files: [own] }] : [] }),
  ]
  const shown = hung.flatMap(({ note, files }) => { const open = files.filter(({ id }) => consents.has(id) && !barred.has(id)); return note && open.length > 0 ? [{ note, files: open }] : [] })
  const inOrder = shown.toSorted((one, other) => one.note.written_at.localeCompare(other.note.written_at) || one.note.id.localeCompare(other.note.id))
  const once = inOrder.filter(({ files }, at) => inOrder.findIndex(earlier => earlier.files[0]?.id === files[0]?.id) === at)
  const ofItems = items.map(({ item, last }) => ([...versions].some(([hash, version]) => version.item === item && filesOf([hash]).length > 0) ? Math.max(1, new Set(last.flatMap(hash => filesOf([hash])[0]?.id ?? [])).size) : 0))
  const taken = ofItems.reduce((sum, count) => sum + count, 0) + [...documents.keys()].filter(id => !named.has(id)).length
  return { taken, agreed: once.map(({ note: { criterion, note }, files }) => ({ criterion, note, files })) }
}

const rank = { small: 0, original: 1 }

function says(version: Pick<SealedRows['notebook'], 'struck' | 'content'> | undefined): boolean {
  const read = PhotoContent.safeParse(version?.content)
  return read.success && version?.struck === false && isConsent(read.data.consent)
}

import { and, count, desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { documents } from '../../schema/documents.ts'
import { newId } from '../../schema/shared.ts'
import type { NoteForm, NotesPage } from '../../schema/visit-shapes.ts'
import { visitNotes } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { insertMany } from '../adapters/insert-many.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { recordAll } from '../journal/record.ts'
import { standardById } from '../standard/queries.ts'

// Notes are written on site and while corrections are looked at.
export const writableIn: readonly Stage[] = ['visit_planned', 'correcting']

/** The case, when this assessor may write a note in it now. */
export async function openForNotes(db: Db, applicationId: string, viewer: Viewer, lock: boolean): Promise<Case | Refusal> {
  const theCase = await findCaseAs(db, applicationId, viewer, 'assessor', { lock })
  if (isRefusal(theCase)) return theCase
  return writableIn.includes(theCase.stage) ? theCase : { refused: 'closed_for_changes' }
}

type NewNote = Pick<z.infer<typeof NoteForm>, 'criterion' | 'note'> & { photoId?: string }
type Written = { viewer: Pick<Viewer, 'personId'>; now: Date; requestId: string }

/** Adds a note to a case that is open for notes (openForNotes). Append-only: a mistake is put right by the next note. */
export async function writeNote(tx: Db, theCase: Case, { viewer, now, requestId, ...note }: NewNote & Written): Promise<{ noteId: string } | Refusal> {
  if (!(await criteriaFor(tx, theCase, now)).some(({ id }) => id === note.criterion)) return { refused: 'not_found' }
  const [noteId] = await writeNotes(tx, theCase, [note], { viewer, now, requestId })
  if (!noteId) throw new Error('the note just written is not there')
  return { noteId }
}

/** Several at once, on criteria that are asked; their ids in the same order. */
export async function writeNotes(tx: Db, theCase: Pick<Case, 'id' | 'employerId'>, notes: readonly NewNote[], { viewer, now, requestId }: Written): Promise<string[]> {
  const rows = notes.map(({ criterion, note, photoId }) => ({ id: newId(), applicationId: theCase.id, criterion, note, photoId: photoId ?? null, writtenBy: viewer.personId, writtenAt: now }))
  if (rows.length === 0) return []
  await Promise.all([
    insertMany(tx, visitNotes, rows),
    recordAll(tx, { personId: viewer.personId, role: 'assessor', requestId }, rows.map(({ id, criterion, photoId }) => (
      { operation: 'visits.note', applicationId: theCase.id, employerId: theCase.employerId, subjectId: id, after: { criterion, photoId } }))),
  ])
  return rows.map(({ id }) => id)
}

/** Notes of one criterion ('' for all), newest first, and every criterion with how many notes it has. */
export async function notesPage(db: Db, id: string, viewer: Viewer, criterion: string, now: Date): Promise<z.infer<typeof NotesPage> | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const { content } = await standardById(db, theCase.standardId)
  const asked = (await criteriaFor(db, theCase, now)).map(({ id }) => id)
  const topics = content.criteria.filter(({ id }) => asked.includes(id)).map(({ id, titleJa, titleEn }) => ({ id, titleJa, titleEn }))
  const counted = await db.select({ criterion: visitNotes.criterion, notes: count() }).from(visitNotes).where(eq(visitNotes.applicationId, id)).groupBy(visitNotes.criterion)
  const titleOf = (id: string) => topics.find(topic => topic.id === id) ?? { titleJa: id, titleEn: id }
  return {
    head: headOf(theCase, now), mayWrite: writableIn.includes(theCase.stage), criterion,
    topics: topics.map(topic => ({ ...topic, notes: counted.find(row => row.criterion === topic.id)?.notes ?? 0 })),
    notes: (await notesOf(db, id, criterion)).map(({ id, ...row }) => ({ ...row, id, titleJa: titleOf(row.criterion).titleJa, titleEn: titleOf(row.criterion).titleEn })),
  }
}

async function notesOf(db: Db, applicationId: string, criterion: string) {
  return db.select({
    id: visitNotes.id, criterion: visitNotes.criterion, note: visitNotes.note, writtenBy: people.name, writtenAt: visitNotes.writtenAt,
    photo: { id: documents.id, name: documents.name, scan: documents.scan },
  }).from(visitNotes).innerJoin(people, eq(people.id, visitNotes.writtenBy)).leftJoin(documents, eq(documents.id, visitNotes.photoId))
    .where(and(eq(visitNotes.applicationId, applicationId), criterion === '' ? undefined : eq(visitNotes.criterion, criterion))).orderBy(desc(visitNotes.writtenAt), desc(visitNotes.id))
}

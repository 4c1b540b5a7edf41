import { and, eq, gt, sql } from 'drizzle-orm'
import { documents, isFromTheField } from '../../schema/documents.ts'
import { journal } from '../../schema/journal.ts'
import type { Db } from '../adapters/database.ts'
import { findCase } from '../applications/case.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { scoresNow } from '../second-scorings/queries.ts'

type Row = typeof documents.$inferSelect

/** The document, for those who have a part in its case, once the scanner has passed it; quarantined files are never served. */
export async function readable(db: Db, id: string, viewer: Viewer): Promise<Row | Refusal> {
  const [document] = await db.select().from(documents).where(eq(documents.id, id))
  if (!document?.applicationId) return { refused: 'not_found' }
  const theCase = await findCase(db, document.applicationId, viewer)
  if (isRefusal(theCase)) return document.purpose === 'evidence' && await scoresNow(db, document.applicationId, viewer) ? unlessHeld(document) : theCase
  if (isFromTheField(document.purpose) && theCase.held.every(role => role === 'applicant')) return { refused: 'not_found' }
  return unlessHeld(document)
}

function unlessHeld(document: Row): Row | Refusal {
  if (document.scan === 'infected') return { refused: 'file_infected' }
  return document.scan === 'clean' || document.scan === 'unscanned' ? document : { refused: 'file_not_scanned' }
}

const reading_minutes = 10

/** C33: every reading is on record before a byte leaves. Readers of PDFs ask for many parts: those of ten minutes are one reading. */
export async function onRecord(db: Db, { id, applicationId, employerId }: Row, viewer: Viewer, { requestId, isPart }: { requestId: string; isPart: boolean }): Promise<void> {
  const operation = 'documents.read'
  const lately = isPart ? await db.$count(journal, and(eq(journal.operation, operation), eq(journal.subjectId, id), eq(journal.actorId, viewer.personId),
    gt(journal.at, sql`now() - make_interval(mins => ${reading_minutes})`))) : 0
  if (lately === 0) await record(db, { personId: viewer.personId, role: viewer.roles[0] ?? 'applicant', requestId }, { operation, applicationId: applicationId ?? undefined, employerId, subjectId: id })
}

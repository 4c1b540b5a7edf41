import { and, eq } from 'drizzle-orm'
import { documentCriteria, documents } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { findCase, type Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayChangeAnswer } from '../domain/reopening.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { attach, reopenedCriteria } from './queries.ts'

export type Change = { applicationId: string; criterion: string | null; viewer: Viewer; now: Date; requestId?: string }

/** The case, when this employer may change the evidence of this criterion now (null: the case's evidence at large). */
export async function openForEvidence(db: Db, { applicationId, criterion, viewer, now }: Change, lock: boolean): Promise<Case | Refusal> {
  const theCase = await findCase(db, applicationId, viewer, { lock })
  if (isRefusal(theCase)) return theCase
  if (!theCase.held.includes('applicant')) return { refused: 'not_your_role' }
  const reopened = await reopenedCriteria(db, applicationId)
  if (criterion === null) return theCase.stage === 'clarifying' || mayChangeAnswer(theCase.stage, '', reopened) ? theCase : { refused: 'closed_for_changes' }
  if (!(await criteriaFor(db, theCase, now)).some(({ id }) => id === criterion)) return { refused: 'not_found' }
  return mayChangeAnswer(theCase.stage, criterion, reopened) ? theCase : { refused: 'closed_for_changes' }
}

/** Lets a document that is already there serve one more criterion (peers.md i5). */
export async function attachDocument(tx: Db, change: Change & { criterion: string; documentId: string }): Promise<{ documentId: string } | Refusal> {
  const theCase = await openForEvidence(tx, change, true)
  if (isRefusal(theCase)) return theCase
  const { applicationId, criterion, documentId, viewer } = change
  const [document] = await tx.select({ id: documents.id }).from(documents).where(and(eq(documents.id, documentId), eq(documents.applicationId, applicationId), eq(documents.purpose, 'evidence')))
  if (!document) return { refused: 'not_found' }
  await attach(tx, { documentId, applicationId, criterion, attachedBy: viewer.personId })
  await record(tx, by(change), { operation: 'evidence.attach', applicationId, employerId: theCase.employerId, subjectId: documentId, after: { criterion } })
  return { documentId }
}

/** Takes a document off a criterion; the document itself stays, and so does the record that it was there. */
export async function detachDocument(tx: Db, change: Change & { criterion: string; documentId: string }): Promise<{ documentId: string } | Refusal> {
  const theCase = await openForEvidence(tx, change, true)
  if (isRefusal(theCase)) return theCase
  const { applicationId, criterion, documentId } = change
  const gone = await tx.delete(documentCriteria)
    .where(and(eq(documentCriteria.documentId, documentId), eq(documentCriteria.applicationId, applicationId), eq(documentCriteria.criterion, criterion))).returning()
  if (gone.length === 0) return { refused: 'not_found' }
  await record(tx, by(change), { operation: 'evidence.detach', applicationId, employerId: theCase.employerId, subjectId: documentId, before: { criterion } })
  return { documentId }
}

const by = ({ viewer, requestId }: Change) => ({ personId: viewer.personId, role: 'applicant' as const, requestId })

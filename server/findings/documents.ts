import { asc, eq } from 'drizzle-orm'
import { documentFindings, documents } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { findingMove, findingStages } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { findFinding } from './find.ts'

/** What the employer shows for one finding, oldest first. */
export const documentsOf = (db: Db, findingId: string) =>
  db.select({ id: documents.id, name: documents.name, size: documents.size, scan: documents.scan, uploadedAt: documents.uploadedAt })
    .from(documentFindings).innerJoin(documents, eq(documents.id, documentFindings.documentId)).where(eq(documentFindings.findingId, findingId)).orderBy(asc(documents.uploadedAt))

/** The case of a finding, when this employer may add a document to it: as long as the finding is not closed. */
export async function openForDocuments(db: Db, findingId: string, viewer: Viewer, lock: boolean): Promise<{ applicationId: string; employerId: string } | Refusal> {
  const found = await findFinding(db, findingId, viewer, { lock })
  if (isRefusal(found)) return found
  const { theCase, finding } = found
  if (!theCase.held.includes('applicant')) return { refused: 'not_your_role' }
  return mayAttach(finding, theCase.stage) ? { applicationId: theCase.id, employerId: theCase.employerId } : { refused: 'closed_for_changes' }
}

type Attachable = Parameters<typeof findingMove>[0] & { superseded: boolean }

/** Evidence may also follow an answer that is being looked at. */
export const mayAttach = (finding: Attachable, stage: (typeof findingStages)[number]): boolean =>
  findingStages.includes(stage) && !finding.superseded && findingMove(finding) !== null

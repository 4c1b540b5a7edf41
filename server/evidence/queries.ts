import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import { clarifications } from '../../schema/assessments.ts'
import { documentCriteria, documents } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { evidence_months } from '../domain/renewal.ts'

// C17: carried over from the last cycle and too old on the day of applying: it is shown, and shows nothing any more.
export const tooOld = sql<boolean>`(${documents.carriedFrom} is not null and exists (select from applications a where a.id = ${documents.applicationId}
  and (${documents.uploadedAt} at time zone 'Asia/Tokyo')::date < ((a.opened_at at time zone 'Asia/Tokyo')::date - make_interval(months => ${evidence_months}))::date))`

/** Every piece of evidence of a case with the criteria that it serves, oldest first. `criterion` narrows to one. */
export async function evidenceOf(db: Db, applicationId: string, criterion?: string) {
  const serves = sql<string[]>`coalesce((select array_agg(c.criterion order by c.criterion) from document_criteria c where c.document_id = ${documents.id} and c.application_id = ${applicationId}), '{}')`
  const rows = await db.select({
    id: documents.id, name: documents.name, size: documents.size, type: documents.type, sha256: documents.sha256, scan: documents.scan, uploadedAt: documents.uploadedAt,
    uploadedBy: people.name, criteria: serves, carried: sql<boolean>`${documents.carriedFrom} is not null`, tooOld,
  }).from(documents).innerJoin(people, eq(people.id, documents.uploadedBy))
    .where(and(eq(documents.applicationId, applicationId), eq(documents.purpose, 'evidence'))).orderBy(asc(documents.uploadedAt))
  return criterion ? rows.filter(row => row.criteria.includes(criterion)) : rows
}

/** The criteria that an open, sent question has reopened for the employer. */
export async function reopenedCriteria(db: Db, applicationId: string): Promise<Set<string>> {
  const rows = await db.select({ criterion: clarifications.criterion }).from(clarifications)
    .where(and(eq(clarifications.applicationId, applicationId), isNotNull(clarifications.sentAt), isNull(clarifications.closedAt)))
  return new Set(rows.map(row => row.criterion))
}

export async function attach(tx: Db, link: { documentId: string; applicationId: string; criterion: string; attachedBy: string }): Promise<void> {
  await tx.insert(documentCriteria).values(link).onConflictDoNothing()
}

import { and, asc, count, eq, not, sql } from 'drizzle-orm'
import { answers } from '../../schema/applications.ts'
import { clarifications, ratings } from '../../schema/assessments.ts'
import { documentCriteria, documents } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { tooOld } from '../evidence/queries.ts'

/** What lies on the bench, by criterion: answer, rating, number of documents that show something (C17: not those that were carried over too old), questions. Four statements, whatever the number of criteria. */
export async function materialOf(db: Db, applicationId: string) {
  const given = await db.select({ criterion: answers.criterion, answer: answers.answer }).from(answers).where(eq(answers.applicationId, applicationId))
  const rated = await db.select({ criterion: ratings.criterion, rating: ratings.rating, at: ratings.ratedAt }).from(ratings).where(eq(ratings.applicationId, applicationId))
  const attached = await db.select({ criterion: documentCriteria.criterion, documents: count() }).from(documentCriteria).innerJoin(documents, eq(documents.id, documentCriteria.documentId)).where(and(eq(documentCriteria.applicationId, applicationId), not(tooOld))).groupBy(documentCriteria.criterion)
  const asked = await db.select({ criterion: clarifications.criterion, sentAt: clarifications.sentAt, repliedAt: clarifications.repliedAt, closedAt: clarifications.closedAt })
    .from(clarifications).where(eq(clarifications.applicationId, applicationId))
  return { given: by(given), rated: by(rated), attached: by(attached), asked }
}
export type Material = Awaited<ReturnType<typeof materialOf>>

const by = <Row extends { criterion: string }>(rows: Row[]) => new Map(rows.map(row => [row.criterion, row]))

// C17: how old evidence of the last cycle was on the day of applying.
const monthsOld = sql<number | null>`(select (extract(year from old) * 12 + extract(month from old))::int from applications a, age((a.opened_at at time zone 'Asia/Tokyo')::date::timestamp, (${documents.uploadedAt} at time zone 'Asia/Tokyo')::date::timestamp) old
  where a.id = ${documents.applicationId} and ${documents.carriedFrom} is not null)`

/** Everything about one criterion: the newest answer and the documents. */
export async function dossierOf(db: Db, applicationId: string, criterion: string) {
  const [answer] = await db.select({ answer: answers.answer, reason: answers.reason, explanation: answers.explanation, answeredAt: answers.answeredAt })
    .from(answers).where(and(eq(answers.applicationId, applicationId), eq(answers.criterion, criterion)))
  const attached = await db.select({ id: documents.id, name: documents.name, type: documents.type, size: documents.size, scan: documents.scan, uploadedAt: documents.uploadedAt, carried: sql<boolean>`${documents.carriedFrom} is not null`, monthsOld, tooOld })
    .from(documentCriteria).innerJoin(documents, eq(documents.id, documentCriteria.documentId))
    .where(and(eq(documentCriteria.applicationId, applicationId), eq(documentCriteria.criterion, criterion))).orderBy(asc(documents.uploadedAt), asc(documents.id))
  return { answer: answer ?? null, attached }
}

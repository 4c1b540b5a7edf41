import { createHash } from 'node:crypto'
import { and, eq, getTableName, inArray, lte } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { agreementSignatures } from '../../schema/agreements.ts'
import { answers, screenings } from '../../schema/applications.ts'
import { assignments, clarifications, interestDeclarations, ratings } from '../../schema/assessments.ts'
import { recommendations } from '../../schema/decisions.ts'
import { documentCriteria, documentFindings, documents } from '../../schema/documents.ts'
import { findingResponses, findingReviews, findings } from '../../schema/findings.ts'
import { standards } from '../../schema/standards.ts'
import { interviews, visitNotes, visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { canonical, type Plain } from '../domain/dossier.ts'

const ofTheCase = [answers, screenings, assignments, interestDeclarations, ratings, clarifications, visits, visitNotes, interviews, findings, recommendations, documentCriteria] as const

/**
 * Everything a decision rests on, every row of it, and the SHA-256 of its canonical text. The same file gives the same hash in any
 * order, time zone and process, so whoever holds the file can show later what was decided on.
 */
export async function dossierOf(db: Db, { id, employerId, standardId, cycle, submittedAt, scope }: Case): Promise<{ file: Plain; sha256: string }> {
  const tables: [string, Plain][] = []
  for (const table of ofTheCase) tables.push([getTableName(table), await rowsOf(db, table, id)])
  const raised = db.select({ id: findings.id }).from(findings).where(eq(findings.applicationId, id))
  const file: Plain = {
    format: 'akashi-dossier/1',
    application: plain({ id, employerId, cycle, submittedAt, scope }),
    standard: plain(await db.select({ id: standards.id, version: standards.version, sourceSha256: standards.sourceSha256 }).from(standards).where(eq(standards.id, standardId))),
    agreements: listed(await db.select().from(agreementSignatures).where(and(eq(agreementSignatures.employerId, employerId), lte(agreementSignatures.signedAt, submittedAt ?? new Date(0))))),
    // bytes by their hash; where they lie and what a scanner said later is no part of what was decided on
    documents: listed(await db.select({ id: documents.id, name: documents.name, size: documents.size, sha256: documents.sha256, type: documents.type, purpose: documents.purpose,
      uploadedBy: documents.uploadedBy, uploadedAt: documents.uploadedAt }).from(documents).where(eq(documents.applicationId, id))),
    responses: listed(await db.select().from(findingResponses).where(inArray(findingResponses.findingId, raised))),
    reviews: listed(await db.select().from(findingReviews).where(inArray(findingReviews.findingId, raised))),
    corrections: listed(await db.select().from(documentFindings).where(inArray(documentFindings.findingId, raised))),
    ...Object.fromEntries(tables),
  }
  return { file, sha256: createHash('sha256').update(canonical(file)).digest('hex') }
}

type CaseTable = PgTable & { applicationId: PgColumn }
const rowsOf = async (db: Db, table: CaseTable, id: string) => listed(await db.select().from(table as PgTable).where(eq(table.applicationId, id)))

/** Rows have no order of their own: sorted by what they say. */
const listed = (rows: unknown[]): Plain => rows.map(plain).map(row => [canonical(row), row] as const).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)

function plain(value: unknown): Plain {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
  return value as string | number | boolean | null
}

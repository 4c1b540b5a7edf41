import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { applications } from './applications.ts'
import { employers } from './employers.ts'
import { findings } from './findings.ts'
import { people } from './accounts.ts'

/** Taken on site by the assessor, of people and rooms: the employer has no path to them. */
export const fieldPurposes = ['photo', 'memo'] as const
export const documentPurposes = ['evidence', 'correction', ...fieldPurposes] as const
export const isFromTheField = (purpose: string): boolean => fieldPurposes.some(one => one === purpose)
export const scanStates = ['pending', 'clean', 'infected', 'error', 'unscanned'] as const

// Bytes are immutable: a trigger lets only the scan columns change. The name is kept as sent; the key is ours and tells nothing.
export const documents = pgTable('documents', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  applicationId: uuid().references(() => applications.id),
  purpose: text({ enum: documentPurposes }).notNull(),
  key: text().notNull(),
  name: text().notNull(),
  size: bigint({ mode: 'number' }).notNull(),
  sha256: text().notNull(),
  type: text().notNull(),
  scan: text({ enum: scanStates }).notNull().default('pending'),
  scanDetail: text().notNull().default(''),
  scanEngine: text().notNull().default(''),
  scannedAt: instant(),
  uploadedBy: uuid().notNull().references(() => people.id),
  uploadedAt: since(),
  carriedFrom: uuid(), // the document of the earlier case that this one is: the same file, assessed again in the next cycle
}, table => [
  uniqueIndex('document_key_is_never_reused').on(table.key).where(sql`carried_from is null`),
  index('documents_by_origin').on(table.carriedFrom),
  index('documents_by_application').on(table.applicationId),
  index('documents_by_employer').on(table.employerId),
  check('document_hash_is_sha256', sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
  check('document_is_not_empty', sql`${table.size} > 0`),
])

/** One document serves many criteria (peers.md i5). */
export const documentCriteria = pgTable('document_criteria', {
  documentId: uuid().notNull().references(() => documents.id),
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  attachedBy: uuid().notNull().references(() => people.id),
  attachedAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.criterion, table.documentId] }),
  index('document_criteria_by_document').on(table.documentId),
])

export const documentFindings = pgTable('document_findings', {
  documentId: uuid().notNull().references(() => documents.id),
  findingId: uuid().notNull().references(() => findings.id),
  attachedAt: since(),
}, table => [primaryKey({ columns: [table.findingId, table.documentId] }), index('document_findings_by_document').on(table.documentId)])

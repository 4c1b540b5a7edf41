import { sql } from 'drizzle-orm'
import { bigint, check, date, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { standings } from '../server/domain/standing.ts'
import { matchReasons, wantedLevels } from '../server/domain/suppliers.ts'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'
import { suppliers } from './suppliers.ts'

export const exportFileKinds = ['pdf', 'csv', 'receipts'] as const

/** What a buyer asked to have written down about its suppliers: what was checked, when, with receipts. `checkpoint`: the state of the public record by which the check began. */
export const dueDiligenceExports = pgTable('due_diligence_exports', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  orderedBy: uuid().notNull().references(() => people.id),
  orderedAt: since(),
  locale: text({ enum: ['ja', 'en'] }).notNull(),
  tier: integer(),
  groupName: text(),
  periodFrom: date().notNull(),
  periodTo: date().notNull(),
  listChangedAt: instant(), // the last time that a supplier came or went
  checkpoint: text(),
  checkpointSize: bigint({ mode: 'number' }),
  startedAt: instant(),
  doneAt: instant(),
}, table => [
  index('due_diligence_exports_by_buyer').on(table.buyerId, table.orderedAt),
  check('period_ends_after_it_begins', sql`${table.periodTo} >= ${table.periodFrom}`),
])

/** One supplier of an export: what was asked is written with the order, the answer and its receipt once, when it is checked. */
export const dueDiligenceLines = pgTable('due_diligence_lines', {
  exportId: uuid().notNull().references(() => dueDiligenceExports.id),
  nth: integer().notNull(),
  supplierId: uuid().notNull().references(() => suppliers.id),
  name: text().notNull(),
  country: text().notNull(),
  tier: integer().notNull(),
  groupName: text().notNull(),
  holder: text(),
  matched: text({ enum: matchReasons }),
  wantedLevel: text({ enum: wantedLevels }),
  wantedBy: date(),
  checkedAt: instant(),
  number: text(), // the certificate that was found; none: not on the register
  level: text(),
  standing: text({ enum: standings }),
  standingSince: date(),
  expiresOn: date(),
  receipt: text(), // the signed proof, to the letter
}, table => [
  primaryKey({ columns: [table.exportId, table.nth] }),
  index('due_diligence_lines_by_supplier').on(table.supplierId),
  index('due_diligence_lines_to_check').on(table.exportId, table.nth).where(sql`${table.checkedAt} is null`),
  check('found_certificate_has_its_receipt', sql`(${table.number} is null) = (${table.receipt} is null) and (${table.number} is null) = (${table.expiresOn} is null) and (${table.number} is null or ${table.checkedAt} is not null)`),
])

/** The files of a finished export, in the store of documents. Append-only. */
export const dueDiligenceFiles = pgTable('due_diligence_files', {
  exportId: uuid().notNull().references(() => dueDiligenceExports.id),
  kind: text({ enum: exportFileKinds }).notNull(),
  documentKey: text().notNull(),
  sha256: text().notNull(),
  size: bigint({ mode: 'number' }).notNull(),
}, table => [
  primaryKey({ columns: [table.exportId, table.kind] }),
  uniqueIndex('due_diligence_files_by_key').on(table.documentKey),
  check('export_file_kind_is_known', sql`${table.kind} in ('pdf','csv','receipts')`),
])

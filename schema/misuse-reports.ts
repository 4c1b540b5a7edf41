import { date, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, since } from './shared.ts'
import { certificates } from './certificates.ts'
import { people } from './accounts.ts'

export const misuseKinds = ['altered_document', 'not_the_holder', 'outside_scope', 'no_longer_valid', 'false_claim', 'other'] as const

/** Somebody saw a certificate or mark used wrongly. Kept with what the page said at that moment. Append-only. */
export const misuseReports = pgTable('misuse_reports', {
  id: id(),
  reference: text().notNull().unique(), // what the reporter keeps; tells nothing about anybody
  certificateId: uuid().references(() => certificates.id),
  number: text().notNull(), // as it was given, also when no such certificate exists
  kind: text({ enum: misuseKinds }).notNull(),
  seenWhere: text().notNull(),
  seenOn: date(),
  account: text().notNull(),
  contact: text(), // only if the reporter wants an answer
  pageSaid: jsonb().$type<{ standing: string; since: string; asOf: string; sha256: string; checkpoint: string | null } | null>(),
  fileSha256: text(),
  reportedAt: since(),
}, table => [index('misuse_reports_by_time').on(table.reportedAt)])

/** What the operator did about it. Append-only; the last one says where it stands. */
export const misuseReportSteps = pgTable('misuse_report_steps', {
  id: id(),
  reportId: uuid().notNull().references(() => misuseReports.id),
  step: text({ enum: ['taken_up', 'note', 'founded', 'unfounded'] }).notNull(),
  note: text().notNull(),
  takenBy: uuid().notNull().references(() => people.id),
  at: since(),
}, table => [index('misuse_report_steps_by_report').on(table.reportId)])

import { sql } from 'drizzle-orm'
import { bigint, check, date, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { CertificateStatement } from '../server/domain/statement.ts'
import { id, instant, since } from './shared.ts'
import { applications } from './applications.ts'
import { employers } from './employers.ts'

// decisions.md 14: reserved by the decision (`issuing`), drawn and sealed by a job, `issued` together with the hash of its file.
export const certificates = pgTable('certificates', {
  id: id(),
  number: text().notNull(),
  applicationId: uuid().notNull().references(() => applications.id),
  employerId: uuid().notNull().references(() => employers.id),
  year: integer().notNull(),
  serial: integer().notNull(),
  cycle: integer().notNull(),
  edition: integer().notNull().default(1),
  state: text({ enum: ['issuing', 'issued'] }).notNull().default('issuing'),
  statement: jsonb().$type<CertificateStatement>().notNull(),
  issuedOn: date().notNull(),
  expiresOn: date().notNull(),
  statusIndex: integer().notNull(),
  documentKey: text(),
  sha256: text(),
  size: bigint({ mode: 'number' }),
  keyId: text(),
  issuedAt: instant(),
  reservedAt: since(),
}, table => [
  uniqueIndex('certificate_number_is_unique').on(table.number),
  uniqueIndex('one_certificate_per_application').on(table.applicationId),
  uniqueIndex('status_index_is_unique').on(table.statusIndex),
  uniqueIndex('serial_and_cycle_are_unique').on(table.year, table.serial, table.cycle),
  index('certificates_by_employer').on(table.employerId),
  check('issued_certificate_has_its_file', sql`${table.state} = 'issuing' or (${table.documentKey} is not null and ${table.sha256} is not null
    and ${table.size} is not null and ${table.keyId} is not null and ${table.issuedAt} is not null)`),
  check('certificate_expires_after_issue', sql`${table.expiresOn} > ${table.issuedOn}`),
])

/** The dated history behind the standing. Append-only. */
export const certificateEvents = pgTable('certificate_events', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  event: text({ enum: ['issued', 'suspended', 'reinstated', 'scope_reduced', 'withdrawn', 'surrendered', 'transferred', 'replaced'] }).notNull(),
  happenedOn: date().notNull(),
  reasonClass: text(),
  actor: text().notNull(),
  at: since(),
}, table => [index('certificate_events_by_certificate').on(table.certificateId)])

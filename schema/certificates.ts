import { sql } from 'drizzle-orm'
import { bigint, check, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { certificateEvents as certificateEventNames } from '../server/domain/standing.ts'
import type { CertificateStatement } from '../server/domain/statement.ts'
import { bytes, id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { employers } from './employers.ts'
import { logEntries } from './log.ts'

// decisions.md 14: reserved by the decision (`issuing`), drawn and sealed by a job, `issued` together with the hash of its file.
export const certificates = pgTable('certificates', {
  id: id(),
  number: text().notNull(),
  applicationId: uuid().notNull().references(() => applications.id),
  employerId: uuid().notNull().references(() => employers.id),
  year: integer().notNull(),
  serial: integer().notNull(),
  cycle: integer().notNull(),
  state: text({ enum: ['issuing', 'issued'] }).notNull().default('issuing'),
  statement: jsonb().$type<CertificateStatement>().notNull(),
  issuedOn: date().notNull(),
  expiresOn: date().notNull(),
  statusIndex: integer().notNull(),
  logSalt: bytes().notNull().default(sql`uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`), // without it nobody can tell whose a line of the log is
  reservedAt: since(),
}, table => [
  uniqueIndex('certificate_number_is_unique').on(table.number),
  uniqueIndex('one_certificate_per_application').on(table.applicationId),
  uniqueIndex('status_index_is_unique').on(table.statusIndex),
  uniqueIndex('serial_and_cycle_are_unique').on(table.year, table.serial, table.cycle),
  index('certificates_by_employer').on(table.employerId),
  check('certificate_expires_after_issue', sql`${table.expiresOn} > ${table.issuedOn}`),
])

/**
 * Every file that was ever sealed for a certificate: its first edition, later ones under the same number, and renditions whose life was
 * prolonged (B-LTA: the bytes of the file it `prolongs`, and proof after them). Append-only: a hash that was ours stays known. `credential` is
 * the twin of this edition (vc+jwt); it is bound to the B-T file, and a rendition keeps it. `prolongFrom`: when the job may append proof; null
 * for files that say that nothing is ever appended.
 */
export const certificateFiles = pgTable('certificate_files', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  edition: integer().notNull(),
  level: text({ enum: ['B-B', 'B-T', 'B-LTA'] }).notNull(),
  statement: jsonb().$type<CertificateStatement>().notNull(),
  sha256: text().notNull(),
  size: bigint({ mode: 'number' }).notNull(),
  documentKey: text().notNull(),
  keyId: text().notNull(),
  credential: text(),
  reissueId: uuid().references(() => reissues.id),
  sealedAt: instant().notNull(),
  prolongFrom: instant(),
  prolongs: uuid(),
}, table => [
  uniqueIndex('file_is_known_once').on(table.sha256),
  uniqueIndex('certificate_file_is_stored_once').on(table.documentKey),
  uniqueIndex('one_file_per_edition_and_level').on(table.certificateId, table.edition, table.level).where(sql`${table.level} <> 'B-LTA'`),
  unique('file_of_an_edition').on(table.id, table.certificateId, table.edition),
  unique('file_is_prolonged_once').on(table.prolongs),
  foreignKey({ name: 'prolonged_within_its_edition', columns: [table.prolongs, table.certificateId, table.edition], foreignColumns: [table.id, table.certificateId, table.edition] }),
  check('prolonged_file_continues_another', sql`(${table.level} = 'B-LTA') = (${table.prolongs} is not null)`),
  index('certificate_files_by_certificate').on(table.certificateId),
  index('certificate_files_by_reissue').on(table.reissueId),
  check('edition_counts_from_one', sql`${table.edition} >= 1`),
])

/** The dated history behind the standing. Append-only; each row is a line of the transparency log, written by the same statement (append_to_log). */
export const certificateEvents = pgTable('certificate_events', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  event: text({ enum: certificateEventNames }).notNull(),
  happenedOn: date().notNull(),
  reasonClass: text(),
  edition: integer(), // of a file that was issued or prolonged, with the hashes of file and credential
  sha256: text(),
  credentialSha256: text(),
  actor: text({ enum: ['clock', 'decision_maker', 'operator', 'holder'] }).notNull(), // a part, never a person: the log is public
  standingDecisionId: uuid(), // of what a person decided (schema/standing-decisions.ts)
  logSeq: bigint({ mode: 'number' }).notNull().default(-1).references(() => logEntries.seq), // the trigger's; no line -1 exists
  at: since(),
}, table => [index('certificate_events_by_certificate').on(table.certificateId), uniqueIndex('event_is_one_line_of_the_log').on(table.logSeq)])

/** An order to issue many certificates again (a new key, a corrected issuer), and which ones. Done are those that have a file of this order. */
export const reissues = pgTable('reissues', { id: id(), reason: text().notNull(), requestedBy: uuid().references(() => people.id), requestedAt: since() })

export const reissueCertificates = pgTable('reissue_certificates', {
  reissueId: uuid().notNull().references(() => reissues.id),
  certificateId: uuid().notNull().references(() => certificates.id),
}, table => [primaryKey({ columns: [table.reissueId, table.certificateId] })])

import { sql } from 'drizzle-orm'
import { bigint, boolean, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { itemKinds, type ItemFile } from '../server/domain/notebook.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { documents } from './documents.ts'
import { arrivals } from './notebook-shapes.ts'
import { bytes, instant, since } from './shared.ts'
import { interviews, visitNotes } from './visits.ts'

/**
 * A phone or tablet with a field notebook, under the id that it gave itself. `key` opens what lies encrypted on it; ordering the wipe takes the key away
 * in the same row (SQL: a wiped device has no key), so that no sign-in opens a lost device any more, even if it never speaks again; its passphrase still does.
 */
export const notebookDevices = pgTable('notebook_devices', {
  device: uuid().primaryKey(),
  personId: uuid().notNull().references(() => people.id),
  name: text().notNull(),
  key: bytes(),
  addedAt: since(),
  seenAt: since(),
  waiting: integer().notNull().default(0), // versions that were only on it when it last spoke
  wipeOrderedAt: instant(),
  wipeOrderedBy: uuid().references(() => people.id),
  wipedAt: instant(), // the device says so itself
}, table => [
  index('notebook_devices_by_person').on(table.personId),
  check('wiped_device_has_no_key', sql`(${table.wipeOrderedAt} is null) = (${table.key} is not null)`),
  check('notebook_key_is_32_bytes', sql`length(${table.key}) = 32`),
  check('wipe_is_ordered_by_somebody', sql`num_nonnulls(${table.wipeOrderedAt}, ${table.wipeOrderedBy}) in (0, 2)`),
  check('wipe_is_ordered_before_it_is_done', sql`${table.wipedAt} is null or ${table.wipeOrderedAt} is not null`),
])

/** An audit that a device carries. What it brings home later is kept on the strength of this row, whatever became of the case. Append-only. */
export const notebookTakeouts = pgTable('notebook_takeouts', {
  device: uuid().notNull().references(() => notebookDevices.device),
  applicationId: uuid().notNull().references(() => applications.id),
  takenBy: uuid().notNull().references(() => people.id),
  takenAt: since(),
}, table => [primaryKey({ columns: [table.device, table.applicationId] }), index('notebook_takeouts_by_application').on(table.applicationId)])

/**
 * Versions of items (server/domain/notebook.ts) as they were captured, each under its hash: a set that only grows. `number` is given by SQL under the lock of the
 * case, so that whoever asks for what came after a number misses nothing. `deviceAt` is the device's own text: it is hashed as it stands. Append-only.
 */
export const notebookVersions = pgTable('notebook_versions', {
  applicationId: uuid().notNull().references(() => applications.id),
  hash: text().notNull(),
  number: bigint({ mode: 'number' }).notNull().default(sql`0`),
  item: uuid().notNull(),
  kind: text({ enum: itemKinds }).notNull(),
  criterion: text().notNull(),
  place: text().notNull(),
  content: jsonb().$type<Record<string, unknown>>().notNull(),
  files: jsonb().$type<ItemFile[]>().notNull(),
  device: uuid().notNull(),
  deviceAt: text().notNull(),
  over: text().array().notNull(),
  previous: text().notNull(),
  struck: boolean().notNull(),
  arrived: text({ enum: arrivals }).notNull(),
  writtenBy: uuid().notNull().references(() => people.id),
  serverAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.hash] }),
  uniqueIndex('notebook_versions_are_numbered').on(table.number),
  index('notebook_versions_in_order').on(table.applicationId, table.number),
  index('notebook_versions_by_item').on(table.applicationId, table.item),
  index('notebook_versions_by_file').using('gin', sql`${table.files} jsonb_path_ops`), // each byte that arrives asks who named it
  foreignKey({ name: 'version_comes_from_a_device_that_took_the_audit_out', columns: [table.device, table.applicationId], foreignColumns: [notebookTakeouts.device, notebookTakeouts.applicationId] }),
  check('version_hash_is_sha256', sql`${table.hash} ~ '^[0-9a-f]{64}$'`),
  check('version_kind_is_known', sql`${table.kind} in ('note', 'photo', 'voice', 'sketch', 'interview', 'check', 'signature', 'finding')`),
  check('version_arrived_somehow', sql`${table.arrived} in ('merged', 'late')`),
])

/** A file that some version names: kept as a document once it came whole, or why it was not. Append-only. */
export const notebookFiles = pgTable('notebook_files', {
  applicationId: uuid().notNull().references(() => applications.id),
  sha256: text().notNull(),
  documentId: uuid().references(() => documents.id),
  refused: text(),
  device: uuid().notNull(),
  cameAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.sha256] }),
  index('notebook_files_by_document').on(table.documentId),
  foreignKey({ name: 'file_comes_from_a_device_that_took_the_audit_out', columns: [table.device, table.applicationId], foreignColumns: [notebookTakeouts.device, notebookTakeouts.applicationId] }),
  check('file_is_kept_or_refused', sql`num_nonnulls(${table.documentId}, ${table.refused}) = 1`),
])

/** note, interview: landed there. clash: its code is in use. names: it names somebody. unfit: it does not fit its home, or its criterion is not asked. before_visit: nobody is heard before the visit. */
export const landings = ['note', 'interview', 'clash', 'names', 'unfit', 'before_visit'] as const
/** Where a merged version went, once (primary key). Append-only. */
export const notebookLandings = pgTable('notebook_landings', {
  applicationId: uuid().notNull().references(() => applications.id),
  hash: text().notNull(),
  landed: text({ enum: landings }).notNull(),
  noteId: uuid().references(() => visitNotes.id),
  interviewId: uuid().references(() => interviews.id),
  landedAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.hash] }),
  foreignKey({ name: 'landing_is_of_a_version', columns: [table.applicationId, table.hash], foreignColumns: [notebookVersions.applicationId, notebookVersions.hash] }),
  uniqueIndex('note_landed_once').on(table.noteId),
  uniqueIndex('interview_landed_once').on(table.interviewId),
  check('landing_says_where', sql`(${table.landed} = 'note') = (${table.noteId} is not null) and (${table.landed} = 'interview') = (${table.interviewId} is not null)`),
])

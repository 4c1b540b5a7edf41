import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytes, id, instant, since } from './shared.ts'

// The transparency log (RFC 6962). Only append_to_log (migration 0005) writes the first three, in the transaction of what it tells.

/** How many lines there are; updating it holds the lock until commit, so that no number is skipped. */
export const logState = pgTable('log_state', { id: integer().primaryKey().default(1), size: bigint({ mode: 'number' }).notNull() }, table => [check('log_is_one', sql`${table.id} = 1`)])

/** A line: canonical JSON (server/proof/entry.ts). Its leaf is SHA-256(0x00 ‖ body). */
export const logEntries = pgTable('log_entries', { seq: bigint({ mode: 'number' }).primaryKey(), body: text().notNull(), at: instant().notNull() })

/** Hashes of complete subtrees: 2^level lines from idx · 2^level. */
export const logNodes = pgTable('log_nodes', {
  level: smallint().notNull(), idx: bigint({ mode: 'number' }).notNull(), hash: bytes().notNull(),
}, table => [primaryKey({ columns: [table.level, table.idx] })])

/** What was signed (C2SP tlog-checkpoint). An outside clock's token over a note is a file of the log (server/log/stamp.ts): it may come later. */
export const logCheckpoints = pgTable('log_checkpoints', { size: bigint({ mode: 'number' }).primaryKey(), root: bytes().notNull(), note: text().notNull(), at: since() })

/** Tiles and entry bundles (C2SP tlog-tiles) in the document storage, by their path below /log/. */
export const logFiles = pgTable('log_files', { path: text().primaryKey(), documentKey: text().notNull(), size: integer().notNull(), at: since() },
  table => [uniqueIndex('log_file_is_stored_once').on(table.documentKey)])

/** Every key that ever signed for us. `keyId`: the seal's is the SHA-256 of its public key (hex), a credential's its JWK thumbprint, the log's its note key hash. */
export const signingKeys = pgTable('signing_keys', {
  keyId: text().primaryKey(),
  purpose: text({ enum: ['seal', 'credential', 'log'] }).notNull(),
  algorithm: text({ enum: ['RS256', 'ES256', 'Ed25519'] }).notNull(),
  publicKeyPem: text().notNull(),
  certificatesPem: text(), // of a seal: its own, those between, the root
  notAfter: instant(),
  addedAt: since(),
})

/** What became of a key. Append-only, each a line of the log. `since`: from when on nothing signed with it is to be believed. */
export const signingKeyEvents = pgTable('signing_key_events', {
  id: id(),
  keyId: text().notNull().references(() => signingKeys.keyId),
  event: text({ enum: ['added', 'retired', 'compromised'] }).notNull(),
  since: instant(),
  logSeq: bigint({ mode: 'number' }).notNull().default(-1).references(() => logEntries.seq),
  at: since(),
}, table => [index('key_events_by_key').on(table.keyId)])

/** Signed status lists (W3C Bitstring Status List, vc+jwt): the newest counts, all servers give the same. */
export const statusLists = pgTable('status_lists', {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`), credential: text().notNull(), logSize: bigint({ mode: 'number' }).notNull(),
  builtAt: since(), validUntil: instant().notNull(),
}, table => [index('status_lists_by_time').on(table.builtAt)])

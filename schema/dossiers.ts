import { sql } from 'drizzle-orm'
import { bigint, check, date, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { people } from './accounts.ts'
import { appeals } from './appeals.ts'
import { applications } from './applications.ts'
import { logEntries } from './log.ts'
import { id, since } from './shared.ts'

/**
 * What a decision rests on, sealed by Postgres when the case is put before the decider (migration 0028), once for ever. `parts`: the SHA-256 of every row, by name
 * (`answers/RE-01.1`, `documents/ID` …), with a salt; `sha256` is that of its canonical text and a line of the public log.
 */
export const dossiers = pgTable('dossiers', {
  applicationId: uuid().primaryKey().references(() => applications.id),
  parts: jsonb().$type<Record<string, string>>().notNull(),
  sha256: text().notNull(),
  sealedAt: since(),
  logSeq: bigint({ mode: 'number' }).notNull().references(() => logEntries.seq),
}, table => [
  uniqueIndex('dossier_is_one_line_of_the_log').on(table.logSeq),
  check('dossier_hash_is_sha256', sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
])

/** The first of the two who sign for a first certificate (domain.md, decision rule). The second makes the decision. Append-only. */
export const decisionSignatures = pgTable('decision_signatures', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  dossierSha256: text().notNull(),
  reasons: text().notNull(),
  signedBy: uuid().notNull().references(() => people.id),
  signedAt: since(),
  appealId: uuid().references(() => appeals.id), // as in `decisions`: the appeal after which it was signed, set by Postgres
  condition: text(), // under which this one would certify; whoever decides may add one, and drops none
  conditionUntil: date(),
}, table => [
  uniqueIndex('decider_signs_once').on(table.applicationId, table.signedBy),
  index('signatures_by_appeal').on(table.appealId),
  check('signature_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
  check('signed_condition_says_until_when', sql`num_nonnulls(${table.condition}, ${table.conditionUntil}) = 0 or (length(btrim(coalesce(${table.condition}, ''))) > 0 and ${table.conditionUntil} is not null)`),
])

import { sql } from 'drizzle-orm'
import { bigint, date, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { certificateEvents as certificateEventNames, standings } from '../server/domain/standing.ts'
import { instant, since } from './shared.ts'
import { certificates } from './certificates.ts'

export const changeNames = [...certificateEventNames, 'expired'] as const

/**
 * The register as people search it: one row per issued certificate, told by the database itself (tell_register) whenever an event of the
 * certificate is written. `standing` is what the events say; that the last day of validity has passed is for the reader to add (expires_on)
 * until the job of the new day has written it down. `holder` is the part of the number that a company keeps for life (decisions.md 9).
 */
export const registerEntries = pgTable('register_entries', {
  certificateId: uuid().primaryKey().references(() => certificates.id),
  number: text().notNull(),
  holder: text().notNull(),
  cycle: integer().notNull(),
  edition: integer().notNull(),
  standing: text({ enum: standings }).notNull(),
  standingSince: date().notNull(),
  reasonClass: text(),
  nameJa: text().notNull(),
  nameKana: text().notNull(),
  nameLatin: text().notNull(),
  corporateNumber: text().notNull(),
  prefecture: text().notNull(),
  industry: text().notNull(),
  standardCode: text().notNull(),
  standardVersion: text().notNull(),
  tier: text().notNull(),
  foreignWorkersBand: text().notNull(),
  decidedOn: date().notNull(),
  issuedOn: date().notNull(),
  expiresOn: date().notNull(),
  // Never read by a page: what is searched, sorted and matched.
  searched: text().generatedAlwaysAs(sql`fold_ja(name_ja || ' ' || name_kana || ' ' || name_latin)`),
  grams: text().array().generatedAlwaysAs(sql`grams(fold_ja(name_ja || ' ' || name_kana || ' ' || name_latin))`),
  sortKey: text().generatedAlwaysAs(sql`fold_ja(case when name_kana <> '' then name_kana else name_latin || name_ja end)`),
  companyKeys: text().array().generatedAlwaysAs(sql`array[company_key(name_ja), company_key(name_kana), company_key(name_latin)]`),
}, table => [
  uniqueIndex('register_entries_by_number').on(table.number),
  index('register_entries_by_holder').on(table.holder, table.cycle),
  index('register_entries_by_corporate_number').on(table.corporateNumber),
  index('register_entries_in_order').using('btree', sql`sort_key collate "C"`, table.number),
  index('register_entries_by_standing').using('btree', table.standing, sql`sort_key collate "C"`, table.number),
  index('register_entries_by_prefecture').using('btree', table.prefecture, sql`sort_key collate "C"`, table.number),
  index('register_entries_by_prefecture_and_industry').using('btree', table.prefecture, table.industry, sql`sort_key collate "C"`, table.number),
  index('register_entries_by_industry').using('btree', table.industry, sql`sort_key collate "C"`, table.number),
  index('register_entries_by_expiry').on(table.expiresOn),
  index('register_entries_by_grams').using('gin', table.grams),
  index('register_entries_by_company').using('gin', table.companyKeys),
])

/** Every change of the register in the order in which it was told: the log's lock makes `seq` the order of commits. Append-only; the source of alerts and of the changes feed. */
export const registerChanges = pgTable('register_changes', {
  seq: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  certificateId: uuid().notNull().references(() => certificates.id),
  number: text().notNull(),
  holder: text().notNull(),
  change: text({ enum: changeNames }).notNull(),
  happenedOn: date().notNull(),
  standing: text({ enum: standings }).notNull(),
  standingBefore: text({ enum: standings }), // null: there was none
  reasonClass: text(),
  edition: integer(),
  at: since(),
}, table => [
  index('register_changes_by_holder').on(table.holder, table.seq),
  uniqueIndex('certificate_expires_once').on(table.certificateId).where(sql`${table.change} = 'expired'`),
])

/** How far the watchers were told (one row): a job that dies goes on from here. */
export const watchersTold = pgTable('watchers_told', { id: integer().primaryKey().default(1), seq: bigint({ mode: 'number' }).notNull().default(0), at: instant() })

/** How many certificates stand in which standing (as written: expiry counts when the job of the new day has been). Kept by the database. */
export const registerTotals = pgTable('register_totals', { standing: text({ enum: standings }).primaryKey(), certificates: bigint({ mode: 'number' }).notNull().default(0) })

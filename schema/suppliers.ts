import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { matchReasons, mostTiers, wantedLevels } from '../server/domain/suppliers.ts'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'

/**
 * A supplier on one buyer's watchlist. With a `holder` (RE-JP-2026-000001, register_entries.holder) its certificates are watched through all
 * cycles; without one it is only known, and may be invited. Taken off the list, the row stays with its time: what was watched when is part of
 * the buyer's due diligence.
 */
export const suppliers = pgTable('suppliers', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  name: text().notNull(),
  corporateNumber: text(),
  prefecture: text().notNull().default(''),
  country: text().notNull().default('JP'),
  tier: integer().notNull().default(1),
  groupName: text().notNull().default(''),
  wantedLevel: text({ enum: wantedLevels }),
  wantedBy: date(),
  holder: text(),
  matched: text({ enum: matchReasons }),
  listId: uuid(), // the list that brought it (supplier_lists), for undoing
  version: integer().notNull().default(0),
  addedBy: uuid().notNull().references(() => people.id),
  addedAt: since(),
  removedAt: instant(),
}, table => [
  uniqueIndex('holder_is_watched_once').on(table.buyerId, table.holder).where(sql`${table.removedAt} is null and ${table.holder} is not null`),
  index('suppliers_by_buyer').on(table.buyerId, table.name, table.id).where(sql`${table.removedAt} is null`),
  index('suppliers_by_holder').on(table.holder).where(sql`${table.removedAt} is null`),
  index('suppliers_by_list').on(table.listId),
  check('tier_counts_from_one', sql`${table.tier} between 1 and ${sql.raw(String(mostTiers))}`),
  check('wanted_level_has_its_day', sql`(${table.wantedLevel} is null) = (${table.wantedBy} is null)`),
  check('matched_supplier_has_its_reason', sql`(${table.holder} is null) = (${table.matched} is null)`),
  check('country_is_two_letters', sql`${table.country} ~ '^[A-Z]{2}$'`),
])

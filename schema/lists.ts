import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { listFaults, listOutcomes } from '../server/domain/list-row.ts'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'

export const listStates = ['waiting', 'reading', 'ready', 'adopted', 'undone', 'failed'] as const

/**
 * A buyer's list, checked against the register: first a dry run, then, if the buyer wants, on its watchlist, and off again. `rows` and
 * `bytes` tell how far the reading has come; a job that died goes on after the last line that was kept.
 */
export const supplierLists = pgTable('supplier_lists', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  name: text().notNull(),
  documentKey: text().notNull(),
  type: text().notNull(), // as received: text/csv; charset=shift_jis
  size: bigint({ mode: 'number' }).notNull(),
  bytes: bigint({ mode: 'number' }).notNull().default(0),
  rows: integer().notNull().default(0),
  state: text({ enum: listStates }).notNull().default('waiting'),
  problem: text(),
  problemParams: jsonb().$type<Record<string, string | number>>(),
  createdBy: uuid().notNull().references(() => people.id),
  createdAt: since(),
  readyAt: instant(),
  adoptedAt: instant(),
  undoneAt: instant(),
}, table => [
  index('supplier_lists_by_buyer').on(table.buyerId, table.id),
  uniqueIndex('supplier_list_is_stored_once').on(table.documentKey),
  check('list_state_is_known', sql`${table.state} in ('waiting','reading','ready','adopted','undone','failed')`),
  check('failed_list_says_why', sql`(${table.state} = 'failed') = (${table.problem} is not null)`),
])

/** One line as it was typed, what it came to, and why. `take`: goes onto the watchlist with the adoption. */
export const supplierListRows = pgTable('supplier_list_rows', {
  listId: uuid().notNull().references(() => supplierLists.id),
  line: integer().notNull(),
  typedNumber: text().notNull(),
  typedCorporate: text().notNull(),
  name: text().notNull(),
  prefecture: text().notNull(),
  country: text().notNull(),
  tier: integer(),
  groupName: text().notNull(),
  fault: text({ enum: listFaults }),
  outcome: text({ enum: listOutcomes }).notNull(),
  holder: text(),
  candidates: text().array(),
  take: boolean().notNull().default(false),
}, table => [
  primaryKey({ columns: [table.listId, table.line] }),
  check('outcome_is_known', sql`${table.outcome} in ('number','corporate_number','corrected_number','name_and_prefecture','name','choose','not_found','duplicate','unusable')`),
  check('taken_row_has_a_holder', sql`not ${table.take} or ${table.holder} is not null`),
])

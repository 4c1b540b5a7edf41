import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { alertModes } from '../server/domain/alerts.ts'
import { id, since } from './shared.ts'
import { people } from './accounts.ts'

/** A company that buys from certified employers. Whom it watches is nobody else's business: nothing here is reachable from an employer. */
export const buyers = pgTable('buyers', {
  id: id(),
  nameJa: text().notNull(),
  nameEn: text().notNull(),
  corporateNumber: text(),
  code: text().notNull(), // what a buyer gives to an employer who wants to grant it a view; says nothing by itself
  createdBy: uuid().notNull().references(() => people.id),
  createdAt: since(),
}, table => [
  uniqueIndex('buyer_has_its_own_code').on(table.code),
  check('buyer_corporate_number_has_13_digits', sql`${table.corporateNumber} ~ '^[1-9][0-9]{12}$'`),
])

export const buyerMembers = pgTable('buyer_members', {
  personId: uuid().primaryKey().references(() => people.id), // one buyer a person
  buyerId: uuid().notNull().references(() => buyers.id),
  alerts: text({ enum: alertModes }).notNull().default('at_once'),
  since: since(),
}, table => [
  index('buyer_members_by_buyer').on(table.buyerId),
  check('alert_mode_is_known', sql`${table.alerts} in ('at_once','daily','never')`),
])

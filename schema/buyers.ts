import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { alertModes } from '../server/domain/alerts.ts'
import { id, instant, since } from './shared.ts'
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
  alertsSince: instant(), // since when in this way, if it was ever another: what was told before was heard of in that other way
  since: since(),
}, table => [
  index('buyer_members_by_buyer').on(table.buyerId),
  check('alert_mode_is_known', sql`${table.alerts} in ('at_once','daily','never')`),
])

/** Nobody is put into a company: a colleague is asked by mail, and says yes or no. Whose address it is, or what else they belong to, the buyer is not told. Kept by trigger: an answer is given once, nothing is removed. */
export const memberInvitations = pgTable('member_invitations', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  toEmail: text().notNull(),
  sentBy: uuid().notNull().references(() => people.id),
  sentAt: since(),
  expiresAt: instant().notNull(),
  takenBackAt: instant(),
  answer: text({ enum: ['accepted', 'declined'] }),
  answeredAt: instant(),
}, table => [
  uniqueIndex('one_open_invitation_per_member').on(table.buyerId, table.toEmail).where(sql`${table.answer} is null and ${table.takenBackAt} is null`),
  index('member_invitations_by_address').on(table.toEmail),
  check('member_address_is_lower_case', sql`${table.toEmail} = lower(${table.toEmail})`),
  check('answer_of_member_has_its_time', sql`(${table.answer} is null) = (${table.answeredAt} is null)`),
  check('member_invitation_taken_back_is_not_answered', sql`${table.takenBackAt} is null or ${table.answer} is null`),
])

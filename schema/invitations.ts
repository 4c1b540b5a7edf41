import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'
import { employers } from './employers.ts'
import { suppliers } from './suppliers.ts'

/**
 * A buyer asks a supplier on its list to look at Akashi. Only here does an employer ever learn of a buyer, because the buyer named itself.
 * Accepted, the invitation carries the employer: the buyer sees how far it is in a word, until the employer ends the view. Only the hash of
 * the mailed token is kept. Kept by trigger: an answer is given once, nothing is removed.
 */
export const invitations = pgTable('invitations', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  supplierId: uuid().notNull().references(() => suppliers.id),
  toEmail: text().notNull(),
  message: text().notNull().default(''),
  locale: text({ enum: ['ja', 'en'] }).notNull(),
  tokenHash: text().notNull(),
  sentBy: uuid().notNull().references(() => people.id),
  sentAt: since(),
  expiresAt: instant().notNull(),
  takenBackAt: instant(),
  answer: text({ enum: ['accepted', 'declined'] }),
  answeredAt: instant(),
  answeredBy: uuid().references(() => people.id), // nobody has to sign in to decline
  employerId: uuid().references(() => employers.id),
  viewEndedAt: instant(),
  viewEndedBy: uuid().references(() => people.id),
}, table => [
  uniqueIndex('invitation_token_is_unique').on(table.tokenHash),
  uniqueIndex('one_open_invitation_per_supplier').on(table.supplierId).where(sql`${table.answer} is null and ${table.takenBackAt} is null`),
  index('invitations_by_buyer').on(table.buyerId, table.sentAt),
  index('invitations_by_supplier').on(table.supplierId, table.sentAt),
  index('invitations_by_employer').on(table.employerId),
  check('invitation_token_is_hashed', sql`${table.tokenHash} ~ '^[0-9a-f]{64}$'`),
  check('answer_to_invitation_has_its_time', sql`(${table.answer} is null) = (${table.answeredAt} is null)`),
  check('accepted_invitation_has_its_employer', sql`(${table.employerId} is not null) = (coalesce(${table.answer}, '') = 'accepted') and (${table.employerId} is null or ${table.answeredBy} is not null)`),
  check('invitation_taken_back_is_not_answered', sql`${table.takenBackAt} is null or ${table.answer} is null`),
  check('view_ends_after_acceptance', sql`${table.viewEndedAt} is null or (${table.answer} = 'accepted' and ${table.viewEndedAt} >= ${table.answeredAt})`),
])

/** Every mail of an invitation, the first and each reminder: what the limit of a day counts. */
export const invitationMails = pgTable('invitation_mails', {
  id: id(),
  invitationId: uuid().notNull().references(() => invitations.id),
  buyerId: uuid().notNull().references(() => buyers.id),
  sentBy: uuid().notNull().references(() => people.id),
  sentAt: since(),
}, table => [index('invitation_mails_by_buyer').on(table.buyerId, table.sentAt), index('invitation_mails_by_invitation').on(table.invitationId)])

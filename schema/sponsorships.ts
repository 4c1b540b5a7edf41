import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { buyers } from './buyers.ts'
import { employers } from './employers.ts'
import { invitations } from './invitations.ts'

/**
 * A buyer offers to pay for a supplier's assessment. The offer stands on an invitation, so it reaches only a supplier to whom the buyer named
 * itself. Once accepted, the database ties it to the application (tie_sponsorship) and the buyer's people have a part in it: they neither
 * assess nor decide. Submitted with it, the application has used it, and nobody can end it.
 */
export const sponsorships = pgTable('sponsorships', {
  id: id(),
  buyerId: uuid().notNull().references(() => buyers.id),
  invitationId: uuid().notNull().references(() => invitations.id),
  terms: text().notNull(),
  offeredBy: uuid().notNull().references(() => people.id),
  offeredAt: since(),
  answer: text({ enum: ['accepted', 'declined'] }),
  answeredAt: instant(),
  answeredBy: uuid().references(() => people.id),
  employerId: uuid().references(() => employers.id),
  applicationId: uuid().references(() => applications.id),
  endedAt: instant(),
  endedBy: text({ enum: ['sponsor', 'employer'] }),
}, table => [
  uniqueIndex('one_standing_sponsorship_per_invitation').on(table.invitationId).where(sql`${table.endedAt} is null and coalesce(${table.answer}, '') <> 'declined'`),
  index('sponsorships_by_buyer').on(table.buyerId, table.offeredAt),
  index('sponsorships_by_employer').on(table.employerId),
  index('sponsorships_by_application').on(table.applicationId),
  check('sponsorship_says_its_terms', sql`length(btrim(${table.terms})) > 0`),
  check('answer_to_sponsorship_has_its_time', sql`(${table.answer} is null) = (${table.answeredAt} is null) and (${table.answer} is null) = (${table.answeredBy} is null)`),
  check('accepted_sponsorship_has_its_employer', sql`(${table.employerId} is not null) = (coalesce(${table.answer}, '') = 'accepted')`),
  check('sponsored_application_follows_acceptance', sql`${table.applicationId} is null or ${table.employerId} is not null`),
  check('end_of_sponsorship_has_its_side', sql`(${table.endedAt} is null) = (${table.endedBy} is null)`),
])

import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { sides } from '../server/domain/appointments.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { id, instant, since } from './shared.ts'

/** Days on which the employer cannot be visited. Taken back, never changed or deleted. */
export const unavailableDays = pgTable('unavailable_days', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  startsOn: date().notNull(),
  endsOn: date().notNull(),
  reason: text().notNull(),
  toldBy: uuid().notNull().references(() => people.id),
  toldAt: since(),
  takenBackAt: instant(),
}, table => [
  index('unavailable_days_by_application').on(table.applicationId),
  check('unavailable_days_end_after_they_start', sql`${table.endsOn} >= ${table.startsOn}`),
  check('unavailable_days_have_a_reason', sql`length(btrim(${table.reason})) > 0`),
])

/** Days for the visit, as one side would have them; the newest counts. Append-only. */
export const dateProposals = pgTable('date_proposals', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  side: text({ enum: sides }).notNull(),
  startsOn: date().notNull(),
  endsOn: date().notNull(),
  note: text().notNull().default(''),
  proposedBy: uuid().notNull().references(() => people.id),
  proposedAt: since(),
}, table => [
  index('date_proposals_by_application').on(table.applicationId, table.proposedAt),
  check('proposed_days_end_after_they_start', sql`${table.endsOn} >= ${table.startsOn}`),
  check('date_proposal_has_a_side', sql`${table.side} in ('assessor', 'applicant')`),
])

/** What the other side says to a proposal, once. Append-only. */
export const dateAnswers = pgTable('date_answers', {
  id: id(),
  proposalId: uuid().notNull().references(() => dateProposals.id),
  side: text({ enum: sides }).notNull(),
  outcome: text({ enum: ['agreed', 'declined'] }).notNull(),
  reason: text().notNull().default(''),
  answeredBy: uuid().notNull().references(() => people.id),
  answeredAt: since(),
}, table => [
  uniqueIndex('proposal_is_answered_once').on(table.proposalId),
  check('declined_days_have_a_reason', sql`${table.outcome} = 'agreed' or (${table.outcome} = 'declined' and length(btrim(${table.reason})) > 0)`),
])

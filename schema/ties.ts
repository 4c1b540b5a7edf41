import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, pgView, text, uuid } from 'drizzle-orm/pg-core'
import { interestQuestions, tieKinds } from '../server/domain/independence.ts'
import { people } from './accounts.ts'
import { employers } from './employers.ts'
import { id, since } from './shared.ts'

/**
 * C3: what ties somebody of the scheme to a company, told before any case asks. By corporate number, so that it counts for who becomes a client
 * later, and tells nobody who is one. Kept; only the day on which it ended is written later.
 */
export const recordedTies = pgTable('recorded_ties', {
  id: id(),
  personId: uuid().notNull().references(() => people.id),
  corporateNumber: text().notNull(),
  kind: text({ enum: interestQuestions }).notNull(),
  statement: text().notNull(),
  endedOn: date(),
  recordedBy: uuid().notNull().references(() => people.id),
  recordedAt: since(),
}, table => [
  index('recorded_ties_by_person').on(table.personId),
  check('tie_is_known', sql`${table.kind} in ('employed','paid','advised','trained','family_tie','financial_tie')`),
  check('tie_ends_after_it_was_told', sql`${table.endedOn} is null or ${table.endedOn} >= (${table.recordedAt} at time zone 'Asia/Tokyo')::date`),
  check('tie_is_explained', sql`length(btrim(${table.statement})) > 0`),
])

/** Written by the trigger of memberships alone: who left an employer is tied to it for 24 months more. */
export const membershipEnds = pgTable('membership_ends', {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  personId: uuid().notNull().references(() => people.id),
  employerId: uuid().notNull().references(() => employers.id),
  endedOn: date().notNull(),
}, table => [index('membership_ends_by_person').on(table.personId)])

/** Every tie that Postgres knows of, from wherever it was told, and the first day on which it counts no more. */
export const ties = pgView('ties', { personId: uuid().notNull(), employerId: uuid().notNull(), kind: text({ enum: tieKinds }).notNull(), until: date().notNull() }).existing()

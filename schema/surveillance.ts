import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { visitKinds, visitOutcomes, visitResults } from '../server/domain/surveillance.ts'
import { id, since } from './shared.ts'
import { people } from './accounts.ts'
import { assignments } from './assessments.ts'
import { certificates } from './certificates.ts'

/** C14: a visit between two decisions, as planned. Append-only: another day is another plan. Who goes is assigned to the case, so every promise about assessors holds for them. */
export const surveillanceVisits = pgTable('surveillance_visits', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  kind: text({ enum: visitKinds }).notNull(), // unannounced: until it was held the holder learns of it nowhere
  plannedOn: date().notNull(),
  assignmentId: uuid().notNull().references(() => assignments.id),
  team: text().notNull().default(''),
  plannedBy: uuid().notNull().references(() => people.id),
  plannedAt: since(),
}, table => [
  index('surveillance_visits_by_certificate').on(table.certificateId),
  index('surveillance_visits_by_assignment').on(table.assignmentId),
  check('surveillance_kind_is_known', sql`${table.kind} in ('announced','unannounced')`),
])

/** What became of it, once and for ever: held with its result, or called off. */
export const surveillanceOutcomes = pgTable('surveillance_outcomes', {
  id: id(),
  visitId: uuid().notNull().references(() => surveillanceVisits.id),
  outcome: text({ enum: visitOutcomes }).notNull(),
  onDay: date(),
  result: text({ enum: visitResults }),
  summary: text().notNull(),
  recordedBy: uuid().notNull().references(() => people.id),
  recordedAt: since(),
}, table => [
  uniqueIndex('surveillance_has_one_outcome').on(table.visitId),
  check('held_surveillance_has_day_and_result', sql`(${table.outcome} = 'held') = (${table.onDay} is not null) and (${table.outcome} = 'held') = (${table.result} is not null)`),
  check('surveillance_outcome_is_known', sql`${table.outcome} in ('held','called_off') and coalesce(${table.result} in ('conforms','minor','major','zero_tolerance'), true)`),
  check('surveillance_outcome_says_what', sql`length(btrim(${table.summary})) > 0`),
])

/** The holder asks for another day of an announced visit, once for each plan. The secretariat answers by planning that day, another, or none. Append-only. */
export const surveillanceWishes = pgTable('surveillance_wishes', {
  id: id(),
  visitId: uuid().notNull().references(() => surveillanceVisits.id),
  wishedOn: date().notNull(),
  reason: text().notNull(),
  wishedBy: uuid().notNull().references(() => people.id),
  wishedAt: since(),
}, table => [
  uniqueIndex('another_day_is_asked_for_once').on(table.visitId),
  check('wish_gives_a_reason', sql`length(btrim(${table.reason})) > 0`),
])

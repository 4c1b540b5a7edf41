import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { applications } from './applications.ts'
import { people } from './accounts.ts'

export const assignmentParts = ['assessor', 'interpreter', 'adviser', 'seller'] as const
export const assignments = pgTable('assignments', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  personId: uuid().notNull().references(() => people.id),
  part: text({ enum: assignmentParts }).notNull(),
  assignedBy: uuid().notNull().references(() => people.id),
  assignedAt: since(),
  endedAt: instant(),
}, table => [
  uniqueIndex('assigned_once_per_part').on(table.applicationId, table.personId, table.part).where(sql`ended_at is null`),
  index('assignments_by_person').on(table.personId),
  check('assignment_part_is_known', sql`${table.part} in ('assessor','interpreter','adviser','seller')`),
])

/** C3: declared per client before anything of the case is seen, and again when a year has passed (trigger interests_declared_once_a_year). Append-only. */
export const interestDeclarations = pgTable('interest_declarations', {
  id: id(),
  assignmentId: uuid().notNull().references(() => assignments.id),
  applicationId: uuid().notNull().references(() => applications.id),
  personId: uuid().notNull().references(() => people.id),
  employed: boolean().notNull(), paid: boolean().notNull(), advised: boolean().notNull(), trained: boolean().notNull(),
  familyTie: boolean().notNull(), financialTie: boolean().notNull(),
  statement: text().notNull().default(''),
  declaredAt: since(),
}, table => [
  index('interest_declarations_by_assignment').on(table.assignmentId, table.declaredAt),
  index('interest_declarations_by_application').on(table.applicationId),
  index('declared_ties_by_person').on(table.personId).where(sql`employed or paid or advised or trained or family_tie or financial_tie`), // few among many
])

export const ratingValues = ['conforms', 'minor', 'major', 'zero_tolerance', 'not_applicable'] as const
export const ratings = pgTable('ratings', {
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  rating: text({ enum: ratingValues }).notNull(),
  note: text().notNull().default(''),
  version: integer().notNull().default(1),
  ratedBy: uuid().notNull().references(() => people.id),
  ratedAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.criterion] }),
  check('rating_is_known', sql`${table.rating} in ('conforms','minor','major','zero_tolerance','not_applicable')`),
])

/** Every mark that a criterion ever had, written by the trigger rating_leaves_a_mark and by nobody else. Append-only. */
export const ratingMarks = pgTable('rating_marks', {
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  version: integer().notNull(),
  rating: text({ enum: ratingValues }).notNull(),
  note: text().notNull(),
  ratedBy: uuid().notNull().references(() => people.id),
  ratedAt: instant().notNull(),
}, table => [primaryKey({ columns: [table.applicationId, table.criterion, table.version] })])

/** Where an assessor was last reading in a case: the place is kept over a reload and on another device. */
export const benchPlaces = pgTable('bench_places', {
  applicationId: uuid().notNull().references(() => applications.id),
  personId: uuid().notNull().references(() => people.id),
  criterion: text().notNull(),
  at: since(),
}, table => [primaryKey({ columns: [table.applicationId, table.personId] })])

/** A question to the employer reopens only this criterion. Drafted until the round is sent. */
export const clarifications = pgTable('clarifications', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  question: text().notNull(),
  askedBy: uuid().notNull().references(() => people.id),
  askedAt: since(),
  sentAt: instant(),
  reply: text().notNull().default(''),
  repliedBy: uuid().references(() => people.id),
  repliedAt: instant(),
  closedAt: instant(), // the round was handed back
}, table => [
  index('clarifications_by_application').on(table.applicationId),
  uniqueIndex('one_open_question_per_criterion').on(table.applicationId, table.criterion).where(sql`closed_at is null`),
])

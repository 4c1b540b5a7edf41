import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { assignments } from './assessments.ts'
import { id, since } from './shared.ts'

/** C8, ISO/IEC 17021-1 9.2.3: the client objects to one named assessor, once, with a reason. Append-only. */
export const objections = pgTable('objections', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  assignmentId: uuid().notNull(),
  assessorId: uuid().notNull(),
  reasons: text().notNull(),
  raisedBy: uuid().notNull().references(() => people.id),
  raisedAt: since(),
}, table => [
  uniqueIndex('objected_once_per_case').on(table.applicationId),
  index('objections_by_assignment').on(table.assignmentId),
  foreignKey({ name: 'objection_is_to_an_assessor_of_the_case', columns: [table.assignmentId, table.applicationId, table.assessorId], foreignColumns: [assignments.id, assignments.applicationId, assignments.personId] }),
  check('objection_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
])

/** What the secretariat answered, and why. Append-only. */
export const objectionAnswers = pgTable('objection_answers', {
  id: id(),
  objectionId: uuid().notNull().references(() => objections.id),
  upheld: boolean().notNull(),
  reasons: text().notNull(),
  answeredBy: uuid().notNull().references(() => people.id),
  answeredAt: since(),
}, table => [
  uniqueIndex('objection_is_answered_once').on(table.objectionId),
  check('objection_answer_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
])

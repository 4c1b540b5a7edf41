import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { applications } from './applications.ts'
import { people } from './accounts.ts'

export const findingGrades = ['zero_tolerance', 'major', 'minor', 'collaborative', 'observation'] as const

// C9, ISO/IEC 17065 7.4.6: never deleted, only superseded. Due dates are computed once, from the grading table, when it is raised.
export const findings = pgTable('findings', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  criterionVersion: text().notNull(),
  grade: text({ enum: findingGrades }).notNull(),
  statement: text().notNull(),
  evidenceReference: text().notNull().default(''),
  raisedBy: uuid().notNull().references(() => people.id),
  raisedAt: since(),
  protectionPlanDue: instant(),
  planDue: instant(),
  containmentDue: instant(),
  evidenceDue: instant(),
  verifiedDue: instant(),
  supersedes: uuid(),
}, table => [
  index('findings_by_application').on(table.applicationId),
  check('finding_grade_is_known', sql`${table.grade} in ('zero_tolerance','major','minor','collaborative','observation')`),
  check('finding_says_something', sql`length(btrim(${table.statement})) > 0`),
])

/** The employer's answer: cause, correction, corrective action. Append-only: a better answer is a new row. */
export const findingResponses = pgTable('finding_responses', {
  id: id(),
  findingId: uuid().notNull().references(() => findings.id),
  cause: text().notNull(),
  correction: text().notNull(),
  correctiveAction: text().notNull(),
  done: text({ enum: ['planned', 'done'] }).notNull(),
  respondedBy: uuid().notNull().references(() => people.id),
  respondedAt: since(),
}, table => [index('finding_responses_by_finding').on(table.findingId)])

/** The assessor's word on it. Append-only. */
export const findingReviews = pgTable('finding_reviews', {
  id: id(),
  findingId: uuid().notNull().references(() => findings.id),
  responseId: uuid().notNull().references(() => findingResponses.id),
  outcome: text({ enum: ['plan_accepted', 'plan_returned', 'verified', 'not_verified'] }).notNull(),
  note: text().notNull().default(''),
  reviewedBy: uuid().notNull().references(() => people.id),
  reviewedAt: since(),
}, table => [
  index('finding_reviews_by_finding').on(table.findingId),
  check('review_outcome_is_known', sql`${table.outcome} in ('plan_accepted','plan_returned','verified','not_verified')`),
])

import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { clockSteps, escalations, findingActs, missable } from '../server/domain/duties.ts'
import { closures, reviewOutcomes } from '../server/domain/findings.ts'
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
  alertDue: instant(),
  protectionPlanDue: instant(),
  planDue: instant(),
  containmentDue: instant(),
  evidenceDue: instant(),
  verifiedDue: instant(),
  supersedes: uuid(),
  repeats: uuid(),                               // an earlier finding on the same criterion, of this cycle or the one before
  escalation: text({ enum: escalations }),       // by which rule of the grading table the grade rose; null: as an assessor gave it
}, table => [
  index('findings_by_application').on(table.applicationId),
  check('finding_grade_is_known', sql`${table.grade} in ('zero_tolerance','major','minor','collaborative','observation')`),
  check('finding_says_something', sql`length(btrim(${table.statement})) > 0`),
  check('escalation_is_known', sql`${table.escalation} is null or (${table.escalation} in ('aged','gathered','ineffective') and ${table.supersedes} is not null)`),
])

/** Zero tolerance: the alert to the scheme, the plan that protects the workers, the containment. Each once, in words, by whom it is asked. Append-only. */
export const findingSteps = pgTable('finding_steps', {
  id: id(),
  findingId: uuid().notNull().references(() => findings.id),
  step: text({ enum: findingActs }).notNull(),
  words: text().notNull(),
  takenBy: uuid().notNull().references(() => people.id),
  takenAt: since(),
}, table => [
  uniqueIndex('finding_step_is_taken_once').on(table.findingId, table.step),
  check('finding_step_is_known', sql`${table.step} in ('alert','protection_plan','containment')`),
  check('finding_step_says_something', sql`length(btrim(${table.words})) > 0`),
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
  outcome: text({ enum: reviewOutcomes }).notNull(),
  note: text().notNull().default(''),
  reviewedBy: uuid().notNull().references(() => people.id),
  reviewedAt: since(),
}, table => [
  index('finding_reviews_by_finding').on(table.findingId),
  check('review_outcome_is_known', sql`${table.outcome} in ('plan_accepted','plan_returned','verified','not_verified','effective','not_effective')`),
])

/** domain.md, decision rule: two deciders close a zero-tolerance finding, both without any part in the case: the first signs, the second closes. Their words on a verification. Append-only. */
export const findingClosures = pgTable('finding_closures', {
  id: id(),
  findingId: uuid().notNull().references(() => findings.id),
  reviewId: uuid().notNull().references(() => findingReviews.id),
  outcome: text({ enum: [...closures, 'signed'] }).notNull(),
  reasons: text().notNull(),
  closedBy: uuid().notNull().references(() => people.id),
  closedAt: since(),
}, table => [
  index('finding_closures_by_finding').on(table.findingId),
  uniqueIndex('verification_is_answered_once').on(table.reviewId).where(sql`${table.outcome} <> 'signed'`),
  uniqueIndex('closing_is_signed_once').on(table.reviewId, table.closedBy).where(sql`${table.outcome} = 'signed'`),
  check('closure_is_known', sql`${table.outcome} in ('closed','returned','signed')`),
  check('closure_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
])

/** decisions.md 1: what the clock did about a missed date on a live certificate, once each. Append-only. */
export const findingClock = pgTable('finding_clock', {
  id: id(),
  findingId: uuid().notNull().references(() => findings.id),
  duty: text({ enum: missable }).notNull(),
  step: text({ enum: clockSteps }).notNull(),
  due: instant().notNull(), // with the days of an appeal's hold
  at: since(),
}, table => [
  uniqueIndex('clock_acts_once').on(table.findingId, table.duty, table.step),
  check('clock_step_is_known', sql`${table.step} in ('warned','suspended')`),
])

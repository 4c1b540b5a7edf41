import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { changeKinds, reviewOutcomes } from '../server/domain/changes.ts'
import { id, since } from './shared.ts'
import { people } from './accounts.ts'
import { certificates } from './certificates.ts'

/** C15: the holder of a certificate reports what has changed (certification agreement, article 4). Append-only; changes nothing by itself. */
export const changeReports = pgTable('change_reports', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  kind: text({ enum: changeKinds }).notNull(),
  happenedOn: date().notNull(),
  account: text().notNull(),
  workersBefore: integer(),
  workersNow: integer(),
  reviewBy: date().notNull(),
  reportedBy: uuid().notNull().references(() => people.id),
  reportedAt: since(),
}, table => [
  index('change_reports_by_certificate').on(table.certificateId),
  check('change_kind_is_known', sql`${table.kind} in ('owner','site','law_case','head_count')`),
  check('change_says_what', sql`length(btrim(${table.account})) > 0`),
  check('head_count_has_numbers', sql`(${table.kind} = 'head_count') = (${table.workersBefore} is not null and ${table.workersNow} is not null)`),
  check('change_is_reviewed_after_its_report', sql`${table.reviewBy} >= (${table.reportedAt} at time zone 'Asia/Tokyo')::date`),
])

/** What the secretariat made of it, once. A proposal is a proposal: the standing changes by a decision alone. */
export const changeReviews = pgTable('change_reviews', {
  id: id(),
  reportId: uuid().notNull().references(() => changeReports.id),
  outcome: text({ enum: reviewOutcomes }).notNull(),
  reasons: text().notNull(),
  reviewedBy: uuid().notNull().references(() => people.id),
  reviewedAt: since(),
}, table => [
  uniqueIndex('change_is_reviewed_once').on(table.reportId),
  check('change_outcome_is_known', sql`${table.outcome} in ('no_effect','extra_visit','scope','suspension')`),
  check('change_review_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
])

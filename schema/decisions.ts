import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, since } from './shared.ts'
import { applications } from './applications.ts'
import { people } from './accounts.ts'

/** C5, ISO/IEC 17065 7.5: the review with its recommendation, by the assessor. */
export const recommendations = pgTable('recommendations', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  outcome: text({ enum: ['certify', 'refuse'] }).notNull(),
  summary: text().notNull(),
  strengths: text().notNull().default(''),
  exclusions: text().notNull().default(''), // what was not seen
  writtenBy: uuid().notNull().references(() => people.id),
  writtenAt: since(),
}, table => [index('recommendations_by_application').on(table.applicationId)])

// C4: the trigger decider_took_no_part looks at everybody who had a hand in the case. One decision a case, for ever; but for each appeal that set
// it aside, one more, by others (a_decided_anew gives it its appeal).
export const decisions = pgTable('decisions', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  outcome: text({ enum: ['certify', 'refuse'] }).notNull(),
  reasons: text().notNull(),
  dossierSha256: text().notNull(),
  decidedBy: uuid().notNull().references(() => people.id),
  decidedAt: since(),
  appealId: uuid(), // the appeal that set the decision before aside
  condition: text(), // what the holder has still to do, of a certificate that is issued all the same
  conditionUntil: date(),
}, table => [
  uniqueIndex('one_decision_per_application').on(table.applicationId).where(sql`appeal_id is null`),
  index('decisions_by_application').on(table.applicationId), // of a case that was decided anew, both are read
  uniqueIndex('one_decision_per_appeal').on(table.appealId),
  check('decision_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
  check('decision_outcome_is_known', sql`${table.outcome} in ('certify','refuse')`),
  check('condition_comes_with_certifying', sql`num_nonnulls(${table.condition}, ${table.conditionUntil}) = 0 or (${table.outcome} = 'certify' and length(btrim(coalesce(${table.condition}, ''))) > 0 and ${table.conditionUntil} is not null and ${table.conditionUntil} > (${table.decidedAt} at time zone 'Asia/Tokyo')::date and ${table.conditionUntil} <= (${table.decidedAt} at time zone 'Asia/Tokyo')::date + interval '12 months')`),
])

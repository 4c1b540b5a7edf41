import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { answerValues } from '../server/domain/answering.ts'
import { endStages, stages } from '../server/domain/lifecycle.ts'
import { id, instant, since } from './shared.ts'
import { employers } from './employers.ts'
import { standards } from './standards.ts'
import { people } from './accounts.ts'

export const stageEnum = pgEnum('stage', stages)
const ended = sql.raw(endStages.map(stage => `'${stage}'`).join(','))

/** The employer as it was when the application was submitted: what was assessed, and what the certificate says. */
export type Scope = {
  nameJa: string; nameKana: string; nameLatin: string; corporateNumber: string; prefecture: string; addressJa: string; industry: string
  workers: number; foreignWorkers: number
  populations: { nationality: string; residenceStatus: string; people: number }[]
  sites: { id: string; kind: 'workplace' | 'housing'; nameJa: string; addressJa: string; people: number }[]
}

export const applications = pgTable('applications', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  standardId: text().notNull().references(() => standards.id),
  cycle: integer().notNull().default(1),
  stage: stageEnum().notNull().default('draft'),
  stageSince: since(),
  dueAt: instant(),
  version: integer().notNull().default(0), // grows with every change of stage: a stale form is told so
  openedBy: uuid().notNull().references(() => people.id),
  openedAt: since(),
  submittedAt: instant(),
  scope: jsonb().$type<Scope>(),
  renews: uuid(), // the certificate whose next cycle this is
}, table => [
  uniqueIndex('one_open_application_per_employer_and_standard').on(table.employerId, table.standardId).where(sql`stage not in (${ended})`),
  index('applications_by_stage').on(table.stage, table.dueAt),
  index('applications_by_renewal').on(table.renews),
  index('applications_by_corporate_number').on(sql`(scope->>'corporateNumber')`), // ties are told by it
  index('applications_by_urgency').on(sql`coalesce(due_at, 'infinity'::timestamptz)`, table.id).where(sql`stage <> 'draft'`), // the pipeline, page by page
  index('applications_by_standard').on(table.standardId),
  check('submitted_application_has_time_and_scope',
    sql`stage in ('draft','withdrawn') or (${table.submittedAt} is not null and ${table.scope} is not null)`),
])

export const answers = pgTable('answers', {
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  answer: text({ enum: answerValues }),
  reason: text().notNull().default(''),      // why it does not apply
  explanation: text().notNull().default(''),
  version: integer().notNull().default(1),
  answeredBy: uuid().notNull().references(() => people.id),
  answeredAt: since(),
}, table => [
  primaryKey({ columns: [table.applicationId, table.criterion] }),
  check('answer_is_known', sql`${table.answer} in ('yes','partly','no','not_applicable')`),
])

/** C2, ISO/IEC 17065 7.3: the application review is on record, with reasons. */
export const screenings = pgTable('screenings', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  outcome: text({ enum: ['accept', 'return', 'decline'] }).notNull(),
  reasons: text().notNull().default(''),
  screenedBy: uuid().notNull().references(() => people.id),
  screenedAt: since(),
}, table => [
  index('screenings_by_application').on(table.applicationId),
  check('return_and_decline_give_reasons', sql`${table.outcome} = 'accept' or length(btrim(${table.reasons})) > 0`),
])

import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytes, id, since } from './shared.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { certificateEvents } from './certificates.ts'
import { decisions } from './decisions.ts'
import { findingGrades, findings } from './findings.ts'
import { logEntries } from './log.ts'
import { standingDecisions } from './standing-decisions.ts'

/** Names an appeal or complaint in the public log, and tells nobody which it is. */
export const logSalt = () => bytes().notNull().default(sql`uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`)
/** Its line of the log, given by the database. */
export const logSeq = () => bigint({ mode: 'number' }).default(-1).references(() => logEntries.seq)

/** C18, ISO/IEC 17065 7.13: the client does not accept a refusal, a decision on its standing, or a grade. Append-only; changes nothing by itself. */
export const appeals = pgTable('appeals', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  decisionId: uuid().references(() => decisions.id),
  standingDecisionId: uuid().references(() => standingDecisions.id),
  findingId: uuid().references(() => findings.id),
  certificateEventId: uuid().references(() => certificateEvents.id), // a suspension by the clock, which nobody decided
  grounds: text().notNull(),
  filedBy: uuid().notNull().references(() => people.id),
  filedAt: since(),
  logSalt: logSalt(),
  logSeq: logSeq().notNull(),
}, table => [
  index('appeals_by_application').on(table.applicationId),
  uniqueIndex('one_appeal_per_decision').on(table.decisionId),
  uniqueIndex('one_appeal_per_standing_decision').on(table.standingDecisionId),
  uniqueIndex('one_appeal_per_finding').on(table.findingId),
  uniqueIndex('one_appeal_per_event').on(table.certificateEventId),
  check('appeal_is_against_one_thing', sql`num_nonnulls(${table.decisionId}, ${table.standingDecisionId}, ${table.findingId}, ${table.certificateEventId}) = 1`),
  check('appeal_gives_grounds', sql`length(btrim(${table.grounds})) > 0`),
])

/** Who handles it: the last one counts. The trigger appeal_handler_took_no_part looks at every hand in the case, deciders too. Append-only. */
export const appealAssignments = pgTable('appeal_assignments', {
  id: id(),
  appealId: uuid().notNull().references(() => appeals.id),
  personId: uuid().notNull().references(() => people.id),
  assignedBy: uuid().notNull().references(() => people.id),
  assignedAt: since(),
}, table => [index('appeal_assignments_by_appeal').on(table.appealId)])

/** The answer, once and for ever. */
export const appealDecisions = pgTable('appeal_decisions', {
  id: id(),
  appealId: uuid().notNull().references(() => appeals.id),
  outcome: text({ enum: ['upheld', 'rejected'] }).notNull(),
  reasons: text().notNull(),
  newGrade: text({ enum: findingGrades }),
  decidedBy: uuid().notNull().references(() => people.id),
  decidedAt: since(),
  logSeq: logSeq().notNull(),
}, table => [
  uniqueIndex('appeal_is_decided_once').on(table.appealId),
  check('appeal_outcome_is_known', sql`${table.outcome} in ('upheld','rejected')`),
  check('appeal_decision_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
])

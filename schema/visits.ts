import { sql } from 'drizzle-orm'
import { boolean, check, date, index, integer, jsonb, numeric, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { feeAnswers } from '../server/domain/fees.ts'
import { id, instant, since } from './shared.ts'
import { applications } from './applications.ts'
import { people } from './accounts.ts'

export { feeAnswers }
export const announcements = ['announced', 'unannounced'] as const

/** C7: dates, sites, team, person-days and interview sample with the rows they were computed from. */
export const visits = pgTable('visits', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  startsOn: date().notNull(),
  endsOn: date().notNull(),
  siteIds: uuid().array().notNull(),
  team: text().notNull().default(''),
  personDays: numeric({ precision: 5, scale: 2, mode: 'number' }).notNull(),
  interviewsPlanned: integer().notNull(),
  calculation: jsonb().$type<Record<string, unknown>>().notNull(),
  justification: text().notNull().default(''),
  // An unannounced visit is nobody's knowledge but the team's and the secretariat's until it began: the case does not move before.
  announced: boolean().notNull().default(true),
  begunAt: instant(),
  // what the day itself brought (C10)
  openingMeeting: text().notNull().default(''),
  closingMeeting: text().notNull().default(''),
  workersInvited: integer(),
  workersAgreed: integer(),
  fees: text({ enum: feeAnswers }),
  heldOn: date(),
  plannedBy: uuid().notNull().references(() => people.id),
  plannedAt: since(),
  recordedAt: instant(),
  version: integer().notNull().default(1),
}, table => [
  uniqueIndex('one_visit_per_application').on(table.applicationId),
  check('visit_ends_after_it_starts', sql`${table.endsOn} >= ${table.startsOn}`),
  check('visit_sees_a_site', sql`cardinality(${table.siteIds}) > 0`),
  check('only_invited_workers_can_agree', sql`${table.workersAgreed} between 0 and ${table.workersInvited}`),
  check('unannounced_visit_begins_before_its_record', sql`${table.announced} or ${table.begunAt} is not null or (${table.recordedAt} is null and ${table.heldOn} is null)`),
  check('announced_visit_has_no_secret_beginning', sql`not ${table.announced} or ${table.begunAt} is null`),
])

/** C7, ISO/IEC 17021-1 9.1.4: the numbers of every plan that was ever kept, and why they differ from the table. Written by SQL (keep_plan_numbers); append-only. */
export const planNumbers = pgTable('plan_numbers', {
  id: id(),
  visitId: uuid().notNull().references(() => visits.id),
  edition: integer().notNull(),
  reckonedDays: numeric({ precision: 5, scale: 2, mode: 'number' }),
  personDays: numeric({ precision: 5, scale: 2, mode: 'number' }).notNull(),
  reckonedInterviews: integer(),
  interviewsPlanned: integer().notNull(),
  justification: text().notNull(),
  plannedBy: uuid().notNull().references(() => people.id),
  plannedAt: since(),
}, table => [
  uniqueIndex('plan_editions_are_numbered').on(table.visitId, table.edition),
  check('changed_numbers_are_justified', sql`(${table.personDays} = coalesce(${table.reckonedDays}, ${table.personDays}) and ${table.interviewsPlanned} = coalesce(${table.reckonedInterviews}, ${table.interviewsPlanned})) or length(btrim(${table.justification})) > 0`),
  check('interview_sample_never_shrinks', sql`${table.interviewsPlanned} >= coalesce(${table.reckonedInterviews}, 0)`),
])

/** Append-only: a note is followed by another note, never rewritten. Photos hang on a note. */
export const visitNotes = pgTable('visit_notes', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  criterion: text().notNull(),
  note: text().notNull(),
  photoId: uuid(),
  writtenBy: uuid().notNull().references(() => people.id),
  writtenAt: since(),
}, table => [index('visit_notes_by_application').on(table.applicationId)])

/** By code, never by name (interview_sampling rules). Nobody of the employer has a path here. Append-only. */
export const interviews = pgTable('interviews', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  code: text().notNull(),
  form: text({ enum: ['single', 'group', 'peer', 'representative'] }).notNull(),
  people: integer().notNull(),
  language: text().notNull(),
  minutes: integer().notNull(),
  notes: text().notNull().default(''),
  heldOn: date().notNull(),
  writtenBy: uuid().notNull().references(() => people.id),
  writtenAt: since(),
}, table => [
  uniqueIndex('interview_code_used_once').on(table.applicationId, table.code),
  check('interview_code_is_no_name', sql`${table.code} ~ '^[A-Z]{1,2}-[0-9]{2,3}$'`),
  check('interview_has_people', sql`${table.people} between 1 and 20`),
])

import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { employers } from './employers.ts'

/** Bodies that really audit; named on the certificate (ISO/IEC 17065 6.2.2). */
export const assessorOrganisations = pgTable('assessor_organisations', {
  id: id(), nameJa: text().notNull(), nameEn: text().notNull(), createdAt: since(),
})

export const people = pgTable('people', {
  id: id(),
  email: text().notNull(),
  name: text().notNull().default(''),
  locale: text().notNull().default('ja'),
  staffRoles: text().array().notNull().default(sql`'{}'::text[]`),
  assessorOrganisationId: uuid().references(() => assessorOrganisations.id),
  totpSecret: text(),
  totpConfirmedAt: instant(),
  totpLastStep: integer(), // a code counts once
  createdAt: since(),
}, table => [
  uniqueIndex('email_belongs_to_one_person').on(sql`lower(${table.email})`),
  check('staff_roles_are_known', sql`${table.staffRoles} <@ array['operator','assessor','decision_maker','committee_member']::text[]`),
])

export const memberships = pgTable('memberships', {
  personId: uuid().primaryKey().references(() => people.id), // one employer a person
  employerId: uuid().notNull().references(() => employers.id),
  since: since(),
}, table => [index('memberships_by_employer').on(table.employerId)])

/** Only the hash of a session token is kept: a stolen database opens no session. */
export const sessions = pgTable('sessions', {
  tokenHash: text().primaryKey(),
  personId: uuid().notNull().references(() => people.id),
  createdAt: since(),
  expiresAt: instant().notNull(),
  secondFactorAt: instant(),
  secondFactorTries: integer().notNull().default(0), // wrong codes; too many end the session
}, table => [index('sessions_by_person').on(table.personId)])

export const signInCodes = pgTable('sign_in_codes', {
  id: id(),
  email: text().notNull(),
  codeHash: text().notNull(),
  createdAt: since(),
  expiresAt: instant().notNull(),
  attemptsLeft: integer().notNull().default(5),
  used: boolean().notNull().default(false),
}, table => [
  index('sign_in_codes_by_email').on(table.email, table.createdAt),
  check('attempts_never_below_zero', sql`${table.attemptsLeft} >= 0`),
])

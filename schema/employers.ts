import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, since } from './shared.ts'

// The company as it speaks of itself; entered once and never asked twice (WCAG 3.3.7). An application keeps its own copy at submission.
export const employers = pgTable('employers', {
  id: id(),
  nameJa: text().notNull().default(''),
  nameKana: text().notNull().default(''),
  nameLatin: text().notNull().default(''),
  corporateNumber: text(),
  prefecture: text().notNull().default(''),
  addressJa: text().notNull().default(''),
  industry: text().notNull().default(''),
  workers: integer().notNull().default(0),
  representative: text().notNull().default(''),
  phone: text().notNull().default(''),
  version: integer().notNull().default(0),
  createdAt: since(),
}, table => [
  uniqueIndex('corporate_number_belongs_to_one_employer').on(table.corporateNumber),
  check('corporate_number_has_13_digits', sql`${table.corporateNumber} ~ '^[1-9][0-9]{12}$'`),
  check('workers_are_counted', sql`${table.workers} between 0 and 1000000`),
])

export const siteKinds = ['workplace', 'housing'] as const
export const employerSites = pgTable('employer_sites', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  kind: text({ enum: siteKinds }).notNull(),
  nameJa: text().notNull(),
  addressJa: text().notNull(),
  people: integer().notNull().default(0), // workers of a workplace, residents of housing
  createdAt: since(),
}, table => [
  index('employer_sites_by_employer').on(table.employerId),
  check('site_kind_is_known', sql`${table.kind} in ('workplace','housing')`),
  check('people_on_site_are_counted', sql`${table.people} between 0 and 1000000`),
])

/** Foreign workers by nationality and residence status: a count, never a person. */
export const employerPopulations = pgTable('employer_populations', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  nationality: text().notNull(),
  residenceStatus: text().notNull(),
  people: integer().notNull(),
}, table => [
  uniqueIndex('population_counted_once').on(table.employerId, table.nationality, table.residenceStatus),
  check('population_is_counted', sql`${table.people} between 1 and 1000000`),
])

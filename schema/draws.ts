import { sql } from 'drizzle-orm'
import { check, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Drawn, Uncovered } from '../server/domain/draw.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { id, since } from './shared.ts'

/**
 * interview_sampling.rules: who is to be asked, drawn from head counts by a seed that is kept, so that anybody inside can draw again and get the same.
 * No names: a person is a place in the assessor's own list. `population` is the text that was hashed. Append-only: another draw is another row, with its reason.
 */
export const interviewDraws = pgTable('interview_draws', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  number: integer().notNull(),
  seed: text().notNull(),
  algorithm: text().notNull(),
  population: text().notNull(),
  populationSha256: text().notNull(),
  size: integer().notNull(),
  drawn: jsonb().$type<Drawn[]>().notNull(),
  uncovered: jsonb().$type<Uncovered[]>().notNull(),
  reason: text().notNull().default(''),
  drawnBy: uuid().notNull().references(() => people.id),
  drawnAt: since(),
}, table => [
  uniqueIndex('draws_are_numbered').on(table.applicationId, table.number),
  check('draw_has_a_seed', sql`${table.seed} ~ '^[0-9a-f]{32}$' and ${table.seed} !~ '^0+$'`),
  check('drawing_again_has_a_reason', sql`${table.number} = 1 or length(btrim(${table.reason})) > 0`),
  check('draw_is_of_this_population', sql`${table.populationSha256} = encode(sha256(convert_to(${table.population}, 'UTF8')), 'hex')`),
  check('draw_is_as_large_as_it_says', sql`${table.size} > 0 and jsonb_array_length(${table.drawn}) = ${table.size}`),
])

import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { ratingValues } from './assessments.ts'
import { id, instant, since } from './shared.ts'

/** C28: a share of the files is drawn, by a seed on record, to be scored by a second assessor who does not see the first one's marks. Append-only. */
export const secondDraws = pgTable('second_draws', {
  id: id(),
  seed: text().notNull(),
  pool: uuid().array().notNull(), // the files it was drawn from: with the seed anybody can draw again
  sharePercent: integer().notNull(),
  drawnBy: uuid().notNull().references(() => people.id),
  drawnAt: since(),
}, table => [check('share_is_a_percentage', sql`${table.sharePercent} between 1 and 100`)])

export const secondScorings = pgTable('second_scorings', {
  id: id(),
  drawId: uuid().notNull().references(() => secondDraws.id),
  applicationId: uuid().notNull().references(() => applications.id).unique('scored_twice_at_most'),
  scorerId: uuid().notNull().references(() => people.id),
  assignedAt: since(),
  declaredAt: instant(), // free of ties, before anything of the case is seen (C3)
  finishedAt: instant(), // from then on nothing of it changes
}, table => [index('second_scorings_by_scorer').on(table.scorerId), index('second_scorings_by_draw').on(table.drawId)])

export const secondMarks = pgTable('second_marks', {
  scoringId: uuid().notNull().references(() => secondScorings.id),
  criterion: text().notNull(),
  rating: text({ enum: ratingValues }).notNull(),
  note: text().notNull().default(''),
  markedAt: since(),
}, table => [
  primaryKey({ columns: [table.scoringId, table.criterion] }),
  check('second_mark_is_known', sql`${table.rating} in ('conforms','minor','major','zero_tolerance','not_applicable')`),
])

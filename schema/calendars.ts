import { sql } from 'drizzle-orm'
import { date, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, since } from './shared.ts'
import { people } from './accounts.ts'

/** A person's calendar under a secret address; only the hash of the secret is kept. A new one ends the old one. */
export const calendarFeeds = pgTable('calendar_feeds', {
  tokenHash: text().primaryKey(),
  personId: uuid().notNull().references(() => people.id),
  madeAt: since(),
  revokedAt: instant(),
  lastReadOn: date(), // a day is enough to see whether anybody still reads it
}, table => [uniqueIndex('one_calendar_feed_a_person').on(table.personId).where(sql`${table.revokedAt} is null`)])

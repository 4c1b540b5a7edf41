import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { photoConsents as answers } from '../server/domain/photo-consent.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { documents } from './documents.ts'
import { since } from './shared.ts'

/** C34: that a photo may be in a report, and who of the team said so. A photo without a row stays out. Append-only; SQL asks whose photo it is, who says it and when (0038). */
export const photoConsents = pgTable('photo_consents', {
  documentId: uuid().primaryKey().references(() => documents.id),
  applicationId: uuid().notNull().references(() => applications.id),
  consent: text({ enum: answers }).notNull(),
  saidBy: uuid().notNull().references(() => people.id),
  saidAt: since(),
}, table => [
  index('photo_consents_by_application').on(table.applicationId),
  check('photo_consent_is_known', sql`${table.consent} in ('nobody', 'agreed')`),
])

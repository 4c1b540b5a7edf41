import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { meetingKinds, type Attendee } from '../server/domain/meetings.ts'
import { people } from './accounts.ts'
import { applications } from './applications.ts'
import { id, instant, since } from './shared.ts'

/** ISO/IEC 17021-1 9.4.2 and 9.4.7: who was at the opening and the closing meeting, and what stayed disputed. Append-only: the newest of a kind counts. */
export const meetings = pgTable('meetings', {
  id: id(),
  applicationId: uuid().notNull().references(() => applications.id),
  kind: text({ enum: meetingKinds }).notNull(),
  heldAt: instant().notNull(),
  attendees: jsonb().$type<Attendee[]>().notNull(),
  disagreements: text().notNull().default(''),
  writtenBy: uuid().notNull().references(() => people.id),
  writtenAt: since(),
}, table => [
  index('meetings_by_application').on(table.applicationId, table.writtenAt),
  check('meeting_has_a_kind', sql`${table.kind} in ('opening', 'closing')`),
  check('somebody_was_at_the_meeting', sql`jsonb_typeof(${table.attendees}) = 'array' and jsonb_array_length(${table.attendees}) > 0`),
  check('meeting_is_written_after_it', sql`${table.heldAt} <= ${table.writtenAt}`),
])

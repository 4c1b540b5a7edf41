import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { decidedChanges } from '../server/domain/standing-changes.ts'
import { id, since } from './shared.ts'
import { people } from './accounts.ts'
import { certificates } from './certificates.ts'

/** C16: every change of a standing that a person decided, with the reasons for the holder; whoever took part in the case decides none of them. Append-only. */
export const standingDecisions = pgTable('standing_decisions', {
  id: id(),
  certificateId: uuid().notNull().references(() => certificates.id),
  change: text({ enum: decidedChanges }).notNull(),
  reasonClass: text(),
  reasons: text().notNull(),
  until: date(), // of a suspension
  decidedBy: uuid().notNull().references(() => people.id),
  decidedAt: since(),
}, table => [
  index('standing_decisions_by_certificate').on(table.certificateId),
  check('standing_decision_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
  check('standing_change_is_known', sql`${table.change} in ('suspended','reinstated','condition_set','condition_met','scope_reduced','withdrawn','transferred')`),
])

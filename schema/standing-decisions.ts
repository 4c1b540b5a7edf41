import { sql } from 'drizzle-orm'
import { check, date, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { decidedChanges } from '../server/domain/standing-changes.ts'
import type { CertificateStatement } from '../server/domain/statement.ts'
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
  until: date(), // of a suspension, or by when a condition is to be met
  condition: text(),
  sitesRemoved: jsonb().$type<CertificateStatement['sites']>(), // as the edition before named them
  decidedBy: uuid().notNull().references(() => people.id),
  decidedAt: since(),
}, table => [
  index('standing_decisions_by_certificate').on(table.certificateId),
  check('standing_decision_gives_reasons', sql`length(btrim(${table.reasons})) > 0`),
  check('standing_change_is_known', sql`${table.change} in ('suspended','reinstated','condition_set','condition_met','scope_reduced','withdrawn','transferred')`),
  check('suspension_says_until_when', sql`${table.change} <> 'suspended' or (${table.until} is not null and ${table.until} > (${table.decidedAt} at time zone 'Asia/Tokyo')::date and ${table.until} <= (${table.decidedAt} at time zone 'Asia/Tokyo')::date + interval '6 months')`),
  check('condition_is_written_down', sql`(${table.change} = 'condition_set') = (length(btrim(coalesce(${table.condition}, ''))) > 0)`),
  check('reduction_names_its_sites', sql`(${table.change} = 'scope_reduced') = (coalesce(jsonb_typeof(${table.sitesRemoved}), '') = 'array' and ${table.sitesRemoved} <> '[]')`),
])

import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, since } from './shared.ts'
import { people } from './accounts.ts'
import { logSalt, logSeq } from './appeals.ts'
import { certificates } from './certificates.ts'

/** C18: what anybody complains of, about a certified employer or about us. Append-only. The complainant's code is known to them alone. */
export const complaints = pgTable('complaints', {
  id: id(),
  reference: text().notNull().unique(), // how we call it; the beginning of the code
  codeSha256: text().notNull(), // of the whole code: we could not follow it in their place
  target: text({ enum: ['employer', 'scheme'] }).notNull(),
  certificateId: uuid().references(() => certificates.id),
  about: text().notNull(), // number or name, as it was typed
  account: text().notNull(),
  contact: text(), // only if the complainant wants to be asked
  locale: text().notNull(), // in which the answer is read
  filedAt: since(),
  logSalt: logSalt(),
  logSeq: logSeq().notNull(),
}, table => [
  index('complaints_by_time').on(table.filedAt),
  uniqueIndex('complaint_code_is_its_own').on(table.codeSha256),
  check('complaint_target_is_known', sql`${table.target} in ('employer','scheme')`),
  check('complaint_says_something', sql`length(btrim(${table.account})) > 0`),
])

/** What became of it. Append-only; the trigger complaint_follows_its_way keeps the order, complaint_handler_has_no_tie the person. */
export const complaintSteps = pgTable('complaint_steps', {
  id: id(),
  complaintId: uuid().notNull().references(() => complaints.id),
  step: text({ enum: ['acknowledged', 'assigned', 'note', 'upheld', 'not_upheld'] }).notNull(),
  text: text().notNull().default(''), // of a note: for us; of anything else: for the complainant
  handler: uuid().references(() => people.id),
  takenBy: uuid().notNull().references(() => people.id),
  at: since(),
  logSeq: logSeq(), // none for what the public is not told
}, table => [
  index('complaint_steps_by_complaint').on(table.complaintId),
  check('complaint_step_is_known', sql`${table.step} in ('acknowledged','assigned','note','upheld','not_upheld')`),
  check('complaint_is_handed_to_somebody', sql`(${table.step} = 'assigned') = (${table.handler} is not null)`),
  check('complaint_answer_says_something', sql`${table.step} in ('acknowledged','assigned') or length(btrim(${table.text})) > 0`),
])

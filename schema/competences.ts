import { sql } from 'drizzle-orm'
import { check, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { competenceKinds } from '../server/domain/competence.ts'
import { people } from './accounts.ts'
import { id, instant, since } from './shared.ts'

/** C20, ISO/IEC 17065 6.1.2: what a person has shown that they can do, by what, and until when that counts. Kept for ever; only its end is written later. */
export const competences = pgTable('competences', {
  id: id(),
  personId: uuid().notNull().references(() => people.id),
  kind: text({ enum: competenceKinds }).notNull(),
  subject: text().notNull(),   // an industry, a language, the training's name, whose audit was witnessed
  evidence: text().notNull(),  // certificate, course, name of the witness
  obtainedOn: date().notNull(),
  validUntil: date().notNull(),
  recordedBy: uuid().notNull().references(() => people.id),
  recordedAt: since(),
  endedAt: instant(),
  endedBy: uuid().references(() => people.id),
}, table => [
  index('competences_by_person').on(table.personId),
  check('competence_is_known', sql`${table.kind} in ('sector','language','law_training','witnessed_audit')`),
  check('competence_has_evidence', sql`length(btrim(${table.subject})) > 0 and length(btrim(${table.evidence})) > 0`),
  check('competence_ends_after_it_began', sql`${table.validUntil} > ${table.obtainedOn}`),
  check('nobody_attests_their_own_competence', sql`${table.recordedBy} <> ${table.personId}`),
  check('competence_ended_by_somebody', sql`(${table.endedAt} is null) = (${table.endedBy} is null)`),
])

import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'

// C33: actor, time, reason, before and after of every change, and every reading of a document. Append-only by trigger.
export const journal = pgTable('journal', {
  id: bigserial({ mode: 'number' }).primaryKey(),
  at: since(),
  actorId: uuid(),
  actorRole: text().notNull(),
  operation: text().notNull(),       // applications.submit, documents.read, decisions.refused …
  applicationId: uuid(),
  employerId: uuid(),
  subjectId: text(),
  before: jsonb(),
  after: jsonb(),
  requestId: text(),
}, table => [index('journal_by_application').on(table.applicationId, table.id), index('journal_by_operation').on(table.operation), index('journal_of_refusals').on(table.id).where(sql`operation like '%.refused'`)])

/** Outgoing mail, written in the transaction of the change. The unique key keeps a reminder from going out twice. */
export const mails = pgTable('mails', {
  id: id(),
  uniqueKey: text().notNull(),
  toEmail: text().notNull(),
  locale: text().notNull(),
  template: text().notNull(),
  params: jsonb().$type<Record<string, string | number>>().notNull(),
  applicationId: uuid(),
  createdAt: since(),
  sentAt: instant(),
  droppedAt: instant(), // no longer true when its turn came
  attempts: integer().notNull().default(0),
}, table => [uniqueIndex('mail_is_sent_once').on(table.uniqueKey), index('mails_by_application').on(table.applicationId)])

/** A form sent twice has one effect: the second one gets the first one's answer. */
export const submissions = pgTable('submissions', {
  once: uuid().primaryKey(),
  personId: uuid(),
  outcome: jsonb(),
  at: since(),
}, table => [index('submissions_by_time').on(table.at)])

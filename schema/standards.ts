import { date, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { since } from './shared.ts'
import type { StandardDocument } from './standard-document.ts'

// One row per version of the standard. Once in force, a trigger lets nobody change it (C15).
export const standards = pgTable('standards', {
  id: text().primaryKey(), // re-0.1.0
  code: text().notNull(),
  version: text().notNull(),
  sourceSha256: text().notNull(),
  content: jsonb().$type<StandardDocument>().notNull(),
  inForceFrom: date().notNull(),
  loadedAt: since(),
})

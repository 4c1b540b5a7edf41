import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, since } from './shared.ts'
import { employers } from './employers.ts'
import { people } from './accounts.ts'

// C1, ISO/IEC 17065 4.1.2: signed, versioned, before any evaluation. The hash binds the very words that were shown.
export const agreementKinds = ['code_of_conduct', 'certification_agreement'] as const
export type AgreementKind = (typeof agreementKinds)[number]

export const agreementSignatures = pgTable('agreement_signatures', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  kind: text({ enum: agreementKinds }).notNull(),
  version: text().notNull(),
  textSha256: text().notNull(),
  signedAs: text().notNull(), // name and title as typed by the signer
  personId: uuid().notNull().references(() => people.id),
  signedAt: since(),
}, table => [uniqueIndex('agreement_signed_once_per_version').on(table.employerId, table.kind, table.version)])

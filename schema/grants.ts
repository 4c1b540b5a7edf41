import { sql } from 'drizzle-orm'
import { check, index, pgTable, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, since } from './shared.ts'
import { people } from './accounts.ts'
import { buyers } from './buyers.ts'
import { employers } from './employers.ts'

/** An employer lets one named buyer read the summary of its audit, until it withdraws that. Every grant is kept with its two times. */
export const grants = pgTable('grants', {
  id: id(),
  employerId: uuid().notNull().references(() => employers.id),
  buyerId: uuid().notNull().references(() => buyers.id),
  grantedBy: uuid().notNull().references(() => people.id),
  grantedAt: since(),
  withdrawnAt: instant(),
  withdrawnBy: uuid().references(() => people.id),
}, table => [
  uniqueIndex('granted_once_at_a_time').on(table.employerId, table.buyerId).where(sql`${table.withdrawnAt} is null`),
  index('grants_by_buyer').on(table.buyerId),
  check('withdrawn_grant_says_by_whom', sql`(${table.withdrawnAt} is null) = (${table.withdrawnBy} is null)`),
])

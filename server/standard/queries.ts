import { desc, eq, lte } from 'drizzle-orm'
import type { StandardDocument } from '../../schema/standard-document.ts'
import { standards } from '../../schema/standards.ts'
import type { Db } from '../adapters/database.ts'

export type Standard = { id: string; code: string; version: string; inForceFrom: string; content: StandardDocument }

// A version in force never changes, so it is read from Postgres once.
const read = new Map<string, Standard>()

export async function standardById(db: Db, id: string): Promise<Standard> {
  const known = read.get(id)
  if (known) return known
  const [row] = await db.select().from(standards).where(eq(standards.id, id))
  if (!row) throw new Error(`no standard ${id}`)
  read.set(id, row)
  return row
}

/** The version that a new application is made against, on that day in Japan. */
export async function standardInForce(db: Db, today: string): Promise<Standard> {
  const [row] = await db.select({ id: standards.id }).from(standards).where(lte(standards.inForceFrom, today)).orderBy(desc(standards.inForceFrom)).limit(1)
  if (!row) throw new Error('no standard is in force')
  return standardById(db, row.id)
}

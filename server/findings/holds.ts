import { eq, inArray } from 'drizzle-orm'
import { appealDecisions, appeals } from '../../schema/appeals.ts'
import type { Db } from '../adapters/database.ts'
import type { Hold } from '../domain/finding-clock.ts'

/** When appeals against these findings stopped their clock. */
export async function holdsOf(db: Db, findingIds: readonly string[]): Promise<(Hold & { findingId: string | null })[]> {
  return db.select({ findingId: appeals.findingId, from: appeals.filedAt, until: appealDecisions.decidedAt }).from(appeals)
    .leftJoin(appealDecisions, eq(appealDecisions.appealId, appeals.id)).where(inArray(appeals.findingId, [...findingIds]))
}

import { desc } from 'drizzle-orm'
import { logCheckpoints } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'

/** The last checkpoint that was signed: how many lines, and the note that says so. None before the first was published. */
export async function latestCheckpoint(db: Db): Promise<{ size: number; note: string } | undefined> {
  const [latest] = await db.select({ size: logCheckpoints.size, note: logCheckpoints.note }).from(logCheckpoints).orderBy(desc(logCheckpoints.size)).limit(1)
  return latest
}

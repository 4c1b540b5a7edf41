import { desc } from 'drizzle-orm'
import { logCheckpoints } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'

/** The last checkpoint that was signed: how many lines, their root, and the note that says so. None before the first was published. */
export async function latestCheckpoint(db: Db): Promise<{ size: number; root: Uint8Array; note: string } | undefined> {
  const { size, root, note } = logCheckpoints
  const [latest] = await db.select({ size, root, note }).from(logCheckpoints).orderBy(desc(size)).limit(1)
  return latest
}

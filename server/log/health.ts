import { and, eq, lt } from 'drizzle-orm'
import { logEntries } from '../../schema/log.ts'
import { sameHash } from '../proof/merkle.ts'
import type { World } from '../world.ts'
import { latestCheckpoint } from './latest.ts'
import { LogAltered } from './nodes.ts'
import { rootInPostgres } from './publish.ts'

const patience_ms = 10 * 60_000

/** Rejects when the tree does not give what was last signed, or when a line has waited too long for a checkpoint. */
export async function logHolds({ database: { db }, now }: Pick<World, 'database' | 'now'>): Promise<void> {
  const signed = await latestCheckpoint(db)
  if (signed && !sameHash(await rootInPostgres(db, signed.size), signed.root)) throw new LogAltered(`the first ${signed.size} lines of the log are not those that were signed`)
  const late = and(eq(logEntries.seq, signed?.size ?? 0), lt(logEntries.at, new Date(now().getTime() - patience_ms)))
  const [waiting] = await db.select({ seq: logEntries.seq }).from(logEntries).where(late)
  if (waiting) throw new Error(`line ${waiting.seq} of the log is not published`)
}

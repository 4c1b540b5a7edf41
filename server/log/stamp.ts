import { desc, like } from 'drizzle-orm'
import { logFiles } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'
import { TimeStampUnavailable } from '../adapters/time-stamps.ts'
import type { World } from '../world.ts'
import { keepFile } from './files.ts'
import { latestCheckpoint } from './latest.ts'

const between_ms = 3_600_000

export const stampPath = (size: number | string) => `checkpoint/${size}.tsr`

/** The newest checkpoint that the outside clock has signed, and when. */
export async function latestStamped(db: Db): Promise<{ size: number; at: Date } | undefined> {
  const [last] = await db.select({ path: logFiles.path, at: logFiles.at }).from(logFiles).where(like(logFiles.path, stampPath('%'))).orderBy(desc(logFiles.at)).limit(1)
  return last && { size: Number(/\d+/.exec(last.path)?.[0]), at: last.at }
}

/** At most hourly an outside clock (RFC 3161) signs the newest checkpoint: every line in it is older than that. A clock that is away is asked again next time. */
export async function stampCheckpoint(world: World): Promise<void> {
  const newest = await latestCheckpoint(world.database.db), last = await latestStamped(world.database.db)
  if (!newest || last?.size === newest.size || (last && world.now().getTime() - last.at.getTime() < between_ms)) return
  try {
    await keepFile(world, stampPath(newest.size), await world.timeStamps.stamp(Buffer.from(newest.note)))
  } catch (error) {
    if (!(error instanceof TimeStampUnavailable)) throw error
  }
}

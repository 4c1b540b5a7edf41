import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { logFiles } from '../../schema/log.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import type { World } from '../world.ts'

/** The stored file of a path below /log/, or undefined. */
export async function findFile({ database: { db } }: Pick<World, 'database'>, path: string): Promise<{ documentKey: string; size: number; at: Date } | undefined> {
  const [file] = await db.select({ documentKey: logFiles.documentKey, size: logFiles.size, at: logFiles.at }).from(logFiles).where(eq(logFiles.path, path))
  return file
}

/** Keeps a file under its path for ever; what is there already stays. Bytes first, row second: whoever comes late takes its bytes away again. */
export async function keepFile(world: World, path: string, bytes: Uint8Array): Promise<void> {
  if (await findFile(world, path)) return
  const documentKey = newDocumentKey()
  const { size } = await world.documents.put(documentKey, Readable.from([bytes]), { type: 'application/octet-stream' })
  const [kept] = await world.database.db.insert(logFiles).values({ path, documentKey, size, at: world.now() }).onConflictDoNothing().returning({ path: logFiles.path })
  if (!kept) await world.documents.delete(documentKey)
}

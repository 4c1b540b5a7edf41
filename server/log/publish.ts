import { and, asc, gte, lt } from 'drizzle-orm'
import { logCheckpoints, logEntries, logState } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'
import { SignerRefused } from '../adapters/signer/remote.ts'
import { refuseFormerKeys } from '../keys/ensure.ts'
import { originOf, signCheckpoint } from '../proof/checkpoint.ts'
import { grow, rootOf, treeOf, type GrowingTree } from '../proof/growing-tree.ts'
import { hashOfSpan, leafHash, sameHash, subtreesOf } from '../proof/merkle.ts'
import { noteKeyId, type NoteKey } from '../proof/note.ts'
import { bundlePath, grownTiles, levelsOf, packLines, tilePath, tileWidth, type Tile } from '../proof/tiles.ts'
import type { World } from '../world.ts'
import { keepFile } from './files.ts'
import { latestCheckpoint } from './latest.ts'
import { hashesOf, LogAltered } from './nodes.ts'
import { treeTile } from './tree-tile.ts'

export const logKeyOf = ({ publicUrl, logKey }: Pick<World, 'publicUrl' | 'logKey'>): NoteKey => ({ name: originOf(publicUrl), publicKey: logKey.publicKey })

export type Published = { size: number; root: Uint8Array; note: string }

/**
 * Brings the published log up to what Postgres holds: bundles of lines, tiles, then the checkpoint that promises them. However much has
 * grown, in one run; two at once do no harm. Throws LogAltered, and signs nothing, when the tree is not the one that was last signed.
 * undefined: there is no line yet.
 */
export async function publishLog(world: World): Promise<Published | undefined> {
  const { db } = world.database
  const signed = await latestCheckpoint(db)
  const size = await sizeOf(db)
  if (signed && size < signed.size) throw new LogAltered(`the log had ${signed.size} lines and has ${size}`)
  const root = rootOf(await followLines(db, signed, size))
  if (!sameHash(root, await rootInPostgres(db, size))) throw new LogAltered(`the lines of the log do not give the root of its ${size} lines`)
  if (size === (signed?.size ?? 0)) return signed
  for (let level = 0; level < levelsOf(size); level += 1) {
    for (const tile of grownTiles(level, signed?.size ?? 0, size)) await keepTile(world, tile)
  }
  try {
    return await sign(world, size, root)
  } catch (error) {
    // Another run was faster with a longer log, and the signer promises no shorter one after that (server/signer/rules.ts).
    if (error instanceof SignerRefused && await sizeOf(db) > size) return publishLog(world)
    throw error
  }
}

export async function sizeOf(db: Db): Promise<number> {
  const [state] = await db.select({ size: logState.size }).from(logState)
  return state?.size ?? 0
}

/** As the kept hashes of subtrees give it. */
export const rootInPostgres = async (db: Db, size: number): Promise<Uint8Array> => hashOfSpan({ from: 0, to: size }, await hashesOf(db, subtreesOf({ from: 0, to: size })))

// From the beginning of the last bundle on, every line is read and hashed again; on the way the tree must pass through what was signed.
async function followLines(db: Db, signed: Published | undefined, size: number): Promise<GrowingTree> {
  const from = Math.floor((signed?.size ?? 0) / tileWidth) * tileWidth
  const tree = treeOf(from, await hashesOf(db, subtreesOf({ from: 0, to: from })))
  const compare = () => {
    if (signed?.size === tree.size && !sameHash(rootOf(tree), signed.root)) throw new LogAltered(`the first ${signed.size} lines of the log are not those that were signed`)
  }
  compare()
  while (tree.size < size) {
    for (const line of await linesOf(db, tree.size, Math.min(size, tree.size + 10 * tileWidth))) {
      grow(tree, line)
      compare()
    }
  }
  return tree
}

async function linesOf(db: Db, from: number, to: number): Promise<string[]> {
  const rows = await db.select({ body: logEntries.body }).from(logEntries).where(and(gte(logEntries.seq, from), lt(logEntries.seq, to))).orderBy(asc(logEntries.seq))
  if (rows.length !== to - from) throw new LogAltered(`lines are missing between ${from} and ${to}`)
  return rows.map(({ body }) => body)
}

// What is stored is for ever: nothing is before it was found to be what the root will say.
async function keepTile(world: World, tile: Tile) {
  const { db } = world.database, hashes = await treeTile(db, tile)
  if (tile.level === 0) {
    const first = tile.number * tileWidth, lines = await linesOf(db, first, first + tile.width)
    if (!Buffer.concat(lines.map(leafHash)).equals(hashes)) throw new LogAltered(`log_nodes contradicts the lines from ${first} on`)
    await keepFile(world, bundlePath(tile.number, tile.width), packLines(lines))
  }
  await keepFile(world, tilePath(tile), hashes)
}

async function sign(world: World, size: number, root: Uint8Array): Promise<Published> {
  const key = logKeyOf(world)
  await refuseFormerKeys(world.database.db, [noteKeyId(key)])
  const note = await signCheckpoint({ origin: key.name, size, root }, key, text => world.logKey.sign(text))
  await keepFile(world, `checkpoint/${size}`, Buffer.from(note))
  await world.database.db.insert(logCheckpoints).values({ size, root, note, at: world.now() }).onConflictDoNothing()
  return { size, root, note }
}

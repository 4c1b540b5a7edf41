import type { Db } from '../adapters/database.ts'
import { nodeHash, sameHash, subtreesOf, type Hash } from '../proof/merkle.ts'
import { tileWidth, treeLevel, type Tile } from '../proof/tiles.ts'
import { hashesOf, LogAltered } from './nodes.ts'

/** A tile above the lines, from the kept hashes; they must give what stands above them, up to the peaks that publishing compares. Throws LogAltered. */
export async function treeTile(db: Db, tile: Tile): Promise<Buffer> {
  const from = tile.number * tileWidth, level = treeLevel(tile)
  const places = Array.from({ length: tile.width }, (_, nth) => ({ level, idx: from + nth }))
  const above = subtreesOf({ from, to: from + tile.width }).map(part => ({ level: level + part.level, idx: part.idx }))
  const hashOf = await hashesOf(db, [...places, ...above])
  const hashes = places.map(hashOf)
  for (const part of above) {
    const width = 2 ** (part.level - level), first = part.idx * width - from
    if (!sameHash(folded(hashes.slice(first, first + width)), hashOf(part))) throw new LogAltered(`log_nodes contradicts itself at ${part.level}/${part.idx}`)
  }
  return Buffer.concat(hashes)
}

/** The root over a power of two of hashes. */
function folded(hashes: Hash[]): Hash {
  const [only = Buffer.alloc(0)] = hashes
  return hashes.length <= 1 ? only : nodeHash(folded(hashes.slice(0, hashes.length / 2)), folded(hashes.slice(hashes.length / 2)))
}

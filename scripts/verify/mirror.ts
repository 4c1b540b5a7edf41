import { openCheckpoint, type Checkpoint } from '../../server/proof/checkpoint.ts'
import { readEntry, type Entry } from '../../server/proof/entry.ts'
import { grow, noLines, rootOf } from '../../server/proof/growing-tree.ts'
import { sameHash, type Hash } from '../../server/proof/merkle.ts'
import { readKey, type NoteKey } from '../../server/proof/note.ts'
import { bundlePath, grownTiles, tileWidth, unpackLines, type Tile } from '../../server/proof/tiles.ts'
import { bytesAt, textAt, Unreachable } from './fetch.ts'
import { failed, open, passed, type Finding } from './finding.ts'

/** The whole log as it was published: every line, under the root that was signed. */
export type Mirror = { key: NoteKey; note: string; checkpoint: Checkpoint; lines: string[]; entries: Entry[]; rootAt: (size: number) => Hash }

const mostLines = 3_000_000 // what this program holds in memory
const mostBundle = tileWidth * 4096
const atOnce = 8

/** Fetches every line and makes the root again. `trusted`: the log's public key as the issuer's own document names it. */
export async function mirrorLog(url: string, trusted: Uint8Array | undefined): Promise<{ finding: Finding; mirror?: Mirror }> {
  try {
    const key = readKey((await textAt(`${url}/log/key`, 1000))?.trim() ?? '')
    const note = await textAt(`${url}/log/checkpoint`, 100_000)
    if (note === undefined) return { finding: open('log', { why: 'no checkpoint is published yet' }) }
    if (!key || (trusted && Buffer.compare(trusted, key.publicKey) !== 0)) return { finding: failed('checkpoint', { path: `${url}/log/checkpoint` }) }
    const checkpoint = openCheckpoint(note, key)
    if (!checkpoint) return { finding: failed('checkpoint', { path: `${url}/log/checkpoint` }) }
    if (checkpoint.size > mostLines) return { finding: open('log', { why: `${checkpoint.size} lines` }) }
    const lines = await linesOf(url, checkpoint.size)
    const entries: Entry[] = []
    for (const [seq, line] of lines.entries()) {
      const entry = readEntry(line)
      if (entry?.seq !== seq) return { finding: failed('log', { seq }, 'line') }
      entries.push(entry)
    }
    const rootAt = (size: number) => rootOfFirst(lines, size)
    if (!sameHash(rootAt(checkpoint.size), checkpoint.root)) return { finding: failed('log', { size: checkpoint.size }) }
    return { finding: passed('log', { size: checkpoint.size }), mirror: { key, note, checkpoint, lines, entries, rootAt } }
  } catch (error) {
    if (error instanceof Unreachable) return { finding: open('log', { why: error.message }) }
    throw error
  }
}

function rootOfFirst(lines: string[], size: number): Hash {
  const tree = noLines()
  for (const line of lines.slice(0, size)) grow(tree, line)
  return rootOf(tree)
}

async function linesOf(url: string, size: number): Promise<string[]> {
  const bundles = grownTiles(0, 0, size), lines: string[] = []
  for (let at = 0; at < bundles.length; at += atOnce) lines.push(...(await Promise.all(bundles.slice(at, at + atOnce).map(tile => bundle(url, tile)))).flat())
  return lines
}

async function bundle(url: string, { number, width }: Tile): Promise<string[]> {
  const path = bundlePath(number, width), bytes = await bytesAt(`${url}/log/${path}`, mostBundle)
  const lines = bytes && unpackLines(bytes, width)
  if (!lines) throw new Unreachable(bytes ? `/log/${path} is damaged` : `/log/${path} is not there`)
  return lines
}

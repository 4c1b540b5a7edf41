// C2SP tlog-tiles: 256 hashes, or 256 lines, to a file.
export const tileWidth = 256
const levelsPerTile = 8

/** A tile holds the hashes at tree level 8 · level from number · 256 on; width 256 is full and never changes. */
export type Tile = { level: number; number: number; width: number }

/** Below the prefix: tile/0/x001/234, tile/entries/000.p/7. */
export const tilePath = ({ level, number, width }: Tile): string => `tile/${level}/${numbered(number, width)}`
export const bundlePath = (number: number, width: number): string => `tile/entries/${numbered(number, width)}`
export const treeLevel = (tile: Tile): number => tile.level * levelsPerTile

function numbered(number: number, width: number): string {
  const groups = [String(number % 1000).padStart(3, '0')]
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  return groups.join('/') + (width === tileWidth ? '' : `.p/${width}`)
}

/** What stands at one level of a log of `size` lines beyond the first `known` of them: the tiles that are new or have grown. */
export function grownTiles(level: number, known: number, size: number): Tile[] {
  const width = tileWidth ** level, [before, after] = [Math.floor(known / width), Math.floor(size / width)]
  const tiles: Tile[] = []
  for (let number = Math.floor(before / tileWidth); number * tileWidth < after; number += 1) {
    const tile = { level, number, width: Math.min(tileWidth, after - number * tileWidth) }
    if (number * tileWidth + tile.width > before) tiles.push(tile)
  }
  return tiles
}

/** Levels that have any hash in a log of this size. */
export const levelsOf = (size: number): number => (size < 1 ? 0 : 1 + Math.floor(Math.log(size + 0.5) / Math.log(tileWidth)))

/** Each line after its length in two bytes. Throws RangeError on a line of 64 KB: ours have some 300 bytes. */
export function packLines(lines: readonly string[]): Buffer {
  return Buffer.concat(lines.flatMap(line => {
    const body = Buffer.from(line, 'utf8'), length = Buffer.alloc(2)
    length.writeUInt16BE(body.length)
    return [length, body]
  }))
}

/** undefined: not exactly `count` lines of well-formed text. */
export function unpackLines(bundle: Uint8Array, count: number): string[] | undefined {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength), lines: string[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 <= bytes.length ? at + 2 + bytes.readUInt16BE(at) : Infinity
    if (end > bytes.length || lines.length === count) return undefined
    const body = bytes.subarray(at + 2, end), line = body.toString('utf8')
    if (!Buffer.from(line, 'utf8').equals(body)) return undefined
    lines.push(line)
    at = end
  }
  return lines.length === count ? lines : undefined
}

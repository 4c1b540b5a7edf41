/** A JPEG that a PDF can hold as it is: `bytes` without what it tells about itself. `turn`: how Exif says it is to be held, 1 … 8. */
export type Jpeg = { width: number; height: number; colours: 1 | 3; turn: number; bytes: Buffer }

const largest = 100_000_000 // points of a picture: a few bytes may claim billions, which whoever opens the page would have to hold
const known = new Set([0xc0, 0xc1, 0xc2]) // ITU-T T.81: baseline, extended and progressive Huffman, what DCTDecode knows (ISO 32000-1, 7.4.8)
const scan = 0xda, end = Buffer.from([0xff, 0xd9])
const kept = (marker: number) => marker < 0xe0 || marker === 0xee // tables and frames, and how Adobe mixed the colours

/**
 * Reads a JPEG segment by segment; null when it is none, is cut off, or is of a kind that a PDF does not hold. Exif, thumbnails, comments and whatever lies behind its end
 * are left out: a photo goes into a report without the place and the time that a phone wrote into it.
 */
export function readJpeg(file: Buffer): Jpeg | null {
  const segments = segmentsOf(file)
  if (segments === null) return null
  const frames = segments.filter(({ marker }) => isFrame(marker)), [first] = frames
  const frame = first && frames.length === 1 && known.has(first.marker) ? frameIn(first.body) : null
  if (!frame || !segments.some(({ marker }) => marker === scan)) return null
  const turn = segments.map(({ marker, body }) => (marker === 0xe1 ? turnIn(body) : null)).find(turn => turn !== null) ?? 1
  return { ...frame, turn, bytes: Buffer.concat([file.subarray(0, 2), ...segments.filter(({ marker }) => kept(marker)).map(({ whole }) => whole), end]) }
}

type Segment = { marker: number; body: Buffer; whole: Buffer }

/** From the first marker after the beginning to the one that ends the picture; null when that never comes. A scan takes its picture along. */
function segmentsOf(file: Buffer): Segment[] | null {
  const found: Segment[] = []
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return null
  for (let at = 2; at + 2 <= file.length;) {
    if (file[at] !== 0xff) return null
    const marker = file[at + 1] ?? 0
    if (marker === 0xd9) return found
    if (marker === 0xff) { at += 1; continue } // fill
    const next = endOfSegment(file, at, marker)
    if (next === null) return null
    const to = marker === scan ? endOfScan(file, next) : next
    found.push({ marker, body: file.subarray(at + 4, next), whole: file.subarray(at, to) })
    at = to
  }
  return null
}

function endOfSegment(file: Buffer, at: number, marker: number): number | null {
  if (at + 4 > file.length || marker === 0 || isRestart(marker)) return null
  const next = at + 2 + file.readUInt16BE(at + 2)
  return next < at + 4 || next > file.length ? null : next
}

const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function frameIn(body: Buffer): Pick<Jpeg, 'width' | 'height' | 'colours'> | null {
  if (body.length < 6) return null
  const [depth, height, width, colours] = [body.readUInt8(0), body.readUInt16BE(1), body.readUInt16BE(3), body.readUInt8(5)]
  return depth === 8 && width > 0 && height > 0 && width * height <= largest && (colours === 1 || colours === 3) ? { width, height, colours } : null
}

// The picture itself runs until a marker that is neither a stuffed byte nor a restart.
function endOfScan(file: Buffer, from: number): number {
  let at = file.indexOf(0xff, from)
  while (at >= 0 && at + 1 < file.length) {
    const next = file[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at
    at = file.indexOf(0xff, next === 0xff ? at + 1 : at + 2)
  }
  return file.length
}

/** Tag 0x0112 of the first directory of Exif (TIFF 6.0); null where it says nothing that can be read. */
function turnIn(body: Buffer): number | null {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0' || body.length < 14) return null
  const tiff = body.subarray(6), little = tiff.toString('latin1', 0, 2) === 'II'
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let nth = 0; nth < u16(directory); nth += 1) {
    const entry = directory + 2 + nth * 12
    if (u16(entry) === 0x0112) return u16(entry + 8) >= 1 && u16(entry + 8) <= 8 ? u16(entry + 8) : null
  }
  return null
}

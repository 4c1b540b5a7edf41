// A JPEG is a row of segments: FF, a marker, two bytes of length. Exif lies in an APP1, a TIFF of its own: byte order, then directories of twelve-byte entries.
const exifHead = [0x45, 0x78, 0x69, 0x66, 0, 0]
const gpsTag = 0x8825

export const isJpeg = (bytes: Uint8Array) => bytes[0] === 0xff && bytes[1] === 0xd8

/**
 * The same picture without where it was taken: the entry of the GPS directory becomes nothing, what it led to zeros. XMP, IPTC, an Exif that cannot be read,
 * and whatever hangs behind the picture's end (a second picture, a short film, each with a place of its own) are dropped whole.
 */
export function withoutPlace(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!isJpeg(bytes)) return bytes
  const parts: Uint8Array[] = [bytes.subarray(0, 2)]
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) { at += 1; continue } // a fill byte: any number may stand before a marker
    if (marker === 0xda) break // from here on the picture itself
    const end = at + lengthAt(bytes, at), segment = bytes.slice(at, end)
    if (keeps(marker, segment)) parts.push(segment)
    at = end
  }
  parts.push(bytes.subarray(at, endOfPicture(bytes, at)))
  return joined(parts)
}

const lengthAt = (bytes: Uint8Array, at: number) => 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0)
const keeps = (marker: number, segment: Uint8Array) => marker !== 0xed && (marker !== 0xe1 || (isExif(segment) && blanked(segment)))

/** In the picture's data FF is followed by 00 or by a restart; anything else is a marker. */
function endOfPicture(bytes: Uint8Array, from: number): number {
  let at = from + lengthAt(bytes, from)
  while (at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff || next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7)) at += 1
    else if (next === 0xd9) return at + 2
    else at += lengthAt(bytes, at) // tables between two scans
  }
  return bytes.length
}

const isExif = (segment: Uint8Array) => exifHead.every((byte, nth) => segment[4 + nth] === byte)

/** Whether the segment could be read to its end; its GPS is gone then. Anything that points outside of it cannot be. */
function blanked(segment: Uint8Array): boolean {
  const tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10)
  try {
    const little = tiff.getUint16(0) === 0x4949
    let directory = tiff.getUint32(4, little)
    for (let nth = 0; directory !== 0 && nth < 4; nth += 1) directory = blankIn(tiff, directory, little)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function blankIn(tiff: DataView, directory: number, little: boolean): number {
  const count = tiff.getUint16(directory, little)
  for (let nth = 0; nth < count; nth += 1) {
    const entry = directory + 2 + nth * 12
    if (tiff.getUint16(entry, little) !== gpsTag) continue
    blankDirectory(tiff, tiff.getUint32(entry + 8, little), little)
    zero(tiff, entry, 12)
  }
  return tiff.getUint32(directory + 2 + count * 12, little)
}

const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

function blankDirectory(tiff: DataView, directory: number, little: boolean) {
  const count = tiff.getUint16(directory, little)
  for (let nth = 0; nth < count; nth += 1) {
    const entry = directory + 2 + nth * 12
    const bytes = (sizes[tiff.getUint16(entry + 2, little)] ?? 1) * tiff.getUint32(entry + 4, little)
    if (bytes > 4) zero(tiff, tiff.getUint32(entry + 8, little), bytes)
  }
  zero(tiff, directory, 2 + count * 12 + 4)
}

function zero(tiff: DataView, at: number, bytes: number) {
  for (let nth = 0; nth < bytes; nth += 1) tiff.setUint8(at + nth, 0)
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

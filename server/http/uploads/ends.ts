/** Follows a file as it streams past and knows at the end whether all of it came. Data after the end is let be: phones put theirs there. */
export type Watch = { see(chunk: Uint8Array): void; complete(): boolean }

/** Segments and scans up to the end-of-image marker; the preview inside the metadata has its own, which is skipped with its segment. */
export function jpegEnd(): Watch {
  let skip = 0
  let previous = 0
  let length: number[] | undefined
  let ended = false
  const take = (byte: number) => {
    if (length) {
      length.push(byte)
      if (length.length < 2) return
      skip = (length[0] ?? 0) * 256 + byte - 2
      length = undefined
    } else if (previous === 0xff && isJpegMarker(byte)) {
      ended = byte === endOfImage
      length = byte === startOfImage || ended ? undefined : []
      previous = 0
    } else previous = byte
  }
  return {
    see(chunk) {
      for (let at = 0; at < chunk.length && !ended; at++) {
        const step = Math.min(Math.max(skip, 0), chunk.length - at)
        skip -= step
        at += step
        if (!length && previous !== 0xff) at = nextMark(chunk, at) // nothing between two marks tells anything, and a picture is long
        if (at < chunk.length) take(chunk[at] ?? 0)
      }
    },
    complete: () => ended,
  }
}

const nextMark = (chunk: Uint8Array, from: number) => {
  const next = chunk.indexOf(0xff, from)
  return next < 0 ? chunk.length : next
}

const startOfImage = 0xd8
const endOfImage = 0xd9

// In the coded data FF is followed by 00 or a restart marker; FF FF is filling.
const isJpegMarker = (byte: number) => byte >= 0xc0 && byte !== 0xff && !(byte >= 0xd0 && byte <= 0xd7)

/** Chunks of length, type, data and checksum, up to IEND. */
export const pngEnd = () => blockEnd(8, header => {
  if (header.toString('latin1', 1, 4) === 'PNG') return { skip: 0 }
  return { skip: header.readUInt32BE(0) + 4, last: header.toString('latin1', 4, 8) === 'IEND' }
})

/** One block that says its length. */
export const webpEnd = () => blockEnd(8, header => ({ skip: header.readUInt32LE(4), last: true }))

/** ISO/IEC 14496-12 boxes: the picture is there when its index (meta) and its data (mdat) are, in either order. */
export function heicEnd(): Watch {
  const needed = new Set(['meta', 'mdat'])
  return blockEnd(8, header => {
    const size = header.readUInt32BE(0)
    if (size === 1 && header.length < 16) return { header: 16 }
    needed.delete(header.toString('latin1', 4, 8))
    if (size === 0) return { skip: 0, last: true } // reaches to the end of the file, wherever that is
    return { skip: (size === 1 ? Number(header.readBigUInt64BE(8)) : size) - header.length, last: needed.size === 0 }
  })
}

type Step = { header: number } | { skip: number; last?: boolean }

function blockEnd(headerBytes: number, read: (header: Buffer) => Step): Watch {
  let header = Buffer.alloc(0)
  let wanted = headerBytes
  let skip = 0
  let last = false
  const take = (bytes: Uint8Array) => {
    header = Buffer.concat([header, bytes])
    if (header.length < wanted) return
    const step = read(header)
    if ('header' in step) { wanted = step.header; return }
    skip = Math.max(step.skip, 0)
    last = step.last ?? false
    header = Buffer.alloc(0)
    wanted = headerBytes
  }
  const ended = () => last && skip === 0
  return {
    see(chunk) {
      for (let at = 0; at < chunk.length && !ended();) {
        const step = Math.min(skip || wanted - header.length, chunk.length - at)
        if (skip > 0) skip -= step
        else take(chunk.subarray(at, at + step))
        at += step
      }
    },
    complete: ended,
  }
}

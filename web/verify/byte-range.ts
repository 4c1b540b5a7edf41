/** The signed part of a PDF: everything but [start, end), up to signedEnd. `whole`: that is the entire file, by one signature. */
export type SignedRange = { start: number; end: number; signedEnd: number; whole: boolean; container: Uint8Array; claimedAt: Date | undefined }

const largestContainer = 262_144 // bytes, as server/proof/seal/byte-range.ts: the same rules, told apart by a test that runs both

/** One character a byte: bytes above 127 become other characters, but never two. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** Reads the byte range from the raw bytes, without parsing the PDF. 'none': nothing looks like a signature; 'malformed': it does not fit the file. */
export function rangeOf(text: string): SignedRange | 'none' | 'malformed' {
  const at = text.indexOf('/ByteRange')
  if (at < 0) return 'none'
  const written = /^\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/.exec(text.slice(at, at + 120))
  if (!written) return 'malformed'
  const [first = -1, start = 0, end = 0, rest = 0] = written.slice(1).map(Number)
  const signedEnd = end + rest
  if (first !== 0 || start < 1 || end < start + 2 || signedEnd > text.length || end - start - 2 > 2 * largestContainer) return 'malformed'
  const gap = text.slice(start, end)
  if (gap.length % 2 > 0 || !/^<[0-9a-f]*>$/.test(gap)) return 'malformed'
  const whole = signedEnd === text.length && !text.includes('/ByteRange', at + 1)
  const container = Uint8Array.from({ length: gap.length / 2 - 1 }, (_, index) => Number.parseInt(gap.slice(2 * index + 1, 2 * index + 3), 16))
  return { start, end, signedEnd, whole, container, claimedAt: claimedTime(text, start, end) }
}

// The signature dictionary's own /M, beside the gap. It is a claim; it is signed like everything else.
function claimedTime(text: string, start: number, end: number): Date | undefined {
  const near = text.slice(Math.max(0, start - 512), start) + text.slice(end, end + 512)
  const [, ...parts] = /\/M\s*\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)/.exec(near) ?? []
  if (parts.length !== 6) return undefined
  const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

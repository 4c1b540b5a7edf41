/** The signed part of a PDF: everything but [start, end), up to signedEnd. `whole`: that is the entire file, by one signature. */
export type SignedRange = { start: number; end: number; signedEnd: number; whole: boolean; container: Uint8Array; claimedAt: Date | undefined }

const largestContainer = 262_144 // bytes; ours have about 7,000

/**
 * Reads the byte range from the raw bytes, without parsing the PDF: if the file is signed whole by our key, then it is ours, however a
 * reader takes it. 'none': nothing looks like a signature; 'malformed': the range does not fit the file. The first one is the seal's.
 */
export function rangeOf(pdf: Uint8Array, which: 'first' | 'last' = 'first'): SignedRange | 'none' | 'malformed' {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const at = which === 'first' ? bytes.indexOf('/ByteRange', 0, 'latin1') : bytes.lastIndexOf('/ByteRange', bytes.length, 'latin1')
  if (at < 0) return 'none'
  const written = /^\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/.exec(bytes.toString('latin1', at, at + 120))
  if (!written) return 'malformed'
  const [first = -1, start = 0, end = 0, rest = 0] = written.slice(1).map(Number)
  const signedEnd = end + rest
  if (first !== 0 || start < 1 || end < start + 2 || signedEnd > bytes.length || end - start - 2 > 2 * largestContainer) return 'malformed'
  const gap = bytes.toString('latin1', start, end)
  if (!/^<(?:[0-9a-f]{2})*>$/.test(gap)) return 'malformed' // our writer's own spelling: no second way to write the same signature
  const again = bytes.indexOf('/ByteRange', at + 1, 'latin1') >= 0
  const whole = signedEnd === bytes.length && !again
  return { start, end, signedEnd, whole, container: Buffer.from(gap.slice(1, -1), 'hex'), claimedAt: claimedTime(bytes, start, end) }
}

// The signature dictionary's own /M, beside the gap. It is a claim; it is signed like everything else.
function claimedTime(bytes: Buffer, start: number, end: number): Date | undefined {
  const near = bytes.toString('latin1', Math.max(0, start - 512), start) + bytes.toString('latin1', end, end + 512)
  const [, ...parts] = /\/M\s*\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)/.exec(near) ?? []
  if (parts.length !== 6) return undefined
  const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

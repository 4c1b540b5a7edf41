export type ByteRange = { start: number; end: number }

/**
 * RFC 9110 14.2: the one range a reader asks for, inclusive, cut to what is there. undefined = send everything: no header, a unit we do not
 * know, a malformed one, or several ranges (14.2 lets a server ignore them). 'unsatisfiable' = 416 with the size in Content-Range.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return suffix(Number(last), size)
  const start = Number(first)
  const end = last === '' ? Infinity : Number(last)
  if (end < start) return undefined // 14.1.1: an invalid int-range, not an unsatisfiable one
  return start < size ? { start, end: Math.min(end, size - 1) } : 'unsatisfiable'
}

const suffix = (length: number, size: number): ByteRange | 'unsatisfiable' =>
  length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size - 1 }

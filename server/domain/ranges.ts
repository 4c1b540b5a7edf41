/** A row's head count as the standard writes it: '11-50', '251+' or '1'. */
export type Range = { least: number; most: number }

/** Throws RangeError when the text is none of the known forms. */
export function readRange(text: string): Range {
  const [, least, closed, most] = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text) ?? []
  if (!least) throw new RangeError(`not a range: ${text}`)
  const range = { least: Number(least), most: closed ? Infinity : Number(most ?? least) }
  if (range.most < range.least) throw new RangeError(`not a range: ${text}`)
  return range
}

/** The row that holds a head count. Nobody counts as one; above the last row the last row answers, and `beyond` says so. */
export function rowFor<Row>(rows: readonly Row[], rangeOf: (row: Row) => string, people: number): { row: Row; beyond: boolean } {
  const count = Math.max(1, people)
  const row = rows.find(candidate => count <= readRange(rangeOf(candidate)).most)
  const last = rows.at(-1)
  if (!last) throw new RangeError('a table without rows')
  return row ? { row, beyond: false } : { row: last, beyond: true }
}

import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { gathered } from './gathered.ts'

export type Cell = string | number | null

/**
 * A table as CSV, row by row, with flat memory: for people (Excel opens it in Japanese: BOM, CRLF) or for programs (neither). A cell that a
 * spreadsheet would run as a formula is disarmed with an apostrophe in both (peers.md i42).
 */
export function csvOf(columns: readonly string[], rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>, { forPeople = true } = {}): Readable {
  const writer = stringify({ header: true, columns: [...columns], bom: forPeople, record_delimiter: forPeople ? 'windows' : 'unix', escape_formulas: true })
  const source = Readable.from(rows)
  source.on('error', error => writer.destroy(error))
  writer.on('close', () => source.destroy())
  return Readable.from(gathered(source.pipe(writer).setEncoding('utf8')))
}

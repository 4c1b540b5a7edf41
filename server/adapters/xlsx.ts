import { Readable } from 'node:stream'
import writeXlsxFile from 'write-excel-file/node'
import type { Cell } from './csv.ts'

const most_rows = 100_000 // a sheet is built in memory; longer tables are for CSV

/** A table as a sheet for Excel: texts are texts (a leading = runs nothing), numbers are numbers, the header stays in view. Throws RangeError above 100,000 rows. */
export async function xlsxOf(columns: readonly string[], rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>): Promise<Readable> {
  const sheet: Sheet = [columns.map(value => ({ value, type: String, fontWeight: 'bold' as const }))]
  for await (const row of rows) {
    if (sheet.length > most_rows) throw new RangeError('too many rows for a sheet')
    sheet.push(row.map(value => (value === null || value === '' ? null : typeof value === 'number' ? { value, type: Number } : { value: value.slice(0, 32_000), type: String })))
  }
  return Readable.from([await writeXlsxFile(sheet, { stickyRowsCount: 1, columns: columns.map(() => ({ width: 20 })) }).toBuffer()])
}

type Sheet = ({ value: string; type: typeof String; fontWeight?: 'bold' } | { value: number; type: typeof Number } | null)[][]

import type { Readable } from 'node:stream'
import type { ListLine } from '../../schema/list-shapes.ts'
import { csvOf, type Cell } from '../adapters/csv.ts'
import type { Db } from '../adapters/database.ts'
import { jsonOf } from '../adapters/json-rows.ts'
import { xlsxOf } from '../adapters/xlsx.ts'
import { readLines } from './queries.ts'

const batch = 500

/** The columns of a result, for people and programs alike. */
const columns: [name: string, cell: (line: ListLine) => Cell][] = [
  ['line', row => row.line], ['typed_number', row => row.typedNumber], ['typed_corporate_number', row => row.typedCorporate], ['name', row => row.name], ['prefecture', row => row.prefecture], ['country', row => row.country],
  ['tier', row => row.tier], ['group', row => row.group], ['outcome', row => row.outcome], ['fault', row => row.fault ?? ''], ['number', row => row.found?.number ?? ''], ['holder', row => row.found?.nameJa ?? ''],
  ['holder_prefecture', row => row.found?.prefecture ?? ''], ['standing', row => row.found?.standing ?? ''], ['standing_since', row => row.found?.since ?? ''], ['expires_on', row => row.found?.expiresOn ?? ''],
  ['candidates', row => row.candidates.map(({ number }) => number).join(' ')],
]

type Asked = { listId: string; buyerId: string; now: Date; today: string }

/** Every line of a list with what the register says of it now, and when that was asked; read in batches, with flat memory. */
async function* resultRows(db: Db, { listId, buyerId, now, today }: Asked): AsyncGenerator<Cell[]> {
  for (let after = 0; ;) {
    const lines = await readLines(db, { listId, buyerId, after, limit: batch }, today)
    for (const line of lines) yield [...columns.map(([, cell]) => cell(line)), now.toISOString()]
    const last = lines.at(-1)
    if (!last || lines.length < batch) return
    after = last.line
  }
}

const names = [...columns.map(([name]) => name), 'checked_at']

export const resultCsv = (db: Db, asked: Asked): Readable => csvOf(names, resultRows(db, asked))
export const resultXlsx = (db: Db, asked: Asked): Promise<Readable> => xlsxOf(names, resultRows(db, asked))

export const resultJson = (db: Db, asked: Asked): Readable => jsonOf({ about: { checkedAt: asked.now.toISOString() }, list: 'lines', names, rows: resultRows(db, asked) })

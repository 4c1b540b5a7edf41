import type { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { csvOf, type Cell } from '../adapters/csv.ts'
import type { Db } from '../adapters/database.ts'
import { jsonOf } from '../adapters/json-rows.ts'
import { columns } from './columns.ts'
import { standingOn } from './search.ts'

const batch = 100 // more would outlive the young generation, and the heap grow by what they leave behind

/**
 * The whole register, in the order of numbers, as arrays of cells in the order of `columns`. Read in batches by key: a reader who takes an
 * hour holds no transaction open, memory stays flat, and no statement comes near its time limit. What changes meanwhile is told as it is then.
 */
export async function* registerRows(db: Db, today: string): AsyncGenerator<Cell[]> {
  let after = ''
  for (;;) {
    const rows = await db.execute<{ number: string } & Record<string, Cell>>(sql`select ${sql.join(columns.map(column => sql`${cellOf(column.sql, today)} as ${sql.identifier(column.name)}`), sql`, `)} from register_entries where number > ${after} order by number limit ${batch}`)
    for (const row of rows) yield columns.map(({ name }) => row[name] ?? '')
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = last.number
  }
}

function cellOf(expression: string, today: string) {
  if (expression === '{standing}') return standingOn(today)
  if (expression === '{since}') return sql`(case when ${standingOn(today)} = 'expired' then expires_on + 1 else standing_since end)::text`
  return sql.raw(expression)
}

export const registerCsv = (db: Db, today: string): Readable => csvOf(columns.map(({ name }) => name), registerRows(db, today))

export const registerJson = (db: Db, today: string): Readable => jsonOf({ about: { asOf: today }, list: 'certificates', names: columns.map(({ name }) => name), rows: registerRows(db, today) })

import { eq, sql } from 'drizzle-orm'
import { supplierLists } from '../../schema/lists.ts'
import { within } from '../adapters/database.ts'
import { columnsOf, type Columns } from '../domain/list-columns.ts'
import { looksLike, readRow, type ListRow } from '../domain/list-row.ts'
import type { World } from '../world.ts'
import { linesOf, Unreadable } from './lines.ts'
import { aMinute, keepRows, markDuplicates } from './match.ts'

const batch = 500 // lines; what is in hand at once decides how much memory a list takes
const most_rows = 200_000 // twice what the largest buyers have; taking them over is one statement, and it has to end
const header_lines = 20 // so many lines tell what the columns are

/**
 * Job: reads a list and matches it against the register, batch by batch, each in a transaction with the place that was reached. A run that
 * dies is followed by one that reads on from there; two at once do each other's work twice, and nothing comes of it. Memory stays flat.
 */
export async function checkList(world: World, listId: string): Promise<void> {
  const { database: { db }, now } = world
  const [list] = await db.select().from(supplierLists).where(eq(supplierLists.id, listId))
  if (!list || (list.state !== 'waiting' && list.state !== 'reading')) return
  if (list.state === 'waiting') await db.update(supplierLists).set({ state: 'reading' }).where(eq(supplierLists.id, listId))
  try {
    let rows = 0
    for await (const some of batches(world, list)) {
      rows = some.upTo
      if (rows > most_rows) throw new Unreadable('too_many_rows', { most: most_rows })
      if (some.upTo > list.rows) await within(db, tx => keepBatch(tx, listId, some))
    }
    if (rows === 0) throw new Unreadable('no_rows')
    await within(db, async tx => {
      await aMinute(tx)
      await markDuplicates(tx, listId)
      await tx.update(supplierLists).set({ state: 'ready', bytes: list.size, readyAt: now() }).where(sql`${supplierLists.id} = ${listId} and ${supplierLists.state} = 'reading'`)
    })
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    await db.update(supplierLists).set({ state: 'failed', problem: error.problem, problemParams: error.params }).where(sql`${supplierLists.id} = ${listId} and ${supplierLists.state} = 'reading'`)
  }

  async function keepBatch(tx: typeof db, id: string, { rows, upTo, bytes }: Batch) {
    await keepRows(tx, id, rows)
    await tx.update(supplierLists).set({ rows: sql`greatest(${supplierLists.rows}, ${upTo})`, bytes: sql`greatest(${supplierLists.bytes}, ${bytes})` }).where(eq(supplierLists.id, id))
  }
}

type Read = { row: ListRow & { line: number }; bytes: number }
type Batch = { rows: Read['row'][]; upTo: number; bytes: number }

async function* batches(world: World, list: typeof supplierLists.$inferSelect): AsyncGenerator<Batch> {
  let rows: Batch['rows'] = [], last: Read | undefined
  for await (const read of readRows(world, list)) {
    last = read
    rows.push(read.row)
    if (rows.length < batch) continue
    yield { rows, upTo: read.row.line, bytes: read.bytes }
    rows = []
  }
  if (last && rows.length > 0) yield { rows, upTo: last.row.line, bytes: last.bytes }
}

// `line` counts what the buyer's spreadsheet shows: the header is line 1, and empty lines keep their number. The first lines wait until they tell what the columns are.
async function* readRows({ documents: store }: World, list: typeof supplierLists.$inferSelect): AsyncGenerator<Read> {
  const lines = linesOf(store, list)
  const head: { cells: string[]; bytes: number }[] = []
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    head.push(next.value)
    if (head.length === header_lines) break
  }
  if (head.length === 0) return
  const { fields, hasHeader } = understood(head.map(({ cells }) => cells))
  let line = 0
  const read = ({ cells, bytes }: { cells: string[]; bytes: number }): Read => ({ row: { ...readRow(cells, fields), line }, bytes })
  for (const one of head) if (++line > 1 || !hasHeader) yield read(one)
  for await (const one of lines) {
    line += 1
    yield read(one)
  }
}

function understood(head: string[][]): Columns {
  const columns = columnsOf(head, looksLike)
  if ('refused' in columns) throw new Unreadable(columns.refused === 'list_columns_twice' ? 'columns_twice' : 'columns_missing', { columns: columns.columns.map(name => name.slice(0, 40)).join('、').slice(0, 400) })
  return columns
}

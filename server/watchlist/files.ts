import type { Readable } from 'node:stream'
import type { Supplier, WatchlistQuery } from '../../schema/watchlist-shapes.ts'
import { csvOf, type Cell } from '../adapters/csv.ts'
import type { Db } from '../adapters/database.ts'
import { jsonOf } from '../adapters/json-rows.ts'
import { xlsxOf } from '../adapters/xlsx.ts'
import { findSuppliers } from './suppliers.ts'

const batch = 1000

const columns: [name: string, cell: (supplier: Supplier) => Cell][] = [
  ['name', row => row.name], ['corporate_number', row => row.corporateNumber], ['prefecture', row => row.prefecture], ['country', row => row.country], ['tier', row => row.tier], ['group', row => row.group],
  ['number', row => row.certificate?.number ?? ''], ['holder', row => row.certificate?.nameJa ?? ''], ['standing', row => row.standing], ['since', row => row.certificate?.since ?? ''], ['reason_class', row => row.certificate?.reasonClass ?? ''],
  ['expires_on', row => row.certificate?.expiresOn ?? ''], ['level', row => row.certificate?.tier ?? ''], ['wanted_level', row => row.wantedLevel], ['wanted_by', row => row.wantedBy], ['gap', row => (row.gap ? 'yes' : 'no')], ['matched_by', row => row.matched],
]
const names = columns.map(([name]) => name)

type Asked = { buyerId: string; query: WatchlistQuery; today: string }

async function* rows(db: Db, { buyerId, query, today }: Asked): AsyncGenerator<Cell[]> {
  for (let after: { name: string; id: string } | null = null; ;) {
    const some: Supplier[] = await findSuppliers(db, buyerId, query, { after, limit: batch }, today)
    for (const supplier of some) yield columns.map(([, cell]) => cell(supplier) ?? '')
    const last = some.at(-1)
    if (!last || some.length < batch) return
    after = { name: last.name, id: last.id }
  }
}

export const watchlistCsv = async (db: Db, asked: Asked): Promise<Readable> => csvOf(names, rows(db, asked))
export const watchlistXlsx = (db: Db, asked: Asked): Promise<Readable> => xlsxOf(names, rows(db, asked))

export const watchlistJson = async (db: Db, asked: Asked): Promise<Readable> => jsonOf({ about: { asOf: asked.today }, list: 'suppliers', names, rows: rows(db, asked) })

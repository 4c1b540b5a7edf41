import { sql, type SQL } from 'drizzle-orm'
import type { RegisterRow } from '../../schema/register-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Place } from './search.ts'

export type Hit = Omit<RegisterRow, 'industryJa' | 'industryEn' | 'prefectureEn'> & { industry: string; sortKey: string }
type Asked = { columns: SQL; conditions: SQL; after: Place | null | undefined; take: number }

const few = 1000 // so many matches are sorted at once
const strip = 1000 // so many rows of the register are read in order

const order = sql`sort_key collate "C", number`

/**
 * The first `take` rows that match, in order. Without words the indexes are in order already. With words Postgres cannot know whether the order
 * or the words lead there sooner: 山田 stands in many names, and all of them at the end. So the cheap ways are tried before the dear one.
 */
export async function inOrder(db: Db, asked: Asked, byWords: boolean): Promise<Hit[]> {
  if (!byWords) return walked(db, asked)
  const some = await sample(db, asked)
  if (some.all) return rowsOf(db, asked, some.first)
  const near = await within(db, asked)
  if (near.length === asked.take) return near
  const found = await upTo(db, asked, some.bound)
  return found.length === asked.take ? found : walked(db, asked) // the register changed between two statements
}

const walked = async (db: Db, { columns, conditions, take }: Asked): Promise<Hit[]> => [...await db.execute<Hit>(sql`select ${columns} from register_entries where ${conditions} order by ${order} limit ${take}`)]

// Any matches, no matter which. Are there few, these are all; if not, the last of their first is a bound: the first of all cannot stand behind it.
async function sample(db: Db, { conditions, take }: Asked): Promise<{ all: boolean; first: string[]; bound: Place }> {
  const rows = await db.execute<{ id: string; matches: number } & Place>(sql`
    with hits as materialized (select certificate_id, sort_key, number from register_entries where ${conditions} limit ${Math.max(few, take) + 1})
    select certificate_id as id, sort_key as "sortKey", number, (select count(*)::int from hits) as matches from hits order by ${order} limit ${take}`)
  const last = rows.at(-1)
  return { all: (last?.matches ?? 0) <= Math.max(few, take), first: [...rows].map(({ id }) => id), bound: { sortKey: last?.sortKey ?? '', number: last?.number ?? '' } }
}

const rowsOf = async (db: Db, { columns }: Asked, ids: readonly string[]): Promise<Hit[]> =>
  ids.length === 0 ? [] : [...await db.execute<Hit>(sql`select ${columns} from register_entries where certificate_id in (${sql.join(ids.map(id => sql`${id}`), sql`, `)}) order by ${order}`)]

async function within(db: Db, { columns, conditions, after, take }: Asked): Promise<Hit[]> {
  const from = after ? sql`where (${order}) > (${after.sortKey}, ${after.number})` : sql``
  return [...await db.execute<Hit>(sql`
    select ${columns} from (select * from register_entries ${from} order by ${order} limit ${strip}) as strip where ${conditions} order by ${order} limit ${take}`)]
}

// Materialised, or Postgres would walk the whole order for the sake of the limit.
const upTo = async (db: Db, { columns, conditions, take }: Asked, { sortKey, number }: Place): Promise<Hit[]> => [...await db.execute<Hit>(sql`
  with hits as materialized (select certificate_id, sort_key, number from register_entries where ${conditions} and (${order}) <= (${sortKey}, ${number})),
    first as (select certificate_id from hits order by ${order} limit ${take})
  select ${columns} from register_entries where certificate_id in (select certificate_id from first) order by ${order}`)]

import { sql, type SQL } from 'drizzle-orm'
import type { RegisterRow } from '../../schema/register-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Place } from './search.ts'

export type Hit = Omit<RegisterRow, 'industryJa' | 'industryEn' | 'prefectureEn'> & { industry: string; sortKey: string }
/** `conditions` can be asked of any row; `indexed` says of the words what the index of grams understands, null without words. */
type Asked = { columns: SQL; conditions: SQL; indexed: SQL | null; after: Place | null; take: number }
/** `matches`: how many there are, where that became known on the way. */
export type Hits = { hits: Hit[]; byNumber: boolean; matches: number | null }

const few = 1700 // so many matches are sorted by their readings
const near = 4000, far = 30_000 // so many of the newest rows are walked before the index of grams is asked for all: `few` in a million have fifty there
const telling = 10 // so many matches among the newest say how many there are in all

const reading = sql`sort_key collate "C", number`

/**
 * The first `take` rows that match: by their readings; where words match more than a thousand or two, by number, newest first. Readings and words
 * hang together (every 山田 stands at the end), so the first of a common word by reading cost as much as all of them. Numbers tell nothing of
 * names: its newest are near. A page that goes on keeps the order of the one before: no reading is empty.
 */
export async function inOrder(db: Db, asked: Asked): Promise<Hits> {
  if (!asked.indexed) return { hits: await walkedByReading(db, asked), byNumber: false, matches: null }
  if (asked.after && asked.after.sortKey !== '') {
    const sorted = await sortedByReading(db, asked)
    return sorted.matches <= few ? sorted : inOrder(db, { ...asked, after: null }) // more than a page before promised: from the newest on
  }
  const newest = await newestOf(db, asked)
  const common = asked.after !== null || (newest.matches >= telling && newest.matches * Math.max(1, newest.everything / near) > few)
  const sorted = common ? null : await sortedByReading(db, asked)
  return sorted && sorted.matches <= few ? sorted : { hits: await byNumber(db, asked, newest), byNumber: true, matches: null }
}

async function walkedByReading(db: Db, { columns, conditions, after, take }: Asked): Promise<Hit[]> {
  return [...await db.execute<Hit>(sql`select ${columns} from register_entries where ${conditions} and ${behind(after)} order by ${reading} limit ${take}`)]
}

const behind = (after: Place | null): SQL => (after ? sql`(${reading}) > (${after.sortKey}, ${after.number})` : sql`true`)
const olderThan = (after: Place | null): SQL => (after ? sql`number < ${after.number}` : sql`true`)

type Newest = { hits: Hit[]; matches: number; everything: number }

const newestRows = ({ after }: Asked, strip: number): SQL => sql`(select * from register_entries where ${olderThan(after)} order by number desc limit ${strip}) as newest`

/** Those of the newest `near` rows that match, counted, and how many rows there are at all. */
async function newestOf(db: Db, asked: Asked): Promise<Newest> {
  const { columns, conditions, take } = asked
  const rows = [...await db.execute<Hit & Omit<Newest, 'hits'>>(sql`
    select ${columns}, (count(*) over ())::int as matches, (select coalesce(sum(certificates), 0)::int from register_totals) as everything
    from ${newestRows(asked, near)} where ${conditions} order by number desc limit ${take}`)]
  return { hits: rows, matches: rows[0]?.matches ?? 0, everything: rows[0]?.everything ?? 0 }
}

// Materialised, or Postgres would walk the whole order for the sake of the limit.
async function sortedByReading(db: Db, { columns, conditions, indexed, after, take }: Asked): Promise<Hits & { matches: number }> {
  const rows = [...await db.execute<Hit & { matches: number }>(sql`
    with hits as materialized (select certificate_id, sort_key, number from register_entries where ${indexed} and ${conditions} limit ${few + 1})
    select ${columns}, (select count(*)::int from hits) as matches from register_entries
    where certificate_id = any (array(select certificate_id from hits where ${behind(after)} order by ${reading} limit ${take})) order by ${reading}`)]
  return { hits: rows, byNumber: false, matches: rows[0]?.matches ?? 0 }
}

async function byNumber(db: Db, asked: Asked, newest: Newest): Promise<Hit[]> {
  const { columns, conditions, indexed, after, take } = asked
  if (newest.hits.length === take) return newest.hits
  const walked = newest.hits.length * (far / near) < take ? [] : [...await db.execute<Hit>(sql`select ${columns} from ${newestRows(asked, far)} where ${conditions} order by number desc limit ${take}`)]
  if (walked.length === take) return walked
  return [...await db.execute<Hit>(sql`
    with hits as materialized (select certificate_id, number from register_entries where ${indexed} and ${conditions} and ${olderThan(after)})
    select ${columns} from register_entries where certificate_id = any (array(select certificate_id from hits order by number desc limit ${take})) order by number desc`)]
}

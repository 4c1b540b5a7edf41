import { sql } from 'drizzle-orm'
import type { Directory } from '../../schema/register-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { industries } from '../domain/industries.ts'
import { prefectures } from '../domain/prefectures.ts'
import { standings, type Standing } from '../domain/standing.ts'
import { placeFromWord, placeToWord } from './place.ts'
import { countFound, searchRegister, type Search } from './search.ts'

type Query = { q?: string | undefined; prefecture?: string | undefined; industry?: string | undefined; standing?: string | undefined; standard?: string | undefined; after?: string | undefined; lang?: string | undefined }

const counted_to = 200, onOnePage = 50
const onPage = standings.filter(standing => standing !== 'issuing')

/** One page of the directory with its drawn totals (first page of the whole register only). At most five statements, whatever is asked. */
export async function directoryPage(db: Db, query: Query, today: string): Promise<Directory> {
  const { q = '', prefecture = '', industry = '', standing = '', standard = '' } = query
  const asked = { q: q.trim(), prefecture, industry, standing, standard }
  const searching = Object.values(asked).some(Boolean)
  const after = placeFromWord(query.after)
  const { rows, next, byNumber, matches } = await searchRegister(db, { ...asked, after, limit: onOnePage }, today)
  const whole = !searching || rows.length === 0 || (!next && !after)
  const known = whole ? rows.length : matches
  const found = byNumber && !whole ? { found: onOnePage, more: true } : known === null ? await counted(db, asked, today) : { found: known, more: false }
  const totals = searching || after ? null : await totalsOf(db)
  return {
    asked, searching, first: !after, rows, byNumber, ...found, start: addressOf(query, ''), next: next && addressOf(query, placeToWord(next)),
    totals, most: Math.max(1, ...(totals ?? []).map(({ certificates }) => certificates)),
    choices: { prefectures, industries, standings: [...onPage], standards: await standardsOf(db) },
  }
}

async function counted(db: Db, asked: Search, today: string) {
  const found = await countFound(db, asked, today, counted_to + 1)
  return { found: Math.min(found, counted_to), more: found > counted_to }
}

/** How many certificates stand in which standing: kept by the database, so that a million cost no more than ten. */
async function totalsOf(db: Db): Promise<{ standing: Standing; certificates: number }[]> {
  const rows = await db.execute<{ standing: Standing; certificates: number }>(sql`select standing, certificates::int from register_totals where certificates > 0`)
  return onPage.flatMap(standing => [...rows].filter(row => row.standing === standing))
}

const standardsOf = async (db: Db) => [...await db.execute<{ standard: string }>(sql`select code || ' ' || version as standard from standards order by 1`)].map(({ standard }) => standard)

function addressOf({ after: _, ...query }: Query, place: string): string {
  const kept = Object.entries({ ...query, after: place }).filter(([, value]) => typeof value === 'string' && value !== '') as [string, string][]
  return `/register?${new URLSearchParams(kept)}`
}

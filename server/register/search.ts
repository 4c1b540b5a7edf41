import { sql, type SQL } from 'drizzle-orm'
import type { RegisterRow } from '../../schema/register-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { readCorporateNumber } from '../domain/corporate-number.ts'
import { industries } from '../domain/industries.ts'
import { prefectures } from '../domain/prefectures.ts'
import { standings, type Standing } from '../domain/standing.ts'
import { inOrder } from './in-order.ts'

export type Search = { q?: string | undefined; prefecture?: string | undefined; industry?: string | undefined; standing?: string | undefined; standard?: string | undefined; after?: Place | null; limit?: number }
/** Where the page before ended: keyset paging costs the same on the thousandth page. Without a sortKey: in the order of numbers, newest first. */
export type Place = { sortKey: string; number: string }
/** `matches`: how many there are, where the search had to know. */
export type Found = { rows: RegisterRow[]; next: Place | null; byNumber: boolean; matches: number | null }

const ended = sql.raw("('withdrawn', 'surrendered', 'transferred', 'replaced', 'expired')")

/** What a row's certificate is worth on a day: what its events say, unless its last day has passed. */
export const standingOn = (today: string): SQL<Standing> => sql`case when expires_on < ${today} and standing not in ${ended} then 'expired' else standing end`

const columns = (today: string) => sql`number, holder, name_ja as "nameJa", name_latin as "nameLatin", corporate_number as "corporateNumber", prefecture, industry, ${standingOn(today)} as standing,
  (case when expires_on < ${today} and standing not in ${ended} then expires_on + 1 else standing_since end)::text as since, case when expires_on < ${today} and standing not in ${ended} then null else reason_class end as "reasonClass",
  issued_on::text as "issuedOn", expires_on::text as "expiresOn", standard_code || ' ' || standard_version as standard, tier, sort_key as "sortKey"`

/**
 * Certificates by name in Japanese, kana or Latin (every word must occur, words of one or two characters too), by number, by corporate number,
 * and by what else is given; in the order of their readings, of very many in that of their numbers. Case, width, kana and old kanji do not
 * count. Unknown filters find nothing.
 */
export async function searchRegister(db: Db, search: Search, today: string): Promise<Found> {
  const limit = search.limit ?? 50
  const words = await foldedWords(db, search.q)
  const { hits: rows, byNumber, matches } = await inOrder(db, { columns: columns(today), ...conditionsOf(search, words, today), after: search.after ?? null, take: limit + 1 })
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit).map(({ industry, sortKey: _, ...row }) => ({ ...row, ...inWords(row.prefecture, industry) })), next: last ? { sortKey: byNumber ? '' : last.sortKey, number: last.number } : null, byNumber, matches }
}

/** How many there are, counted no further than `most`: nobody reads on, and a common word must not cost more than a rare one. */
export async function countFound(db: Db, search: Search, today: string, most: number): Promise<number> {
  const { conditions, indexed } = conditionsOf(search, await foldedWords(db, search.q), today)
  const [row] = await db.execute<{ found: number }>(sql`select count(*)::int as found from (select from register_entries where ${indexed ?? sql`true`} and ${conditions} limit ${most}) as hits`)
  return row?.found ?? 0
}

function conditionsOf({ q = '', prefecture, industry, standing, standard }: Search, words: readonly string[], today: string): { conditions: SQL; indexed: SQL | null } {
  const exact = exactly(q)
  const named = exact ? [exact] : words.map(word => sql`strpos(searched, ${word}) > 0`)
  const grams = exact ? [] : words.flatMap(gramsOf)
  const conditions = [
    ...named, ...(prefecture ? [sql`prefecture = ${prefecture}`] : []), ...(industry ? [sql`industry = ${industry}`] : []), ...(standing ? [whoStands(standing, today)] : []),
    ...(standard ? [sql`standard_code || ' ' || standard_version = ${standard}`] : []), sql`true`,
  ]
  return { conditions: sql.join(conditions, sql` and `), indexed: grams.length > 0 ? sql`grams @> array[${sql.join([...new Set(grams)].map(gram => sql`${gram}`), sql`, `)}]::text[]` : null }
}

// Certificates that run out stand under their old word until the job of the new day has been: both are looked at, and the index serves both.
function whoStands(standing: string, today: string): SQL {
  if (standing === 'expired') return sql`(standing = 'expired' or (expires_on < ${today} and standing not in ${ended}))`
  if (['withdrawn', 'surrendered', 'transferred', 'replaced'].includes(standing)) return sql`standing = ${standing}`
  return sql`standing = ${standings.find(known => known === standing) ?? ''} and expires_on >= ${today}`
}

function exactly(q: string): SQL | null {
  const number = readNumber(q)
  if ('number' in number) return sql`number = ${number.number}`
  const corporate = readCorporateNumber(q)
  return 'corporateNumber' in corporate ? sql`corporate_number = ${corporate.corporateNumber}` : null
}

// Folded once, and not anew for every row that is looked at: the same question is then a matter of milliseconds.
async function foldedWords(db: Db, q = ''): Promise<string[]> {
  const words = q.replaceAll('\0', '').split(/[\s\u3000]+/).filter(Boolean).slice(0, 6)
  if (words.length === 0) return []
  const [row] = await db.execute<{ folded: string[] }>(sql`select array[${sql.join(words.map(word => sql`fold_ja(${word})`), sql`, `)}] as folded`)
  return row?.folded ?? []
}

// What counts is how long a word is when folded: ｶﾞ is two characters and becomes one, ㈱ is one and becomes three.
function gramsOf(word: string): string[] {
  const signs = [...word]
  return signs.length === 1 ? signs : [...new Set(signs.slice(1).map((sign, nth) => `${signs[nth]}${sign}`))]
}

function inWords(prefecture: string, industry: string) {
  const business = industries.find(({ value }) => value === industry)
  return { prefectureEn: prefectures.find(({ value }) => value === prefecture)?.en ?? prefecture, industryJa: business?.ja ?? '', industryEn: business?.en ?? '' }
}

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
/** Where the page before ended: keyset paging costs the same on the thousandth page. */
export type Place = { sortKey: string; number: string }
export type Found = { rows: RegisterRow[]; next: Place | null }

const ended = sql.raw("('withdrawn', 'surrendered', 'transferred', 'replaced', 'expired')")

/** What a row's certificate is worth on a day: what its events say, unless its last day has passed. */
export const standingOn = (today: string): SQL<Standing> => sql`case when expires_on < ${today} and standing not in ${ended} then 'expired' else standing end`

const columns = (today: string) => sql`number, holder, name_ja as "nameJa", name_latin as "nameLatin", corporate_number as "corporateNumber", prefecture, industry, ${standingOn(today)} as standing,
  (case when expires_on < ${today} and standing not in ${ended} then expires_on + 1 else standing_since end)::text as since, case when expires_on < ${today} and standing not in ${ended} then null else reason_class end as "reasonClass",
  issued_on::text as "issuedOn", expires_on::text as "expiresOn", standard_code || ' ' || standard_version as standard, tier, sort_key as "sortKey"`

/**
 * Certificates by name in Japanese, kana or Latin (every word must occur, words of one or two characters too), by number, by corporate number,
 * and by what else is given; in the order of their readings. Case, width, kana and old kanji do not count. Unknown filters find nothing.
 */
export async function searchRegister(db: Db, search: Search, today: string): Promise<Found> {
  const limit = search.limit ?? 50
  const words = await foldedWords(db, search.q)
  const conditions = conditionsOf(search, words, today)
  if (search.after) conditions.push(sql`(sort_key collate "C", number) > (${search.after.sortKey}, ${search.after.number})`)
  const rows = await inOrder(db, { columns: columns(today), conditions: sql.join(conditions, sql` and `), after: search.after, take: limit + 1 }, words.length > 0)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit).map(({ industry, sortKey: _, ...row }) => ({ ...row, ...inWords(row.prefecture, industry) })), next: last ? { sortKey: last.sortKey, number: last.number } : null }
}

/** How many there are, counted no further than `most`: nobody reads on, and a common word must not cost more than a rare one. */
export async function countFound(db: Db, search: Search, today: string, most: number): Promise<number> {
  const conditions = conditionsOf(search, await foldedWords(db, search.q), today)
  const [row] = await db.execute<{ found: number }>(sql`select count(*)::int as found from (select from register_entries where ${sql.join(conditions, sql` and `)} limit ${most}) as hits`)
  return row?.found ?? 0
}

function conditionsOf({ q = '', prefecture, industry, standing, standard }: Search, words: readonly string[], today: string): SQL[] {
  return [
    ...asked(q, words), ...(prefecture ? [sql`prefecture = ${prefecture}`] : []), ...(industry ? [sql`industry = ${industry}`] : []), ...(standing ? [whoStands(standing, today)] : []),
    ...(standard ? [sql`standard_code || ' ' || standard_version = ${standard}`] : []), sql`true`,
  ]
}

// Certificates that run out stand under their old word until the job of the new day has been: both are looked at, and the index serves both.
function whoStands(standing: string, today: string): SQL {
  if (standing === 'expired') return sql`(standing = 'expired' or (expires_on < ${today} and standing not in ${ended}))`
  if (['withdrawn', 'surrendered', 'transferred', 'replaced'].includes(standing)) return sql`standing = ${standing}`
  return sql`standing = ${standings.find(known => known === standing) ?? ''} and expires_on >= ${today}`
}

function asked(q: string, words: readonly string[]): SQL[] {
  const number = readNumber(q)
  if ('number' in number) return [sql`number = ${number.number}`]
  const corporate = readCorporateNumber(q)
  if ('corporateNumber' in corporate) return [sql`corporate_number = ${corporate.corporateNumber}`]
  return words.map(word => sql`(grams @> array[${sql.join(gramsOf(word).map(gram => sql`${gram}`), sql`, `)}]::text[] and strpos(searched, ${word}) > 0)`)
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

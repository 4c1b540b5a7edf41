import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { ListLine, ListPage, Lists } from '../../schema/list-shapes.ts'
import { supplierLists } from '../../schema/lists.ts'
import type { Db } from '../adapters/database.ts'
import { listOutcomes, probableOutcomes, type ListOutcome } from '../domain/list-row.ts'
import type { Refusal } from '../domain/refusal.ts'
import { standingOn } from '../register/search.ts'

const lines_a_page = 50

const { id, name, state, problem, problemParams, rows, bytes, size, createdAt, adoptedAt, undoneAt } = supplierLists
const summary = { id, name, state, problem, problemParams: sql<Record<string, string | number>>`coalesce(${problemParams}, '{}')`, rows, bytes, size, createdAt, adoptedAt, undoneAt, by: people.name }

/** The lists of one buyer, newest first. */
export const listsOf = (db: Db, buyerId: string): Promise<z.infer<typeof Lists>['lists']> =>
  db.select(summary).from(supplierLists).innerJoin(people, eq(people.id, supplierLists.createdBy)).where(eq(supplierLists.buyerId, buyerId)).orderBy(desc(supplierLists.id)).limit(100)

/** A list of this buyer's, or `not_found`: another's is as if it were not there. */
export async function findList(db: Db, buyerId: string | null, listId: string): Promise<z.infer<typeof Lists>['lists'][number] | Refusal> {
  const [row] = await db.select(summary).from(supplierLists).innerJoin(people, eq(people.id, supplierLists.createdBy)).where(and(eq(supplierLists.id, listId), eq(supplierLists.buyerId, buyerId ?? listId)))
  return row ?? { refused: 'not_found' }
}

type Asked = { outcome?: ListOutcome | undefined; after?: number | undefined }

/** One page of a list with what it came to. Five statements, however long the list is. */
export async function listPage(db: Db, list: z.infer<typeof Lists>['lists'][number], buyerId: string, { outcome, after = 0 }: Asked, today: string): Promise<z.infer<typeof ListPage>> {
  const counted = await db.execute<{ outcome: ListOutcome; lines: number; taken: number; named: number }>(sql`
    select outcome, count(*)::int as lines, (count(*) filter (where take))::int as taken, count(distinct nullif(name, ''))::int as named from supplier_list_rows where list_id = ${list.id} group by outcome`)
  const [added] = await db.execute<{ added: number }>(sql`select count(*)::int as added from suppliers where list_id = ${list.id} and removed_at is null`)
  const lines = await readLines(db, { listId: list.id, buyerId, where: outcome ? sql`and r.outcome = ${outcome}` : sql``, after, limit: lines_a_page + 1 }, today)
  const of = (wanted: readonly ListOutcome[], field: 'lines' | 'taken' | 'named') => [...counted].filter(row => wanted.includes(row.outcome)).reduce((sum, row) => sum + row[field], 0)
  const last = lines.length > lines_a_page ? lines[lines_a_page - 1] : undefined
  return {
    ...list, outcomes: listOutcomes.flatMap(word => [...counted].filter(row => row.outcome === word)), most: Math.max(1, ...[...counted].map(row => row.lines)),
    counts: { taken: of(listOutcomes, 'taken'), probable: of(probableOutcomes, 'lines') - of(probableOutcomes, 'taken'), unknown: of(['not_found'], 'named'), added: added?.added ?? 0 },
    asked: outcome ?? null, lines: lines.slice(0, lines_a_page), next: last?.line ?? null, first: after === 0,
  }
}

type Reading = { listId: string; buyerId: string; where?: SQL; after: number; limit: number }
type Row = Omit<ListLine, 'candidates'> & { candidates: ListLine['candidates'] | null }

/** Lines of a list with what the register says of each today: of the newest certificate that the company has. */
export async function readLines(db: Db, { listId, buyerId, where = sql``, after, limit }: Reading, today: string): Promise<ListLine[]> {
  const rows = await db.execute<Row>(sql`
    select r.line, r.typed_number as "typedNumber", r.typed_corporate as "typedCorporate", r.name, r.prefecture, r.country, r.tier, r.group_name as "group", r.fault, r.outcome, r.take,
      case when e.number is not null then ${found(today)} end as found,
      exists (select from suppliers s where s.buyer_id = ${buyerId} and s.holder = r.holder and s.removed_at is null) as watched,
      case when r.candidates is not null then (select json_agg(${found(today)} order by e.name_ja) from unnest(r.candidates) as one(holder) cross join lateral (select * from register_entries e where e.holder = one.holder order by cycle desc limit 1) e) end as candidates
    from (select * from supplier_list_rows r where r.list_id = ${listId} and r.line > ${after} ${where} order by r.line limit ${limit}) r
      left join lateral (select * from register_entries e where e.holder = r.holder order by cycle desc limit 1) e on true order by r.line`)
  return [...rows].map(row => ({ ...row, candidates: row.candidates ?? [] }))
}

const found = (today: string) => sql`json_build_object('number', e.number, 'holder', e.holder, 'nameJa', e.name_ja, 'prefecture', e.prefecture, 'standing', ${standingOn(today)},
  'since', case when ${standingOn(today)} = 'expired' then e.expires_on + 1 else e.standing_since end, 'expiresOn', e.expires_on)`

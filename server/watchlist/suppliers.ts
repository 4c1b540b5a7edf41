import { sql, type SQL } from 'drizzle-orm'
import type { Supplier, WatchlistQuery } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { standingOn } from '../register/search.ts'

/** A supplier with what the register says of it today: of the newest certificate of its holder. */
const columns = (today: string) => sql`
  s.id, s.name, s.corporate_number as "corporateNumber", s.prefecture, s.country, s.tier, s.group_name as "group", s.wanted_level as "wantedLevel", s.wanted_by::text as "wantedBy", s.holder, s.matched, s.version,
  coalesce(e.today, 'none') as standing, case when e.number is not null then ${certificate} end as certificate, ${gap(today)} as gap`

const certificate = sql`json_build_object('number', e.number, 'nameJa', e.name_ja, 'standing', e.today, 'since', case when e.today = 'expired' then e.expires_on + 1 else e.standing_since end,
  'reasonClass', case when e.today = 'expired' then null else e.reason_class end, 'expiresOn', e.expires_on, 'tier', e.tier, 'edition', e.edition)`

const good = sql.raw("('certified', 'certified_with_condition', 'scope_reduced')")

// A gap is what should be there by today and is not (server/domain/portfolio.ts, reaches).
const gap = (today: string) => sql`(s.wanted_level is not null and s.wanted_by <= ${today} and not coalesce(e.today in ${good} and e.tier >= s.wanted_level, false))`

const source = (buyerId: string, today: string) => sql`
  suppliers s left join lateral (select *, ${standingOn(today)} as today from register_entries where holder = s.holder order by cycle desc limit 1) e on true where s.buyer_id = ${buyerId}`

const conditions = ({ q, standing, tier, country, group, prefecture, gap: wanted }: WatchlistQuery, today: string): SQL => sql.join([
  sql`s.removed_at is null`, ...(q?.trim() ? [sql`(strpos(fold_ja(s.name), fold_ja(${q.trim().replaceAll('\0', '')})) > 0 or s.corporate_number = ${q.trim().replaceAll('\0', '')} or s.holder = left(upper(${q.trim().replaceAll('\0', '')}), 17))`] : []),
  ...(standing ? [sql`coalesce(e.today, 'none') = ${standing}`] : []), ...(tier ? [sql`s.tier = ${tier}`] : []), ...(country ? [sql`s.country = ${country}`] : []), ...(group ? [sql`s.group_name = ${group}`] : []),
  ...(prefecture ? [sql`s.prefecture = ${prefecture}`] : []), ...(wanted === 'open' ? [gap(today)] : []), ...(wanted === 'reached' ? [sql`s.wanted_level is not null and e.today in ${good} and e.tier >= s.wanted_level`] : []),
], sql` and `)

type Page = { after?: { name: string; id: string } | null; limit: number }

/** Suppliers of a buyer by name, as far as the filters let them; keyset by name and id. */
export const findSuppliers = async (db: Db, buyerId: string, query: WatchlistQuery, { after, limit }: Page, today: string): Promise<Supplier[]> => [...await db.execute<Supplier>(sql`
  select ${columns(today)} from ${source(buyerId, today)} and ${conditions(query, today)} ${after ? sql`and (s.name, s.id) > (${after.name}, ${after.id}::uuid)` : sql``} order by s.name, s.id limit ${limit}`)]

export async function countSuppliers(db: Db, buyerId: string, query: WatchlistQuery, today: string): Promise<number> {
  const [row] = await db.execute<{ found: number }>(sql`select count(*)::int as found from ${source(buyerId, today)} and ${conditions(query, today)}`)
  return row?.found ?? 0
}

/** One supplier of this buyer, also one that was taken off; undefined for another's. */
export async function supplierById(db: Db, buyerId: string, id: string, today: string) {
  const [row] = await db.execute<Supplier & { addedBy: string; addedOn: string; removedOn: string | null; list: { id: string; name: string } | null }>(sql`
    select ${columns(today)}, (select coalesce(nullif(p.name, ''), p.email) from people p where p.id = s.added_by) as "addedBy", (s.added_at at time zone 'Asia/Tokyo')::date::text as "addedOn", (s.removed_at at time zone 'Asia/Tokyo')::date::text as "removedOn",
      (select json_build_object('id', l.id, 'name', l.name) from supplier_lists l where l.id = s.list_id) as list
    from ${source(buyerId, today)} and s.id = ${id}`)
  return row
}

export type Slim = { standing: Supplier['standing']; expiresOn: string | null; prefecture: string; tier: number; country: string; group: string; gap: boolean }

/** Every live supplier in few words, for the drawing: thousands come in one statement. */
export const slimSuppliers = async (db: Db, buyerId: string, today: string): Promise<Slim[]> => [...await db.execute<Slim>(sql`
  select coalesce(e.today, 'none') as standing, e.expires_on::text as "expiresOn", s.prefecture, s.tier, s.country, s.group_name as "group", ${gap(today)} as gap from ${source(buyerId, today)} and s.removed_at is null`)]

/** The ids that a filter holds, for a change to all of them. */
export const idsOf = (db: Db, buyerId: string, query: WatchlistQuery, today: string): Promise<{ id: string }[]> =>
  db.execute<{ id: string }>(sql`select s.id from ${source(buyerId, today)} and ${conditions(query, today)} order by s.id for update of s`)

import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { ListRow } from '../domain/list-row.ts'

/**
 * Keeps lines with what they come to on the register, in one statement. The ladder, first rung that holds: the number itself; the corporate
 * number; a number one slip away, if exactly one such is on the register; the company's name in its prefecture; the name alone, if only one
 * company has it; several, to choose from; nothing. A line that is kept already is left alone, so a batch may be done twice.
 */
export async function keepRows(tx: Db, listId: string, rows: readonly (ListRow & { line: number })[]): Promise<void> {
  await tx.execute(sql`
    with typed as materialized (select r.*, company_key(r.name) as key from json_to_recordset(${JSON.stringify(rows)}::json) as r(line int, "typedNumber" text, "typedCorporate" text, name text, prefecture text,
      country text, tier int, "group" text, number text, near json, corporate text, fault text))
    insert into supplier_list_rows (list_id, line, typed_number, typed_corporate, name, prefecture, country, tier, group_name, fault, outcome, holder, candidates, take)
    select ${listId}, t.line, t."typedNumber", t."typedCorporate", t.name, t.prefecture, t.country, t.tier, t."group", t.fault, ladder.outcome,
      case ladder.outcome when 'number' then n.holder when 'corporate_number' then c.holder when 'corrected_number' then slip.holders[1] when 'name_and_prefecture' then named.here[1] when 'name' then named.anywhere[1] end,
      case when ladder.outcome = 'choose' then coalesce(slip.holders, named.anywhere) end, ladder.outcome in ('number', 'corporate_number')
    from typed t
      left join register_entries n on n.number = t.number
      left join lateral (select holder from register_entries where n.holder is null and t.corporate is not null and corporate_number = t.corporate order by cycle desc limit 1) c on true
      left join lateral (select array_agg(distinct holder) as holders from register_entries where n.holder is null and c.holder is null and number = any (array(select json_array_elements_text(t.near)))) slip on true
      left join lateral (select array_agg(distinct holder) filter (where prefecture = t.prefecture) as here, array_agg(distinct holder) as anywhere from (
        select holder, prefecture from register_entries where n.holder is null and c.holder is null and slip.holders is null and t.key is not null and company_keys @> array[t.key] limit 20) same) named on true
      cross join lateral (select case when t.fault = 'empty' then 'unusable' when n.holder is not null then 'number' when c.holder is not null then 'corporate_number'
        when cardinality(slip.holders) = 1 then 'corrected_number' when slip.holders is not null then 'choose' when cardinality(named.here) = 1 then 'name_and_prefecture'
        when cardinality(named.anywhere) = 1 and t.prefecture = '' then 'name' when named.anywhere is not null then 'choose' else 'not_found' end as outcome) ladder
    on conflict do nothing`)
}

/**
 * The same company twice in a list is taken once: the line that found it most surely counts, of equals the first. The lines are found first, as one
 * array: of a list that was written just now Postgres knows no statistics, and would rank it anew for every line.
 */
export const markDuplicates = (tx: Db, listId: string) => tx.execute(sql`
  update supplier_list_rows set outcome = 'duplicate', take = false where list_id = ${listId} and line = any (array(
    select line from (select line, row_number() over (partition by holder order by array_position(array['number', 'corporate_number', 'corrected_number', 'name_and_prefecture', 'name'], outcome), line) as nth
      from supplier_list_rows where list_id = ${listId} and holder is not null) counted where nth > 1))`)

/** Of a list the largest statements touch every line; they have a minute, where others have fifteen seconds. For this transaction alone. */
export const aMinute = (tx: Db) => tx.execute(sql`set local statement_timeout = '60s'`)

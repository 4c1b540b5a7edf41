import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Adoption } from '../../schema/list-shapes.ts'
import { supplierListRows, supplierLists } from '../../schema/lists.ts'
import type { Db } from '../adapters/database.ts'
import { probableOutcomes } from '../domain/list-row.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { aMinute } from './match.ts'

type Change = { listId: string; viewer: Viewer; requestId: string; now: Date }

// The list's row is the lock: of two who adopt at once, the second finds it adopted.
async function lockList(tx: Db, { listId, viewer }: Change, states: readonly string[]): Promise<Refusal | null> {
  await aMinute(tx)
  const [list] = await tx.select({ state: supplierLists.state }).from(supplierLists).where(and(eq(supplierLists.id, listId), eq(supplierLists.buyerId, viewer.buyerId ?? listId))).for('update')
  if (!list) return { refused: 'not_found' }
  return states.includes(list.state) ? null : { refused: 'no_such_step' }
}

/** Takes a list over: what is ticked, with `probable` also what is likely, with `unknown` also companies that are not on the register yet. Whoever is watched already stays as it is. */
export async function adoptList(tx: Db, change: Change, { probable, unknown }: z.infer<typeof Adoption>): Promise<{ added: number } | Refusal> {
  const { listId, viewer: { buyerId, personId }, requestId, now } = change
  const refused = await lockList(tx, change, ['ready', 'undone'])
  if (refused) return refused
  if (probable) await tx.update(supplierListRows).set({ take: true }).where(and(eq(supplierListRows.listId, listId), inArray(supplierListRows.outcome, [...probableOutcomes]), isNotNull(supplierListRows.holder)))
  const added = await tx.execute(sql`
    insert into suppliers (id, buyer_id, name, corporate_number, prefecture, country, tier, group_name, holder, matched, list_id, added_by, added_at)
    select gen_random_uuid(), ${buyerId}, coalesce(nullif(r.name, ''), e.name_ja, r.typed_number), e.corporate_number, coalesce(nullif(e.prefecture, ''), r.prefecture), r.country, coalesce(r.tier, 1), r.group_name, r.holder,
      case when r.holder is null then null when r.outcome in ('number', 'corporate_number', 'corrected_number', 'name_and_prefecture', 'name') then r.outcome else 'chosen' end, ${listId}, ${personId}, ${now.toISOString()}
    from (select distinct on (coalesce(holder, name)) * from supplier_list_rows r where list_id = ${listId} and (take or (${unknown} and outcome = 'not_found' and name <> '')) order by coalesce(holder, name), line) r left join lateral (select * from register_entries where holder = r.holder order by cycle desc limit 1) e on true
    where (r.holder is not null or not exists (select from suppliers s where s.buyer_id = ${buyerId} and s.name = r.name and s.holder is null and s.removed_at is null))
    order by r.line on conflict (buyer_id, holder) where removed_at is null and holder is not null do nothing returning 1`)
  await tx.update(supplierLists).set({ state: 'adopted', adoptedAt: now, undoneAt: null }).where(eq(supplierLists.id, listId))
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'lists.adopt', subjectId: listId, after: { added: added.length } })
  return { added: added.length }
}

/** Takes off exactly what this list brought, and nothing that was there before. It can be taken over again. */
export async function undoList(tx: Db, change: Change): Promise<{ removed: number } | Refusal> {
  const { listId, viewer: { personId }, requestId, now } = change
  const refused = await lockList(tx, change, ['adopted'])
  if (refused) return refused
  const removed = await tx.execute(sql`update suppliers set removed_at = ${now.toISOString()}, version = version + 1 where list_id = ${listId} and removed_at is null returning 1`)
  await tx.update(supplierLists).set({ state: 'undone', undoneAt: now }).where(eq(supplierLists.id, listId))
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'lists.undo', subjectId: listId, after: { removed: removed.length } })
  return { removed: removed.length }
}

/** The buyer's own word about one line: this company, or none, and then also not as a likely one. What was found stays to choose from. */
export async function chooseForLine(tx: Db, change: Change, line: number, holder: string): Promise<{ line: number; take: boolean } | Refusal> {
  const refused = await lockList(tx, change, ['ready', 'undone'])
  if (refused) return refused
  const known = holder === '' || (await tx.execute(sql`select 1 from register_entries where holder = ${holder} limit 1`)).length > 0
  if (!known) return { refused: 'number_unknown' }
  const [row] = await tx.update(supplierListRows).set(holder === '' ? { take: false, holder: null, candidates: sql`coalesce(candidates, array_remove(array[holder], null))` } : { take: true, holder, outcome: sql`case when holder = ${holder} then outcome else 'choose' end` }).where(and(eq(supplierListRows.listId, change.listId), eq(supplierListRows.line, line))).returning({ take: supplierListRows.take })
  return row ? { line, take: row.take } : { refused: 'not_found' }
}

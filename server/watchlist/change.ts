import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { suppliers } from '../../schema/suppliers.ts'
import type { BatchForm, NewSupplier, SupplierForm, WatchlistQuery } from '../../schema/watchlist-shapes.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { readNumber } from '../domain/certificate-number.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { MatchReason } from '../domain/suppliers.ts'
import { record } from '../journal/record.ts'
import { idsOf } from './suppliers.ts'

export type By = { buyerId: string; personId: string; requestId: string; now: Date; today: string }
type Registered = { holder: string; nameJa: string; prefecture: string; corporateNumber: string | null }

async function onRegister(tx: Db, holder: string): Promise<Registered | undefined> {
  const [row] = await tx.execute<Registered>(sql`select holder, name_ja as "nameJa", prefecture, nullif(corporate_number, '') as "corporateNumber" from register_entries where holder = ${holder} order by cycle desc limit 1`)
  return row
}

// C33, but beside no case and no employer: whom a buyer watches is its own business.
const told = (tx: Db, { personId, requestId }: By, operation: string, subjectId: string, after?: unknown) => record(tx, { personId, role: 'buyer', requestId }, { operation, subjectId, after })

/** Adds one supplier, by its holder or a certificate's number, or by name alone when it has no certificate yet. */
export async function addSupplier(tx: Db, form: z.infer<typeof NewSupplier>, by: By): Promise<{ id: string } | Refusal> {
  const typed = form.number ? readNumber(form.number) : null
  if (typed && 'refused' in typed) return { refused: typed.refused }
  const holder = form.holder ?? (typed ? typed.number.slice(0, 17) : null)
  const found = holder ? await onRegister(tx, holder) : undefined
  if (holder && !found) return { refused: 'number_unknown' }
  const matched: MatchReason | null = found ? (form.number ? 'number' : 'chosen') : null
  const about = { name: form.name || found?.nameJa || '', prefecture: found?.prefecture || form.prefecture || '', corporateNumber: found?.corporateNumber ?? null, country: form.country, tier: form.tier, groupName: form.group ?? '' }
  return onceWatched(tx, async savepoint => {
    const [row] = await savepoint.insert(suppliers).values({ ...about, buyerId: by.buyerId, holder: found?.holder ?? null, matched, addedBy: by.personId, addedAt: by.now }).returning({ id: suppliers.id })
    if (!row) throw new Error('the supplier just added is not there')
    await told(savepoint, by, 'watchlist.add', row.id)
    return row
  })
}

/** Says which company on the register a supplier is. */
export async function linkSupplier(tx: Db, id: string, holder: string, by: By): Promise<{ id: string } | Refusal> {
  const found = await onRegister(tx, holder)
  if (!found) return { refused: 'number_unknown' }
  return onceWatched(tx, async savepoint => {
    const [row] = await savepoint.update(suppliers).set({ holder, matched: 'chosen', corporateNumber: found.corporateNumber, prefecture: found.prefecture, version: sql`${suppliers.version} + 1` }).where(own(id, by)).returning({ id: suppliers.id })
    if (!row) return { refused: 'not_found' }
    await told(savepoint, by, 'watchlist.link', row.id)
    return row
  })
}

async function onceWatched(tx: Db, write: (savepoint: Db) => Promise<{ id: string } | Refusal>): Promise<{ id: string } | Refusal> {
  try {
    return await within(tx, write)
  } catch (error) {
    if (violatedConstraint(error) === 'holder_is_watched_once') return { refused: 'already_exists' }
    throw error
  }
}

const own = (id: string, { buyerId }: By) => and(eq(suppliers.id, id), eq(suppliers.buyerId, buyerId), isNull(suppliers.removedAt))

export async function saveSupplier(tx: Db, id: string, { name, prefecture, country, tier, group, wantedLevel, wantedBy, version }: z.infer<typeof SupplierForm>, by: By): Promise<{ id: string } | Refusal> {
  const [before] = await tx.select({ version: suppliers.version }).from(suppliers).where(own(id, by)).for('update')
  if (!before) return { refused: 'not_found' }
  if (before.version !== version) return { refused: 'stale' }
  await tx.update(suppliers).set({ name, prefecture, country, tier, groupName: group, wantedLevel, wantedBy, version: version + 1 }).where(own(id, by))
  await told(tx, by, 'watchlist.save', id)
  return { id }
}

export async function removeSupplier(tx: Db, id: string, by: By): Promise<{ id: string } | Refusal> {
  const [row] = await tx.update(suppliers).set({ removedAt: by.now, version: sql`${suppliers.version} + 1` }).where(own(id, by)).returning({ id: suppliers.id })
  if (!row) return { refused: 'not_found' }
  await told(tx, by, 'watchlist.remove', id)
  return row
}

/** The same change for every supplier that a filter holds; what is left empty stays as it is. */
export async function changeMany(tx: Db, query: WatchlistQuery, { tier, group, wantedLevel, wantedBy }: z.infer<typeof BatchForm>, by: By): Promise<{ changed: number } | Refusal> {
  const change = { ...(tier ? { tier } : {}), ...(group ? { groupName: group } : {}), ...(wantedLevel && wantedBy ? { wantedLevel, wantedBy } : {}) }
  if (Object.keys(change).length === 0) return { refused: 'nothing_to_change' }
  const ids = (await idsOf(tx, by.buyerId, query, by.today)).map(({ id }) => id)
  // One parameter, however many they are: the protocol takes 65,535.
  await tx.update(suppliers).set({ ...change, version: sql`${suppliers.version} + 1` }).where(sql`${suppliers.id} = any(string_to_array(${ids.join(',')}, ',')::uuid[])`)
  await told(tx, by, 'watchlist.change_many', by.buyerId, { changed: ids.length })
  return { changed: ids.length }
}

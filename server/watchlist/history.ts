import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { SupplierPage } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { WantedSupplier } from '../domain/portfolio.ts'
import type { Standing } from '../domain/standing.ts'
import { standingOn } from '../register/search.ts'

type Change = z.infer<typeof SupplierPage>['changes'][number]

/** What changed lately for the suppliers that a buyer watches now, newest first. */
export const changesOf = async (db: Db, buyerId: string, { supplierId, limit }: { supplierId?: string; limit: number }): Promise<Change[]> => [...await db.execute<Change>(sql`
  select c.seq::int as seq, c.change, c.happened_on::text as on, c.standing, c.standing_before as before, c.reason_class as "reasonClass", c.number, s.id as "supplierId", s.name as supplier
  from suppliers s cross join lateral (select * from register_changes where holder = s.holder and change <> 'prolonged' order by seq desc limit ${limit}) c
  where s.buyer_id = ${buyerId} and ${supplierId ? sql`s.id = ${supplierId}` : sql`s.removed_at is null`} order by c.seq desc limit ${limit}`)]

export const certificatesOf = async (db: Db, holder: string, today: string): Promise<z.infer<typeof SupplierPage>['certificates']> => [...await db.execute<z.infer<typeof SupplierPage>['certificates'][number]>(sql`
  select number, name_ja as "nameJa", ${standingOn(today)} as standing, standing_since::text as since, reason_class as "reasonClass", expires_on::text as "expiresOn", tier, edition from register_entries where holder = ${holder} order by cycle desc`)]

type Row = { id: string; wantedLevel: WantedSupplier['wantedLevel']; wantedBy: string; certificate: string | null; expiresOn: string | null; tier: string | null; on: string | null; standing: Standing | null }

/** Suppliers of whom something is wanted, with what was told of their certificates, for the drawing over time. */
export async function wantedSuppliers(db: Db, buyerId: string): Promise<WantedSupplier[]> {
  const rows = await db.execute<Row>(sql`
    select s.id, s.wanted_level as "wantedLevel", s.wanted_by::text as "wantedBy", e.number as certificate, e.expires_on::text as "expiresOn", e.tier, c.happened_on::text as on, c.standing
    from suppliers s left join register_entries e on e.holder = s.holder left join register_changes c on c.certificate_id = e.certificate_id
    where s.buyer_id = ${buyerId} and s.removed_at is null and s.wanted_level is not null order by s.id, e.number, c.seq`)
  type Gathered = WantedSupplier & { byNumber: Map<string, WantedSupplier['certificates'][number]> }
  const suppliers = new Map<string, Gathered>()
  for (const { id, wantedLevel, wantedBy, certificate, expiresOn, tier, on, standing } of rows) {
    const supplier: Gathered = suppliers.get(id) ?? { wantedLevel, wantedBy, certificates: [], byNumber: new Map() }
    suppliers.set(id, supplier)
    if (certificate === null || expiresOn === null || tier === null) continue
    const known = supplier.byNumber.get(certificate) ?? { expiresOn, tier, changes: [] }
    if (!supplier.byNumber.has(certificate)) supplier.certificates.push(known)
    supplier.byNumber.set(certificate, known)
    if (on !== null && standing !== null) known.changes.push({ on, standing })
  }
  return [...suppliers.values()]
}

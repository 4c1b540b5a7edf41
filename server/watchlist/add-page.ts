import { inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { suppliers } from '../../schema/suppliers.ts'
import type { AddPage } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { searchRegister } from '../register/search.ts'
import { supplierById } from './suppliers.ts'

type Asked = { q: string; supplier?: string | undefined }

/** Companies on the register to choose from, by name, number (also one slip away) or corporate number; newest certificate of each. */
export async function addPage(db: Db, buyerId: string, { q, supplier }: Asked, today: string): Promise<z.infer<typeof AddPage>> {
  const known = supplier ? await supplierById(db, buyerId, supplier, today) : undefined
  const typed = q.trim() || known?.name || '', number = readNumber(typed)
  const near = 'suggestions' in number ? number.suggestions : null
  const found = near ? (await Promise.all(near.slice(0, 40).map(one => searchRegister(db, { q: one, limit: 1 }, today)))).flatMap(({ rows }) => rows) : typed ? (await searchRegister(db, { q: typed, limit: 20 }, today)).rows : []
  const holders = [...new Set(found.map(({ holder }) => holder))]
  const watched = holders.length === 0 ? [] : await db.select({ holder: suppliers.holder }).from(suppliers).where(sql`${suppliers.buyerId} = ${buyerId} and ${suppliers.removedAt} is null and ${inArray(suppliers.holder, holders)}`)
  return {
    q: typed, fault: near && found.length > 0 ? 'number_mistyped' : null, supplierId: known?.id ?? null, supplier: known?.name ?? null,
    rows: holders.map(holder => {
      const { number: latest, nameJa, prefecture, standing } = found.filter(row => row.holder === holder).toSorted((one, other) => (one.issuedOn < other.issuedOn ? -1 : 1)).at(-1) ?? { number: '', nameJa: '', prefecture: '', standing: 'expired' as const }
      return { holder, number: latest, nameJa, prefecture, standing: standing === 'issuing' ? 'none' as const : standing, watched: watched.some(one => one.holder === holder) }
    }),
  }
}

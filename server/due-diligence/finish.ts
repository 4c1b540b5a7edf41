import { eq } from 'drizzle-orm'
import { buyers } from '../../schema/buyers.ts'
import { people } from '../../schema/accounts.ts'
import { dueDiligenceExports, dueDiligenceFiles, type exportFileKinds } from '../../schema/due-diligence.ts'
import { csvOf } from '../adapters/csv.ts'
import { within } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import type { World } from '../world.ts'
import { changesFor } from './changes.ts'
import { linesOf, type Export } from './lines.ts'
import { drawReport } from './report.ts'
import { asLine } from '../proof/receipt-lines.ts'
import { columnsIn, rowOf } from './rows.ts'

type Kind = (typeof exportFileKinds)[number]
type File = { kind: Kind; documentKey: string; sha256: string; size: number }
const types: Record<Kind, string> = { pdf: 'application/pdf', csv: 'text/csv', receipts: 'application/jsonl' }

/** Writes the three files of an export whose every supplier was asked, and tells so once: another run that was as far throws its own away. */
export async function finish(world: World, order: Export): Promise<void> {
  const { database: { db }, documents: store, now } = world
  const lines = await linesOf(db, order.id)
  const [about] = await db.select({ buyer: { nameJa: buyers.nameJa, nameEn: buyers.nameEn, corporateNumber: buyers.corporateNumber }, orderedBy: people.name }).from(dueDiligenceExports)
    .innerJoin(buyers, eq(buyers.id, dueDiligenceExports.buyerId)).innerJoin(people, eq(people.id, dueDiligenceExports.orderedBy)).where(eq(dueDiligenceExports.id, order.id))
  if (!about) throw new Error('an export of nobody')
  const put = async (kind: Kind, body: AsyncIterable<Uint8Array>): Promise<File> => {
    const documentKey = newDocumentKey()
    return { kind, documentKey, ...await store.put(documentKey, body, { type: types[kind] }) }
  }
  const receiptLines = lines.flatMap(({ receipt }) => (receipt ? [Buffer.from(asLine(receipt))] : []))
  const receipts = await put('receipts', inTurn(receiptLines))
  const report = { order, ...about, lines, receiptsSha256: receipts.sha256, receipts: receiptLines.length, ...await changesFor(db, order), publicUrl: world.publicUrl, sample: world.signer.development }
  const csv = await put('csv', csvOf(columnsIn(order.locale), lines.map(line => rowOf(line, report))))
  const pdf = await put('pdf', inTurn([await drawReport(report, now())]))
  const files = [receipts, csv, pdf]
  const told = await within(db, async tx => {
    const [open] = await tx.select({ doneAt: dueDiligenceExports.doneAt }).from(dueDiligenceExports).where(eq(dueDiligenceExports.id, order.id)).for('update')
    if (open?.doneAt) return false
    await tx.insert(dueDiligenceFiles).values(files.map(file => ({ ...file, exportId: order.id })))
    await tx.update(dueDiligenceExports).set({ doneAt: now() }).where(eq(dueDiligenceExports.id, order.id))
    return true
  })
  if (!told) for (const { documentKey } of files) await store.delete(documentKey)
}

async function* inTurn(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

import { and, eq, inArray } from 'drizzle-orm'
import { documents } from '../../schema/documents.ts'
import { within } from '../adapters/database.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'

/** Job: asks the scanner about one document. An answer of `error` is kept, shown, and asked again later; only `clean` opens the file. */
export async function scanDocument(world: World, documentId: string): Promise<void> {
  const { database: { db }, documents: store, scanner, now } = world
  const [document] = await db.select().from(documents).where(eq(documents.id, documentId))
  if (!document || !['pending', 'error'].includes(document.scan)) return
  const verdict = await scanner.scan(await store.get(document.key))
  await within(db, async tx => {
    const [judged] = await tx.update(documents).set({ scan: verdict.status, scanDetail: verdict.detail, scanEngine: verdict.engine, scannedAt: now() })
      .where(and(eq(documents.id, documentId), inArray(documents.scan, ['pending', 'error']))).returning({ id: documents.id })
    if (!judged) return // another run was faster: a verdict is never taken back
    await record(tx, { personId: null, role: 'clock' }, {
      operation: 'documents.scan', applicationId: document.applicationId ?? undefined, employerId: document.employerId, subjectId: documentId, after: { status: verdict.status, engine: verdict.engine },
    })
  })
  if (verdict.status === 'error') throw new Error(`document ${documentId} could not be scanned: ${verdict.detail}`)
}

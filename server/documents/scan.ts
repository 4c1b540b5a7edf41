import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { documents } from '../../schema/documents.ts'
import { within } from '../adapters/database.ts'
import type { ScanVerdict } from '../adapters/scanner.ts'
import { recordAll } from '../journal/record.ts'
import type { World } from '../world.ts'

const unjudged = inArray(documents.scan, ['pending', 'error'])
const judged_together = 20

/** Job: asks the scanner about one document. An answer of `error` is kept, shown, and asked again later; only `clean` opens the file. */
export async function scanDocument(world: World, documentId: string): Promise<void> {
  await scanAll(world, await world.database.db.select().from(documents).where(and(eq(documents.id, documentId), unjudged)))
}

/** The same for everything of one case that waits, a day's photos for one. What cannot be scanned holds up nothing else. */
export async function scanCase(world: World, applicationId: string): Promise<void> {
  const waiting = await world.database.db.select().from(documents).where(and(eq(documents.applicationId, applicationId), unjudged)).orderBy(asc(documents.uploadedAt), asc(documents.id))
  await scanAll(world, waiting)
}

type Document = typeof documents.$inferSelect
type Judged = ScanVerdict & { document: Document }

async function scanAll(world: World, waiting: readonly Document[]): Promise<void> {
  const faults: unknown[] = []
  for (let at = 0; at < waiting.length; at += judged_together) {
    const judged: Judged[] = []
    for (const document of waiting.slice(at, at + judged_together)) {
      const verdict = await world.documents.get(document.key).then(body => world.scanner.scan(body)).catch(fault => { faults.push(fault) })
      if (verdict) judged.push({ ...verdict, document })
    }
    await writeDown(world, judged)
    faults.push(...judged.flatMap(({ status, detail, document }) => (status === 'error' ? [new Error(`document ${document.id} could not be scanned: ${detail}`)] : [])))
  }
  if (faults.length > 0) throw faults[0]
}

/** In one transaction. Another run may have been faster: a verdict is never taken back. */
async function writeDown({ database: { db }, now }: World, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return
  const verdicts = JSON.stringify(judged.map(({ document: { id }, status, detail, engine }) => ({ id, status, detail, engine })))
  await within(db, async tx => {
    const written = await tx.execute<{ id: string }>(sql`
      update documents d set scan = v.status, scan_detail = v.detail, scan_engine = v.engine, scanned_at = ${now().toISOString()}::timestamptz
      from jsonb_to_recordset(${verdicts}::jsonb) v(id uuid, status text, detail text, engine text) where d.id = v.id and d.scan in ('pending', 'error') returning d.id`)
    const ids = new Set(written.map(({ id }) => id))
    await recordAll(tx, { personId: null, role: 'clock' }, judged.filter(({ document: { id } }) => ids.has(id)).map(({ document: { id, applicationId, employerId }, status, engine }) => (
      { operation: 'documents.scan', applicationId: applicationId ?? undefined, employerId, subjectId: id, after: { status, engine } })))
  })
}

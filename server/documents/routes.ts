import { and, eq, gt, sql } from 'drizzle-orm'
import { documents } from '../../schema/documents.ts'
import { journal } from '../../schema/journal.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { findCase } from '../applications/case.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { caseRoles } from '../domain/roles.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import { parseRange } from '../http/ranges.ts'
import type { App } from '../http/server.ts'
import { signedIn, type Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'

type Row = typeof documents.$inferSelect

// Photos are taken of people and rooms for the assessor; the employer has no path to them.
const hiddenFromEmployer: Row['purpose'][] = ['photo']

export function documentRoutes(app: App, { database: { db }, documents: store }: World) {
  app.get('/documents/:id', { config: { may: caseRoles, operation: 'documents.read' }, schema: { params: ById } }, async (request, reply) => {
    const viewer = signedIn(request)
    const document = orRefuse(await readable(db, request.params.id, viewer))
    const range = parseRange(request.headers.range, document.size)
    if (range === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${document.size}`)
      throw new Refused({ refused: 'file_range' })
    }
    await onRecord(db, document, viewer, { requestId: request.id, isPart: range !== undefined })
    const body = await store.get(document.key, range)
    void reply.headers({
      'content-type': document.type,
      'content-disposition': contentDisposition(document.name, 'inline'), 'accept-ranges': 'bytes', 'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; sandbox", 'x-content-type-options': 'nosniff',
      'content-length': range ? range.end - range.start + 1 : document.size,
    })
    if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${document.size}`)
    return reply.send(body)
  })
}

/** The document, for those who have a part in its case, once the scanner has passed it; quarantined files are never served. */
async function readable(db: Db, id: string, viewer: Viewer): Promise<Row | Refusal> {
  const [document] = await db.select().from(documents).where(eq(documents.id, id))
  if (!document?.applicationId) return { refused: 'not_found' }
  const theCase = await findCase(db, document.applicationId, viewer)
  if (isRefusal(theCase)) return theCase
  if (hiddenFromEmployer.includes(document.purpose) && theCase.held.every(role => role === 'applicant')) return { refused: 'not_found' }
  if (document.scan === 'infected') return { refused: 'file_infected' }
  return document.scan === 'clean' || document.scan === 'unscanned' ? document : { refused: 'file_not_scanned' }
}

const reading_minutes = 10

/** C33: every reading is on record before a byte leaves. Readers of PDFs ask for many parts: those of ten minutes are one reading. */
async function onRecord(db: Db, { id, applicationId, employerId }: Row, viewer: Viewer, { requestId, isPart }: { requestId: string; isPart: boolean }): Promise<void> {
  const operation = 'documents.read'
  const lately = isPart ? await db.$count(journal, and(eq(journal.operation, operation), eq(journal.subjectId, id), eq(journal.actorId, viewer.personId),
    gt(journal.at, sql`now() - make_interval(mins => ${reading_minutes})`))) : 0
  if (lately === 0) await record(db, { personId: viewer.personId, role: viewer.roles[0] ?? 'applicant', requestId }, { operation, applicationId: applicationId ?? undefined, employerId, subjectId: id })
}

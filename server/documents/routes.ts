import { DocumentTable } from '../../schema/document-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { caseRoles } from '../domain/roles.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import { parseRange } from '../http/ranges.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { onRecord, readable } from './readable.ts'
import { tableOf } from './table.ts'

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

  app.get('/documents/:id/table', { config: { may: caseRoles, operation: 'documents.table', page: 'documents/table' }, schema: { params: ById, response: { 200: DocumentTable } } }, async request => {
    const viewer = signedIn(request)
    const document = orRefuse(await readable(db, request.params.id, viewer))
    await onRecord(db, document, viewer, { requestId: request.id, isPart: false })
    return orRefuse(await tableOf(store, document))
  })
}

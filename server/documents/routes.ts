import { DocumentTable } from '../../schema/document-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { caseRoles } from '../domain/roles.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { onRecord, readable } from './readable.ts'
import { serveDocument } from './serve.ts'
import { tableOf } from './table.ts'

export function documentRoutes(app: App, world: World) {
  const { database: { db }, documents: store } = world
  app.get('/documents/:id', { config: { may: caseRoles, operation: 'documents.read' }, schema: { params: ById } }, async (request, reply) => {
    const document = orRefuse(await readable(db, request.params.id, signedIn(request)))
    return serveDocument(request, reply, world, document)
  })

  app.get('/documents/:id/table', { config: { may: caseRoles, operation: 'documents.table', page: 'documents/table' }, schema: { params: ById, response: { 200: DocumentTable } } }, async request => {
    const viewer = signedIn(request)
    const document = orRefuse(await readable(db, request.params.id, viewer))
    await onRecord(db, document, viewer, { requestId: request.id, isPart: false })
    return orRefuse(await tableOf(store, document))
  })
}

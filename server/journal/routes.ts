import { ByApplication, Trail, TrailQuery } from '../../schema/journal-shapes.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { trailOf } from './queries.ts'

export function journalRoutes(app: App, { database: { db }, now }: World) {
  app.get('/journal/:application', { config: { may: ['operator'], operation: 'journal.show', page: 'journal/show' },
    schema: { params: ByApplication, querystring: TrailQuery, response: { 200: Trail } } }, async request =>
    orRefuse(await trailOf(db, request.params.application, signedIn(request), { before: request.query.before, now: now() })))
}

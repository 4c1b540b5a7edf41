import { Pipeline, PipelineQuery } from '../../schema/pipeline.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { pipeline } from './queries.ts'

export function pipelineRoutes(app: App, { database: { db }, now }: World) {
  app.get('/pipeline', { config: { may: ['operator'], operation: 'pipeline.show', page: 'pipeline/show' }, schema: { querystring: PipelineQuery, response: { 200: Pipeline } } },
    request => pipeline(db, request.query, signedIn(request), now()))
}

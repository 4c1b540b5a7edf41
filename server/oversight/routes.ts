import { Oversight } from '../../schema/oversight-shapes.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { oversightOf } from './queries.ts'

/** C18, peers.md 3.17: what became of appeals and complaints, for everybody; the log's lines give the same numbers. */
export function oversightRoutes(app: App, { database: { db } }: World) {
  const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const
  app.get('/oversight', { config: { ...open, operation: 'oversight.show', page: 'oversight/show' }, schema: { response: { 200: Oversight } } }, async (_, reply) => {
    void reply.header('cache-control', 'public, max-age=60')
    return oversightOf(db)
  })
}

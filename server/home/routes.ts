import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { japanDate } from '../domain/calendar.ts'
import type { App } from '../http/server.ts'
import { standardInForce } from '../standard/queries.ts'
import type { World } from '../world.ts'

const Home = z.object({
  certificates: z.number(),
  standard: z.object({ code: z.string(), version: z.string(), criteria: z.number(), sections: z.number() }),
})

export function homeRoutes(app: App, { database: { db }, now }: World) {
  app.get('/', { config: { may: 'anyone', operation: 'home.show', open: true, page: 'home/show' }, schema: { response: { 200: Home } } }, async () => {
    const { code, version, content } = await standardInForce(db, japanDate(now()))
    const [row] = await db.execute<{ certificates: number }>(sql`select count(*)::int as certificates from public_certificates`)
    return { certificates: row?.certificates ?? 0, standard: { code, version, criteria: content.criteria.length, sections: content.sections.length } }
  })
}

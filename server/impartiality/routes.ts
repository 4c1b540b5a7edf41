import { Impartiality, ImpartialityQuery } from '../../schema/impartiality-shapes.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { gapsCovered, refusals, sampling } from './samples.ts'
import { byAssessor, byDecider, byStage, objectionsCounted } from './statistics.ts'

/** C21: what the impartiality committee sees. It reads; it changes nothing. */
export function impartialityRoutes(app: App, { database: { db } }: World) {
  app.get('/impartiality', { config: { may: ['committee_member'], operation: 'impartiality.show', page: 'impartiality/show' }, schema: { querystring: ImpartialityQuery, response: { 200: Impartiality } } }, async request => {
    const { tiedTo } = signedIn(request), stages = await byStage(db, tiedTo)
    return {
      stages, longest: Math.max(1, ...stages.map(({ count }) => count)), assessors: await byAssessor(db, tiedTo), deciders: await byDecider(db, tiedTo), objections: await objectionsCounted(db, tiedTo),
      gaps: await gapsCovered(db, tiedTo), sampling: await sampling(db, tiedTo), ...await refusals(db, tiedTo, request.query.before), newest: request.query.before === undefined,
    }
  })
}

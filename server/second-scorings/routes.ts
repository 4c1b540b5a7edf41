import type { FastifyRequest } from 'fastify'
import { CriterionOf, LawOn } from '../../schema/assessment-forms.ts'
import { Calibration, Drawn, OnceOnly, ScoringKept, SecondCriterion, SecondMarked, SecondMarkForm, SecondScoring, SecondScorings } from '../../schema/second-scoring-forms.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { calibration } from './calibration.ts'
import { draw } from './draw.ts'
import { declareFree, finish, markSecond } from './mark.ts'
import { scoringCriterion, scoringPage } from './page.ts'
import { scoringsOf } from './queries.ts'

export function secondScoringRoutes(app: App, { database: { db }, now }: World) {
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest<{ Body: { once?: string | undefined } }>) => ({ personId: signedIn(request).personId, ...(request.body.once ? { once: request.body.once } : {}) })
  const may = ['assessor'] as const

  app.get('/calibration', { config: { may: ['operator', 'committee_member'], operation: 'second_scorings.calibration', page: 'calibration/show' }, schema: { response: { 200: Calibration } } }, request => calibration(db, signedIn(request)))

  app.post('/calibration/draws', { config: { may: ['operator'], operation: 'second_scorings.draw' }, schema: { body: OnceOnly, response: { 201: Drawn } } }, async (request, reply) =>
    seeOther(request, reply, '/calibration', orRefuse(await writeOnce(db, once(request), tx => draw(tx, by(request)))), { flash: 'second_scorings.drawn' }))

  app.get('/second-scorings', { config: { may, operation: 'second_scorings.list', page: 'second_scorings/index' }, schema: { response: { 200: SecondScorings } } },
    async request => ({ rows: await scoringsOf(db, signedIn(request)) }))

  app.get('/second-scorings/:id', { config: { may, operation: 'second_scorings.show', page: 'second_scorings/show' }, schema: { params: ById, response: { 200: SecondScoring } } },
    async request => orRefuse(await scoringPage(db, request.params.id, signedIn(request), now())))

  app.post('/second-scorings/:id/declaration', { config: { may, operation: 'second_scorings.declare' }, schema: { params: ById, body: OnceOnly, response: { 201: ScoringKept } } }, async (request, reply) =>
    seeOther(request, reply, `/second-scorings/${request.params.id}`, orRefuse(await writeOnce(db, once(request), tx => declareFree(tx, request.params.id, by(request))))))

  app.post('/second-scorings/:id/end', { config: { may, operation: 'second_scorings.finish' }, schema: { params: ById, body: OnceOnly, response: { 201: ScoringKept } } }, async (request, reply) =>
    seeOther(request, reply, '/second-scorings', orRefuse(await writeOnce(db, once(request), tx => finish(tx, request.params.id, by(request)))), { flash: 'second_scorings.finished' }))

  const page = async (request: FastifyRequest) => orRefuse(await scoringCriterion(db, CriterionOf.parse(request.params), signedIn(request), now(), LawOn.parse(request.query).on))
  app.get('/second-scorings/:id/:criterion', { config: { may, operation: 'second_scorings.criterion', page: 'second_scorings/criterion' }, schema: { params: CriterionOf, querystring: LawOn, response: { 200: SecondCriterion } } }, page)

  app.post('/second-scorings/:id/:criterion', { config: { may, operation: 'second_scorings.mark', form: { page: 'second_scorings/criterion', shape: SecondCriterion, load: page } },
    schema: { params: CriterionOf, body: SecondMarkForm, response: { 201: SecondMarked } } }, async (request, reply) => {
    const { id, criterion } = request.params
    const marked = orRefuse(await writeOnce(db, once(request), tx => markSecond(tx, { ...request.body, id, criterion }, by(request))))
    return seeOther(request, reply, [`/second-scorings/${id}`, marked.next].filter(Boolean).join('/'), marked)
  })
}

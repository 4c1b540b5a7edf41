import type { FastifyRequest } from 'fastify'
import { Bench, BenchCriterion, CriterionOf, LawOn, MarkNow, Rated, RatingForm, Worklist } from '../../schema/assessment-forms.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { bench } from './bench.ts'
import { benchCriterion } from './criterion.ts'
import { markNow } from './marks.ts'
import { keepPlace } from './places.ts'
import { rate } from './rate.ts'
import { worklist } from './worklist.ts'

export function assessmentRoutes(app: App, { database: { db }, now }: World) {
  app.get('/assessments', { config: { may: ['assessor'], operation: 'assessments.list', page: 'assessments/index' }, schema: { response: { 200: Worklist } } },
    request => worklist(db, signedIn(request), now()))

  app.get('/applications/:id/assessment', { config: { may: ['assessor'], operation: 'assessments.show', page: 'assessments/show' },
    schema: { params: ById, response: { 200: Bench } } }, async request => orRefuse(await bench(db, request.params.id, signedIn(request), now())))

  const page = async (request: FastifyRequest) => {
    const viewer = signedIn(request), at = CriterionOf.parse(request.params)
    const read = orRefuse(await benchCriterion(db, at, viewer, now(), LawOn.parse(request.query).on))
    await keepPlace(db, at.id, at.criterion, viewer, now())
    return read
  }
  app.get('/applications/:id/assessment/:criterion', { config: { may: ['assessor'], operation: 'assessments.criterion', page: 'assessments/criterion' },
    schema: { params: CriterionOf, querystring: LawOn, response: { 200: BenchCriterion } } }, page)

  app.get('/applications/:id/assessment/:criterion/mark', { config: { may: ['assessor'], operation: 'assessments.mark' }, schema: { params: CriterionOf, response: { 200: MarkNow } } },
    async request => orRefuse(await markNow(db, request.params, signedIn(request))))

  app.post('/applications/:id/assessment/:criterion', { config: { may: ['assessor'], operation: 'assessments.rate', form: { page: 'assessments/criterion', shape: BenchCriterion, load: page } },
    schema: { params: CriterionOf, body: RatingForm, response: { 201: Rated } } }, async (request, reply) => {
    const { id, criterion } = request.params
    const rated = orRefuse(await rate(db, signedIn(request), { ...request.body, applicationId: id, criterion, requestId: request.id }, now()))
    return seeOther(request, reply, [`/applications/${id}/assessment`, rated.next].filter(Boolean).join('/'), rated, { flash: rated.next ? 'assessments.rated' : 'assessments.all_rated' })
  })
}

import type { FastifyRequest } from 'fastify'
import { RecommendationForm, RecommendationPage, Recommended } from '../../schema/recommendation-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { recommendationPage } from './queries.ts'
import { recommend } from './write.ts'

export function recommendationRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await recommendationPage(db, (request.params as { id: string }).id, signedIn(request), now()))

  app.get('/applications/:id/recommendation', { config: { may: ['assessor'], operation: 'recommendations.show', page: 'recommendations/show' },
    schema: { params: ById, response: { 200: RecommendationPage } } }, page)

  app.post('/applications/:id/recommendation', { config: { may: ['assessor'], operation: 'recommendations.write', form: { page: 'recommendations/show', shape: RecommendationPage, load: page } },
    schema: { params: ById, body: RecommendationForm, response: { 201: Recommended } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const viewer = signedIn(request)
    const written = orRefuse(await writeOnce(db, { once: body.once, personId: viewer.personId }, tx => recommend(tx, { applicationId: id, viewer, body, now: now(), requestId: request.id })))
    return seeOther(request, reply, `/applications/${id}/recommendation`, written, { flash: 'recommendations.written' })
  })
}

import type { FastifyRequest } from 'fastify'
import { Declared, InterestsForm, InterestsPage } from '../../schema/interest-forms.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { declareInterests } from './declare.ts'
import { interestsPage } from './queries.ts'

export function interestRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await interestsPage(db, ById.parse(request.params).id, signedIn(request), now()))

  app.get('/applications/:id/interests', { config: { may: ['assessor'], operation: 'interests.show', page: 'interests/show' },
    schema: { params: ById, response: { 200: InterestsPage } } }, page)

  app.post('/applications/:id/interests', { config: { may: ['assessor'], operation: 'interests.declare', form: { page: 'interests/show', shape: InterestsPage, load: page } },
    schema: { params: ById, body: InterestsForm, response: { 201: Declared } } }, async (request, reply) => {
    const { id } = request.params
    const declared = orRefuse(await declareInterests(db, signedIn(request), { ...request.body, applicationId: id, requestId: request.id }, now()))
    const [next, flash] = declared.free ? [`/applications/${id}/assessment`, 'interests.free'] : ['/assessments', 'interests.tied']
    return seeOther(request, reply, next, declared, { flash })
  })
}

import type { FastifyRequest } from 'fastify'
import { Decided, DecisionForm, DecisionPage, Decisions } from '../../schema/decision-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { caseRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { decide } from './decide.ts'
import { decisionPage, decisionsFor } from './queries.ts'

export function decisionRoutes(app: App, world: World) {
  const { database: { db }, now } = world

  app.get('/decisions', { config: { may: ['decision_maker'], operation: 'decisions.index', page: 'decisions/index' }, schema: { response: { 200: Decisions } } },
    request => decisionsFor(db, signedIn(request), now()))

  const load = async (request: FastifyRequest) =>
    orRefuse(await decisionPage(db, (request.params as { id: string }).id, { viewer: signedIn(request), requestId: request.id, now: now() }))

  app.get('/applications/:id/decision', { config: { may: caseRoles, operation: 'decisions.show', page: 'decisions/show' }, schema: { params: ById, response: { 200: DecisionPage } } }, load)

  app.post('/applications/:id/decision', { config: { may: ['decision_maker'], operation: 'decisions.decide', form: { page: 'decisions/show', shape: DecisionPage, load } },
    schema: { params: ById, body: DecisionForm, response: { 201: Decided } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const decided = orRefuse(await decide(world, { applicationId: id, viewer: signedIn(request), form: body, requestId: request.id }))
    return seeOther(request, reply, `/applications/${id}/decision`, decided, { flash: `decisions.${decided.outcome}_done` })
  })
}

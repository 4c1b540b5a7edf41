import type { FastifyRequest } from 'fastify'
import { ById } from '../../schema/shared.ts'
import { Screened, ScreeningForm, ScreeningPage } from '../../schema/screening-forms.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { screeningPage } from './queries.ts'
import { screen } from './screen.ts'

export function screeningRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await screeningPage(db, ById.parse(request.params).id, signedIn(request), now()))

  app.get('/applications/:id/screening', { config: { may: ['operator'], operation: 'screenings.show', page: 'screenings/show' },
    schema: { params: ById, response: { 200: ScreeningPage } } }, page)

  app.post('/applications/:id/screening', { config: { may: ['operator'], operation: 'screenings.screen', form: { page: 'screenings/show', shape: ScreeningPage, load: page } },
    schema: { params: ById, body: ScreeningForm, response: { 201: Screened } } }, async (request, reply) => {
    const { id } = request.params
    const screened = orRefuse(await screen(db, signedIn(request), { ...request.body, applicationId: id, requestId: request.id }, now()))
    return seeOther(request, reply, screened.stage === 'accepted' ? `/applications/${id}/assignments` : '/pipeline', screened, { flash: `screenings.done_${request.body.outcome}` })
  })
}

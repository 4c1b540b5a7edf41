import type { FastifyRequest } from 'fastify'
import { DrawForm, DrawKept, DrawPage, GroupsDraft } from '../../schema/draw-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { asLocale } from '../http/locale.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { drawSample } from './draw.ts'
import { drawPage } from './queries.ts'

// Nobody of the employer has a path here: the routes admit assessors, and the queries only those of this case.
export function drawRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) =>
    orRefuse(await drawPage(db, (request.params as { id: string }).id, signedIn(request), { typed: GroupsDraft.parse(request.query), locale: asLocale(request.locale), now: now() }))

  app.get('/applications/:id/visit/sample', { config: { may: ['assessor'], operation: 'draws.show', page: 'draws/show' },
    schema: { params: ById, querystring: GroupsDraft, response: { 200: DrawPage } } }, page)

  app.post('/applications/:id/visit/sample', { config: { may: ['assessor'], operation: 'draws.draw', form: { page: 'draws/show', shape: DrawPage, load: page } },
    schema: { params: ById, body: DrawForm, response: { 201: DrawKept } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const viewer = signedIn(request), change = { applicationId: id, viewer, body, now: now(), requestId: request.id }
    const drawn = orRefuse(await writeOnce(db, { once: body.once, personId: viewer.personId }, tx => drawSample(tx, change)))
    return seeOther(request, reply, `/applications/${id}/visit/sample`, drawn, { flash: 'draws.drawn' })
  })
}

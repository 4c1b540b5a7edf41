import type { FastifyRequest } from 'fastify'
import { ObjectionAnswerForm, ObjectionForm, ObjectionKept, ObjectionPage } from '../../schema/objection-forms.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { answerObjection, object } from './object.ts'
import { objectionPage } from './queries.ts'

export function objectionRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await objectionPage(db, ById.parse(request.params).id, signedIn(request), now()))
  const form = { page: 'objections/show', shape: ObjectionPage, load: page }
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest<{ Body: { once?: string | undefined } }>) => ({ personId: signedIn(request).personId, ...(request.body.once ? { once: request.body.once } : {}) })

  app.get('/applications/:id/objection', { config: { may: ['applicant', 'operator'], operation: 'objections.show', page: 'objections/show' }, schema: { params: ById, response: { 200: ObjectionPage } } }, page)

  app.post('/applications/:id/objection', { config: { may: ['applicant'], operation: 'objections.raise', form }, schema: { params: ById, body: ObjectionForm, response: { 201: ObjectionKept } } }, async (request, reply) =>
    seeOther(request, reply, `/applications/${request.params.id}/objection`, orRefuse(await writeOnce(db, once(request), tx => object(tx, request.params.id, request.body, by(request)))), { flash: 'objections.raised' }))

  app.post('/applications/:id/objection/answer', { config: { may: ['operator'], operation: 'objections.answer', form }, schema: { params: ById, body: ObjectionAnswerForm, response: { 201: ObjectionKept } } }, async (request, reply) =>
    seeOther(request, reply, `/applications/${request.params.id}/objection`, orRefuse(await writeOnce(db, once(request), tx => answerObjection(tx, request.params.id, request.body, by(request)))), { flash: 'objections.answered' }))
}

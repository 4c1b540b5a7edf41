import type { FastifyRequest } from 'fastify'
import {
  ChosenCriterion, ClarificationOf, ClarificationsPage, Drafted, QuestionForm, RemovalForm, Replied, ReplyForm, RoundForm, Stepped,
} from '../../schema/clarification-forms.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { draftQuestion, removeDraft, sendRound } from './ask.ts'
import { clarificationsPage } from './page.ts'
import { reply as keepReply, returnRound } from './reply.ts'

export function clarificationRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) =>
    orRefuse(await clarificationsPage(db, ById.parse(request.params).id, signedIn(request), now(), ChosenCriterion.parse(request.query).criterion))
  const form = { page: 'clarifications/show', shape: ClarificationsPage, load: page }
  const root = (id: string) => `/applications/${id}/clarifications`

  app.get('/applications/:id/clarifications', { config: { may: ['applicant', 'assessor', 'operator'], operation: 'clarifications.show', page: 'clarifications/show' },
    schema: { params: ById, querystring: ChosenCriterion, response: { 200: ClarificationsPage } } }, page)

  app.post('/applications/:id/clarifications', { config: { may: ['assessor'], operation: 'clarifications.draft', form },
    schema: { params: ById, body: QuestionForm, response: { 201: Drafted } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const drafted = orRefuse(await draftQuestion(db, signedIn(request), { ...body, applicationId: id, requestId: request.id }, now()))
    return seeOther(request, reply, body.from === 'bench' ? `/applications/${id}/assessment/${body.criterion}` : root(id), drafted, { flash: 'clarifications.drafted' })
  })

  app.post('/applications/:id/clarifications/sending', { config: { may: ['assessor'], operation: 'clarifications.send', form },
    schema: { params: ById, body: RoundForm, response: { 201: Stepped } } }, async (request, reply) => {
    const { id } = request.params
    const sent = orRefuse(await sendRound(db, signedIn(request), { ...request.body, applicationId: id, requestId: request.id }, now()))
    return seeOther(request, reply, root(id), sent, { flash: 'clarifications.sent' })
  })

  app.post('/applications/:id/clarifications/:clarification/removal', { config: { may: ['assessor'], operation: 'clarifications.remove_draft', form },
    schema: { params: ClarificationOf, body: RemovalForm, response: { 201: Drafted } } }, async (request, reply) => {
    const { id, clarification } = request.params
    const removed = orRefuse(await removeDraft(db, signedIn(request), { applicationId: id, clarificationId: clarification, once: request.body.once, requestId: request.id }))
    return seeOther(request, reply, root(id), removed, { flash: 'clarifications.removed' })
  })

  app.post('/applications/:id/clarifications/:clarification/reply', { config: { may: ['applicant'], operation: 'clarifications.reply', form },
    schema: { params: ClarificationOf, body: ReplyForm, response: { 201: Replied } } }, async (request, reply) => {
    const { id, clarification } = request.params
    const replied = orRefuse(await keepReply(db, signedIn(request), { ...request.body, applicationId: id, clarificationId: clarification, requestId: request.id }, now()))
    return seeOther(request, reply, root(id), replied, { flash: 'clarifications.replied' })
  })

  app.post('/applications/:id/clarifications/return', { config: { may: ['applicant'], operation: 'clarifications.return', form },
    schema: { params: ById, body: RoundForm, response: { 201: Stepped } } }, async (request, reply) => {
    const { id } = request.params
    const returned = orRefuse(await returnRound(db, signedIn(request), { ...request.body, applicationId: id, requestId: request.id }, now()))
    return seeOther(request, reply, `/applications/${id}`, returned, { flash: 'clarifications.returned' })
  })
}

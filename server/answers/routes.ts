import type { FastifyRequest } from 'fastify'
import { AnswerForm, AnswerList, AnswerPage, AnswerSaved, ByCriterion } from '../../schema/answer-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { answerList, answerPage } from './pages.ts'
import { saveAnswer } from './save.ts'

export function answerRoutes(app: App, { database: { db }, now }: World) {
  const may = ['applicant', 'operator', 'assessor', 'decision_maker'] as const
  const load = async (request: FastifyRequest) => {
    const { id, criterion } = ByCriterion.parse(request.params)
    return orRefuse(await answerPage(db, id, criterion, signedIn(request), now()))
  }

  app.get('/applications/:id/answers', { config: { may, operation: 'answers.index', page: 'answers/index' }, schema: { params: ById, response: { 200: AnswerList } } },
    async request => orRefuse(await answerList(db, request.params.id, signedIn(request), now())))

  app.get('/applications/:id/answers/:criterion', { config: { may, operation: 'answers.show', page: 'answers/show' }, schema: { params: ByCriterion, response: { 200: AnswerPage } } }, load)

  app.post('/applications/:id/answers/:criterion', { config: { may: ['applicant'], operation: 'answers.save', form: { page: 'answers/show', shape: AnswerPage, load } },
    schema: { params: ByCriterion, body: AnswerForm, response: { 201: AnswerSaved } } }, async (request, reply) => {
    const { params: { id, criterion }, body } = request, viewer = signedIn(request)
    const saving = { applicationId: id, criterion, viewer, form: body, requestId: request.id, now: now() }
    const saved = orRefuse(await writeOnce(db, { once: body.once, personId: viewer.personId }, tx => saveAnswer(tx, saving)))
    const onward = body.go ? (await load(request)).next : criterion
    return seeOther(request, reply, `/applications/${id}/answers${onward ? `/${onward}` : ''}`, saved, { flash: 'answers.saved' })
  })
}

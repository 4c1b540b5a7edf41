import type { FastifyRequest } from 'fastify'
import { Against, AppealDecided, AppealDecisionForm, AppealFiled, AppealForm, AppealFormPage, AppealPage, Appeals, HandedOver, HandlerForm } from '../../schema/appeal-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { decideAppeal } from './decide.ts'
import { fileAppeal } from './file.ts'
import { handOver } from './hand-over.ts'
import { appealPage, appealsPage } from './queries.ts'
import { filing, subjectOf } from './subject.ts'

/** C18, ISO/IEC 17065 7.13: the client appeals, the secretariat hands it to somebody new, who decides it. */
export function appealRoutes(app: App, { database: { db }, now }: World) {
  const readers = ['applicant', 'operator', 'decision_maker'] as const
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest, token: string | undefined) => ({ personId: signedIn(request).personId, ...(token ? { once: token } : {}) })

  app.get('/appeals', { config: { may: readers, operation: 'appeals.index', page: 'appeals/index' }, schema: { response: { 200: Appeals } } }, request => appealsPage(db, signedIn(request), now()))

  const newPage = async (request: FastifyRequest) => {
    const { subject, id } = Against.parse(request.params), { employerId } = signedIn(request)
    const against = await subjectOf(db, subject, id)
    if (!against || against.employerId !== employerId) throw new Refused({ refused: 'not_found' })
    return { against, ...orRefuse(await filing(db, against, employerId, now())) }
  }
  app.get('/appeals/against/:subject/:id', { config: { may: ['applicant'], operation: 'appeals.form', page: 'appeals/new' }, schema: { params: Against, response: { 200: AppealFormPage } } }, newPage)
  app.post('/appeals/against/:subject/:id', { config: { may: ['applicant'], operation: 'appeals.file', form: { page: 'appeals/new', shape: AppealFormPage, load: newPage } }, schema: { params: Against, body: AppealForm, response: { 201: AppealFiled } } },
    async (request, reply) => {
      const { params: { subject, id }, body } = request
      const filed = orRefuse(await writeOnce(db, once(request, body.once), tx => fileAppeal(tx, { subject, subjectId: id, form: body, ...by(request) })))
      return seeOther(request, reply, `/appeals/${filed.appealId}`, filed, { flash: 'appeals.filed' })
    })

  const one = async (request: FastifyRequest) => {
    const page = await appealPage(db, ById.parse(request.params).id, signedIn(request), now())
    if (!page) throw new Refused({ refused: 'not_found' })
    return page
  }
  const form = { page: 'appeals/show', shape: AppealPage, load: one }
  app.get('/appeals/:id', { config: { may: readers, operation: 'appeals.show', page: 'appeals/show' }, schema: { params: ById, response: { 200: AppealPage } } }, one)

  app.post('/appeals/:id/handler', { config: { may: ['operator'], operation: 'appeals.hand_over', form }, schema: { params: ById, body: HandlerForm, response: { 201: HandedOver } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const handed = orRefuse(await writeOnce(db, once(request, body.once), tx => handOver(tx, { appealId: id, form: body, ...by(request) })))
    return seeOther(request, reply, `/appeals/${id}`, handed, { flash: 'appeals.handed_over' })
  })

  app.post('/appeals/:id/decision', { config: { may: ['decision_maker'], operation: 'appeals.decide', form }, schema: { params: ById, body: AppealDecisionForm, response: { 201: AppealDecided } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const decided = orRefuse(await writeOnce(db, once(request, body.once), tx => decideAppeal(tx, { appealId: id, form: body, ...by(request) })))
    return seeOther(request, reply, `/appeals/${id}`, decided, { flash: 'appeals.decided' })
  })
}

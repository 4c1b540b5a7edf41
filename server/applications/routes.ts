import type { FastifyRequest } from 'fastify'
import { ApplicationList, Hub, Opened, OpenForm, StepForm, Stepped } from '../../schema/application-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { isRefusal } from '../domain/refusal.ts'
import { asLocale } from '../http/locale.ts'
import { seeOther, wantsHtml } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { hubOf } from './hub.ts'
import { applicationList } from './list.ts'
import { openApplication } from './open.ts'
import { takeStep } from './steps.ts'

export function applicationRoutes(app: App, { database: { db }, now }: World) {
  const list = (request: FastifyRequest) => applicationList(db, signedIn(request).employerId, now())
  const look = (request: FastifyRequest) => hubOf(db, ById.parse(request.params).id, signedIn(request), asLocale(request.locale), now())
  const hub = async (request: FastifyRequest) => orRefuse(await look(request))

  app.get('/applications', { config: { may: ['applicant'], operation: 'applications.index', page: 'applications/index' }, schema: { response: { 200: ApplicationList } } }, list)

  app.post('/applications', { config: { may: ['applicant'], operation: 'applications.open', form: { page: 'applications/index', shape: ApplicationList, load: list } },
    schema: { body: OpenForm, response: { 201: Opened } } }, async (request, reply) => {
    const viewer = signedIn(request)
    const opened = orRefuse(await writeOnce(db, { once: request.body.once, personId: viewer.personId }, tx => openApplication(tx, viewer, request.id, now())))
    return seeOther(request, reply, `/applications/${opened.id}`, opened, { flash: 'applications.opened' })
  })

  app.get('/applications/:id', { config: { may: ['applicant', 'operator', 'assessor', 'decision_maker'], operation: 'applications.show', page: 'applications/show' },
    schema: { params: ById, response: { 200: Hub } } }, async (request, reply) => {
    const seen = await look(request)
    // C3: an assessor declares interests before seeing anything; a person is led there, a program is told
    if (isRefusal(seen) && seen.refused === 'interests_not_declared' && wantsHtml(request)) return reply.redirect(`/applications/${request.params.id}/interests`, 303)
    return orRefuse(seen)
  })

  app.post('/applications/:id/steps', { config: { may: ['applicant'], operation: 'applications.step', form: { page: 'applications/show', shape: Hub, load: hub } },
    schema: { params: ById, body: StepForm, response: { 201: Stepped } } }, async (request, reply) => {
    const { params: { id }, body: form } = request, viewer = signedIn(request)
    const taking = { applicationId: id, viewer, form, requestId: request.id, now: now() }
    const stepped = orRefuse(await writeOnce(db, { once: form.once, personId: viewer.personId }, tx => takeStep(tx, taking)))
    return seeOther(request, reply, `/applications/${id}`, stepped, { flash: `applications.done_${form.action}` })
  })
}

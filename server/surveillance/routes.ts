import type { FastifyRequest } from 'fastify'
import { ById } from '../../schema/shared.ts'
import { CalledOffForm, HeldForm, OfVisit, OutcomeKept, SurveillanceForm, SurveillanceList, SurveillancePage, SurveillancePlanned } from '../../schema/surveillance-shapes.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { keepOutcome } from './outcome.ts'
import { surveillancePage } from './page.ts'
import { planSurveillance } from './plan.ts'
import { surveillanceList } from './queries.ts'

/** C14: between two decisions. The secretariat plans, an assessor goes and records; the holder reads of it among its certificates. */
export function surveillanceRoutes(app: App, { database: { db }, now }: World) {
  const staff = ['operator', 'assessor'] as const
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const page = async (request: FastifyRequest) => orRefuse(await surveillancePage(db, ById.parse(request.params).id, signedIn(request), now()))
  const form = { page: 'surveillance/show', shape: SurveillancePage, load: page }

  app.get('/surveillance', { config: { may: staff, operation: 'surveillance.index', page: 'surveillance/index' }, schema: { response: { 200: SurveillanceList } } }, request => surveillanceList(db, signedIn(request)))
  app.get('/certificates/:id/surveillance', { config: { may: staff, operation: 'surveillance.show', page: 'surveillance/show' }, schema: { params: ById, response: { 200: SurveillancePage } } }, page)

  app.post('/certificates/:id/surveillance', { config: { may: ['operator'], operation: 'surveillance.plan', form }, schema: { params: ById, body: SurveillanceForm, response: { 201: SurveillancePlanned } } }, async (request, reply) => {
    const { params: { id }, body } = request
    return seeOther(request, reply, `/certificates/${id}/surveillance`, orRefuse(await planSurveillance(db, { certificateId: id, form: body, ...by(request) })), { flash: 'surveillance.planned' })
  })

  app.post('/certificates/:id/surveillance/:visit/held', { config: { may: ['assessor'], operation: 'surveillance.held', form }, schema: { params: OfVisit, body: HeldForm, response: { 201: OutcomeKept } } }, async (request, reply) => {
    const { params: { id, visit }, body: { once, form: _, ...held } } = request
    const kept = await writeOnce(db, { personId: signedIn(request).personId, ...(once ? { once } : {}) }, tx => keepOutcome(tx, { certificateId: id, visitId: visit, outcome: { outcome: 'held', ...held }, ...by(request) }))
    return seeOther(request, reply, `/certificates/${id}/surveillance`, orRefuse(kept), { flash: 'surveillance.was_held' })
  })

  app.post('/certificates/:id/surveillance/:visit/calling-off', { config: { may: ['operator'], operation: 'surveillance.call_off', form }, schema: { params: OfVisit, body: CalledOffForm, response: { 201: OutcomeKept } } }, async (request, reply) => {
    const { params: { id, visit }, body: { once, summary } } = request
    const kept = await writeOnce(db, { personId: signedIn(request).personId, ...(once ? { once } : {}) }, tx => keepOutcome(tx, { certificateId: id, visitId: visit, outcome: { outcome: 'called_off', summary }, ...by(request) }))
    return seeOther(request, reply, `/certificates/${id}/surveillance`, orRefuse(kept), { flash: 'surveillance.was_called_off' })
  })
}

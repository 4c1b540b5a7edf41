import type { FastifyRequest } from 'fastify'
import { AnswerForm, AppointmentKept, AppointmentsPage, ProposalForm, TakeBackForm, UnavailableForm } from '../../schema/appointment-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { answer, propose } from './propose.ts'
import { appointmentsPage } from './queries.ts'
import { takeBack, tellUnavailable } from './unavailable.ts'

export function appointmentRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await appointmentsPage(db, ById.parse(request.params).id, signedIn(request), now()))
  const form = { page: 'appointments/show', shape: AppointmentsPage, load: page }
  const spoken = <Body>(request: FastifyRequest, body: Body) => ({ applicationId: ById.parse(request.params).id, viewer: signedIn(request), body, now: now(), requestId: request.id })
  const once = (request: FastifyRequest<{ Body: { once?: string | undefined } }>) => ({ personId: signedIn(request).personId, ...(request.body.once ? { once: request.body.once } : {}) })
  const back = (id: string) => `/applications/${id}/visit/dates`

  app.get('/applications/:id/visit/dates', { config: { may: ['applicant', 'assessor', 'operator'], operation: 'appointments.show', page: 'appointments/show' }, schema: { params: ById, response: { 200: AppointmentsPage } } }, page)

  app.post('/applications/:id/visit/dates/unavailable', { config: { may: ['applicant'], operation: 'appointments.tell_unavailable', form }, schema: { params: ById, body: UnavailableForm, response: { 201: AppointmentKept } } }, async (request, reply) =>
    seeOther(request, reply, back(request.params.id), orRefuse(await writeOnce(db, once(request), tx => tellUnavailable(tx, spoken(request, request.body)))), { flash: 'appointments.told' }))

  app.post('/applications/:id/visit/dates/unavailable/removal', { config: { may: ['applicant'], operation: 'appointments.take_back', form }, schema: { params: ById, body: TakeBackForm, response: { 201: AppointmentKept } } }, async (request, reply) =>
    seeOther(request, reply, back(request.params.id), orRefuse(await writeOnce(db, once(request), tx => takeBack(tx, spoken(request, request.body)))), { flash: 'appointments.taken_back' }))

  app.post('/applications/:id/visit/dates/proposals', { config: { may: ['applicant', 'assessor'], operation: 'appointments.propose', form }, schema: { params: ById, body: ProposalForm, response: { 201: AppointmentKept } } }, async (request, reply) =>
    seeOther(request, reply, back(request.params.id), orRefuse(await writeOnce(db, once(request), tx => propose(tx, spoken(request, request.body)))), { flash: 'appointments.proposed' }))

  app.post('/applications/:id/visit/dates/answer', { config: { may: ['applicant', 'assessor'], operation: 'appointments.answer', form }, schema: { params: ById, body: AnswerForm, response: { 201: AppointmentKept } } }, async (request, reply) =>
    seeOther(request, reply, back(request.params.id), orRefuse(await writeOnce(db, once(request), tx => answer(tx, spoken(request, request.body)))), { flash: 'appointments.answered' }))
}

import type { FastifyRequest } from 'fastify'
import { ComplaintCase, ComplaintCases, ComplaintStepForm, ComplaintStepTaken } from '../../schema/complaint-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { publicComplaintRoutes } from './public.ts'
import { complaintCase, complaintCases } from './queries.ts'
import { takeComplaintStep } from './take-step.ts'

export function complaintRoutes(app: App, world: World) {
  const { database: { db }, now } = world, may = ['operator', 'decision_maker'] as const
  publicComplaintRoutes(app, world)

  app.get('/complaint-cases', { config: { may, operation: 'complaints.index', page: 'complaint_cases/index' }, schema: { response: { 200: ComplaintCases } } }, request => complaintCases(db, signedIn(request), now()))

  const one = async (request: FastifyRequest) => {
    const page = await complaintCase(db, ById.parse(request.params).id, signedIn(request), now())
    if (!page) throw new Refused({ refused: 'not_found' })
    return page
  }
  app.get('/complaint-cases/:id', { config: { may, operation: 'complaints.show', page: 'complaint_cases/show' }, schema: { params: ById, response: { 200: ComplaintCase } } }, one)

  const form = { page: 'complaint_cases/show', shape: ComplaintCase, load: one }
  app.post('/complaint-cases/:id/steps', { config: { may, operation: 'complaints.step', form }, schema: { params: ById, body: ComplaintStepForm, response: { 201: ComplaintStepTaken } } }, async (request, reply) => {
    const viewer = signedIn(request), { params: { id }, body } = request
    const step = { complaintId: id, form: body, viewer, requestId: request.id, now: now() }
    const taken = orRefuse(await writeOnce(db, { ...(body.once ? { once: body.once } : {}), personId: viewer.personId }, tx => takeComplaintStep(tx, step)))
    return seeOther(request, reply, `/complaint-cases/${id}`, taken, { flash: 'complaint_cases.kept' })
  })
}

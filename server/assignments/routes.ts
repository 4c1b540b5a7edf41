import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Assigned, AssignmentForm, AssignmentsPage, AssignmentsQuery, EndingForm } from '../../schema/assignment-forms.ts'
import { ById, Id } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { assign, endAssignment, givesUp } from './assign.ts'
import { assignmentsPage } from './queries.ts'

export function assignmentRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await assignmentsPage(db, ById.parse(request.params).id, signedIn(request), { searched: AssignmentsQuery.parse(request.query).name, now: now() }))
  const form = { page: 'assignments/show', shape: AssignmentsPage, load: page }

  app.get('/applications/:id/assignments', { config: { may: ['operator'], operation: 'assignments.show', page: 'assignments/show' },
    schema: { params: ById, querystring: AssignmentsQuery, response: { 200: AssignmentsPage } } }, page)

  app.post('/applications/:id/assignments', { config: { may: ['operator'], operation: 'assignments.assign', form },
    schema: { params: ById, body: AssignmentForm, response: { 201: Assigned } } }, async (request, reply) => {
    const { params: { id }, body } = request, viewer = signedIn(request)
    const assigned = orRefuse(await assign(db, viewer, { ...body, applicationId: id, requestId: request.id }, now()))
    if (givesUp(viewer, body)) return seeOther(request, reply, '/pipeline', assigned, { flash: 'assignments.given_up' }) // its pages are not there for her any more
    return seeOther(request, reply, `/applications/${id}/assignments`, assigned, { flash: 'assignments.assigned' })
  })

  app.post('/applications/:id/assignments/:assignment/ending', { config: { may: ['operator'], operation: 'assignments.end', form },
    schema: { params: z.object({ id: Id, assignment: Id }), body: EndingForm, response: { 201: Assigned } } }, async (request, reply) => {
    const { id, assignment } = request.params
    const ended = orRefuse(await endAssignment(db, signedIn(request), { applicationId: id, assignmentId: assignment, once: request.body.once, requestId: request.id }, now()))
    return seeOther(request, reply, `/applications/${id}/assignments`, ended, { flash: 'assignments.ended' })
  })
}

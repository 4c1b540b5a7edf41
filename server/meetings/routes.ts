import type { FastifyRequest } from 'fastify'
import { MeetingForm, MeetingKept, MeetingsPage } from '../../schema/meeting-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { caseRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { keepMeeting } from './keep.ts'
import { meetingsPage } from './queries.ts'

export function meetingRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await meetingsPage(db, ById.parse(request.params).id, signedIn(request), now()))

  app.get('/applications/:id/visit/meetings', { config: { may: caseRoles, operation: 'meetings.show', page: 'meetings/show' }, schema: { params: ById, response: { 200: MeetingsPage } } }, page)

  app.post('/applications/:id/visit/meetings', { config: { may: ['assessor'], operation: 'meetings.keep', form: { page: 'meetings/show', shape: MeetingsPage, load: page } },
    schema: { params: ById, body: MeetingForm, response: { 201: MeetingKept } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const viewer = signedIn(request), change = { applicationId: id, viewer, body, now: now(), requestId: request.id }
    const kept = orRefuse(await writeOnce(db, { once: body.once, personId: viewer.personId }, tx => keepMeeting(tx, change)))
    return seeOther(request, reply, `/applications/${id}/visit/meetings`, kept, { flash: 'meetings.kept' })
  })
}

import type { FastifyRequest } from 'fastify'
import { InterviewForm, InterviewKept, InterviewsPage } from '../../schema/interview-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { keepInterview } from './keep.ts'
import { interviewsPage } from './queries.ts'

// Nobody of the employer has a path here: the routes admit assessors, and the queries only those of this case.
export function interviewRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await interviewsPage(db, (request.params as { id: string }).id, signedIn(request), now()))

  app.get('/applications/:id/interviews', { config: { may: ['assessor'], operation: 'interviews.index', page: 'interviews/index' },
    schema: { params: ById, response: { 200: InterviewsPage } } }, page)

  app.post('/applications/:id/interviews', { config: { may: ['assessor'], operation: 'interviews.keep', form: { page: 'interviews/index', shape: InterviewsPage, load: page } },
    schema: { params: ById, body: InterviewForm, response: { 201: InterviewKept } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const viewer = signedIn(request)
    const change = { applicationId: id, viewer, body, now: now(), requestId: request.id }
    const kept = orRefuse(await writeOnce(db, { once: body.once, personId: viewer.personId }, tx => keepInterview(tx, change)))
    return seeOther(request, reply, `/applications/${id}/interviews`, kept, { flash: 'interviews.kept' })
  })
}

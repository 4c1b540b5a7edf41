import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Closed, ClosureForm, FindingPage, FindingsPage, Raised, RaiseForm, Responded, ResponseForm, Reviewed, ReviewForm, StepForm, StepTaken, ToClosePage } from '../../schema/finding-shapes.ts'
import { Sha256 } from '../../schema/notebook-shapes.ts'
import { ById, Id } from '../../schema/shared.ts'
import { caseRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { closeFinding } from './close.ts'
import { correctionRoutes } from './correction-routes.ts'
import { findingPage } from './page.ts'
import { findingsPage } from './pages.ts'
import { raiseFinding } from './raise.ts'
import { respond } from './respond.ts'
import { review } from './review.ts'
import { takeStep } from './steps.ts'
import { toClose } from './to-close.ts'

const Draft = z.object({
  criterion: z.string().max(20).optional().catch(undefined), grade: z.string().max(20).optional().catch(undefined), supersedes: Id.optional().catch(undefined),
  notebook: Sha256.optional().catch(undefined), // the draft of a field notebook
})

export function findingRoutes(app: App, world: World) {
  const { database: { db }, now } = world
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id
  const list = async (request: FastifyRequest) => orRefuse(await findingsPage(db, idOf(request), signedIn(request), Draft.parse(request.query), now()))
  const one = async (request: FastifyRequest) => orRefuse(await findingPage(db, idOf(request), signedIn(request), now()))
  const listForm = { page: 'findings/index', shape: FindingsPage, load: list }
  const oneForm = { page: 'findings/show', shape: FindingPage, load: one }
  const about = <Body>(request: FastifyRequest, body: Body) => ({ viewer: signedIn(request), body, now: now(), requestId: request.id })
  const writer = (request: FastifyRequest, { once }: { once?: string }) => ({ once, personId: signedIn(request).personId })

  app.get('/applications/:id/findings', { config: { may: caseRoles, operation: 'findings.index', page: 'findings/index' },
    schema: { params: ById, querystring: Draft, response: { 200: FindingsPage } } }, list)

  app.post('/applications/:id/findings', { config: { may: ['assessor'], operation: 'findings.raise', form: listForm }, schema: { params: ById, body: RaiseForm, response: { 201: Raised } } },
    async (request, reply) => {
      const raised = orRefuse(await writeOnce(db, writer(request, request.body), tx => raiseFinding(tx, { applicationId: request.params.id, ...about(request, request.body) })))
      return seeOther(request, reply, `/findings/${raised.findingId}`, raised, { flash: 'findings.raised' })
    })

  app.get('/findings/:id', { config: { may: caseRoles, operation: 'findings.show', page: 'findings/show' }, schema: { params: ById, response: { 200: FindingPage } } }, one)

  app.post('/findings/:id/responses', { config: { may: ['applicant'], operation: 'findings.respond', form: oneForm }, schema: { params: ById, body: ResponseForm, response: { 201: Responded } } },
    async (request, reply) => {
      const responded = orRefuse(await writeOnce(db, writer(request, request.body), tx => respond(tx, { findingId: request.params.id, ...about(request, request.body) })))
      return seeOther(request, reply, `/findings/${request.params.id}`, responded, { flash: 'findings.responded' })
    })

  app.post('/findings/:id/reviews', { config: { may: ['assessor'], operation: 'findings.review', form: oneForm }, schema: { params: ById, body: ReviewForm, response: { 201: Reviewed } } },
    async (request, reply) => {
      const reviewed = orRefuse(await writeOnce(db, writer(request, request.body), tx => review(tx, { findingId: request.params.id, ...about(request, request.body) })))
      return seeOther(request, reply, `/findings/${request.params.id}`, reviewed, { flash: 'findings.reviewed' })
    })

  app.post('/findings/:id/steps', { config: { may: ['applicant', 'operator'], operation: 'findings.take_step', form: oneForm }, schema: { params: ById, body: StepForm, response: { 201: StepTaken } } },
    async (request, reply) => {
      const taken = orRefuse(await writeOnce(db, writer(request, request.body), tx => takeStep(tx, { findingId: request.params.id, ...about(request, request.body) })))
      return seeOther(request, reply, `/findings/${request.params.id}`, taken, { flash: 'findings.step_taken' })
    })

  app.post('/findings/:id/closures', { config: { may: ['decision_maker'], operation: 'findings.close', form: oneForm }, schema: { params: ById, body: ClosureForm, response: { 201: Closed } } },
    async (request, reply) => {
      const closed = orRefuse(await writeOnce(db, writer(request, request.body), tx => closeFinding(tx, { findingId: request.params.id, ...about(request, request.body) })))
      return seeOther(request, reply, '/findings-to-close', closed, { flash: closed.outcome === 'signed' ? 'findings.closure_signed' : 'findings.closure_kept' })
    })

  app.get('/findings-to-close', { config: { may: ['decision_maker'], operation: 'findings.to_close', page: 'findings/to_close' }, schema: { response: { 200: ToClosePage } } },
    request => toClose(db, signedIn(request), now()))

  correctionRoutes(app, world, oneForm)
}

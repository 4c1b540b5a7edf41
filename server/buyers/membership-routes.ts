import type { FastifyRequest } from 'fastify'
import { MembershipsPage } from '../../schema/buyer-shapes.ts'
import { AnswerForm, Done } from '../../schema/invitation-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { roles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { answerMembership, membershipsPage } from './membership.ts'

/** The invited colleague's side. Whoever signed in with the address that was asked may answer; nobody else finds anything here. */
export function membershipRoutes(app: App, { database: { db }, now }: World) {
  const may = roles // staff too: they are asked like anybody, and can decline
  const load = (request: FastifyRequest) => membershipsPage(db, signedIn(request), now())
  const form = { page: 'buyers/memberships', shape: MembershipsPage, load }
  const answer = async (request: FastifyRequest<{ Params: { id: string }; Body: { once?: string | undefined } }>, word: 'accepted' | 'declined') => {
    const viewer = signedIn(request), { once } = request.body
    return orRefuse(await writeOnce(db, { personId: viewer.personId, ...(once ? { once } : {}) }, tx => answerMembership(tx, request.params.id, word, { viewer, requestId: request.id, now: now() })))
  }

  app.get('/memberships', { config: { may, operation: 'buyers.memberships', page: 'buyers/memberships' }, schema: { response: { 200: MembershipsPage } } }, load)
  app.post('/memberships/:id/acceptance', { config: { may, operation: 'buyers.accept_membership', form }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, '/watchlist', await answer(request, 'accepted'), { flash: 'buyers.joined' }))
  app.post('/memberships/:id/refusal', { config: { may, operation: 'buyers.decline_membership', form }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, '/memberships', await answer(request, 'declined'), { flash: 'buyers.membership_declined' }))
}

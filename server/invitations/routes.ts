import type { FastifyRequest } from 'fastify'
import { AnswerForm, Done, InvitationForm, InvitationsPage, SupplierInvitationPage } from '../../schema/invitation-shapes.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { invite, remind, takeBack } from './invite.ts'
import { invitationsPage } from './list.ts'
import { memberOf, type Member } from './own.ts'
import { invitedRoutes } from './public.ts'
import { supplierForm, supplierPage } from './supplier-page.ts'

/** A buyer asks its suppliers; they decide whether to apply, and what this buyer sees of it. */
export function invitationRoutes(app: App, world: World) {
  const { database: { db }, now } = world
  const may = ['buyer'] as const
  const form = supplierForm(world)
  invitedRoutes(app, world)

  const write = async (request: FastifyRequest<{ Body: { once?: string | undefined } }>, work: (tx: Db, by: Member & { requestId: string; now: Date }) => Promise<{ id: string } | Refusal>) => {
    const by = { ...memberOf(signedIn(request)), requestId: request.id, now: now() }, { once } = request.body
    return orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: by.personId }, tx => work(tx, by)))
  }
  const at = (id: string) => `/suppliers/${id}/invitation`

  app.get('/invitations', { config: { may, operation: 'invitations.index', page: 'invitations/index' }, schema: { response: { 200: InvitationsPage } } },
    request => invitationsPage(db, memberOf(signedIn(request)).buyerId, now()))

  app.get('/suppliers/:id/invitation', { config: { may, operation: 'invitations.of_supplier', page: 'invitations/supplier' }, schema: { params: ById, response: { 200: SupplierInvitationPage } } },
    request => supplierPage(db, request, now()))

  app.post('/suppliers/:id/invitation', { config: { may, operation: 'invitations.invite', form }, schema: { params: ById, body: InvitationForm, response: { 201: Done } } }, async (request, reply) => {
    const { params: { id: supplierId }, body } = request
    return seeOther(request, reply, at(supplierId), await write(request, (tx, by) => invite(tx, { supplierId, body }, by)), { flash: 'invitations.sent' })
  })

  app.post('/suppliers/:id/invitation/reminder', { config: { may, operation: 'invitations.remind', form }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, at(request.params.id), await write(request, (tx, by) => remind(tx, request.params.id, by)), { flash: 'invitations.reminded' }))

  app.post('/suppliers/:id/invitation/withdrawal', { config: { may, operation: 'invitations.take_back', form }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, at(request.params.id), await write(request, (tx, by) => takeBack(tx, request.params.id, by)), { flash: 'invitations.taken_back' }))
}

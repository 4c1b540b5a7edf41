import type { FastifyRequest } from 'fastify'
import { AlertForm, BuyerForm, BuyerPage, BuyerSaved, MemberForm, NewBuyerPage } from '../../schema/buyer-shapes.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn, type Viewer } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { buyerPage, foundBuyer, removeMember, saveBuyer, setAlerts } from './company.ts'
import { inviteMember, takeMemberInvitationBack } from './membership.ts'
import { membershipRoutes } from './membership-routes.ts'

/** A buyer's own company: its names, its members, how each hears of changes. */
export function buyerRoutes(app: App, world: World) {
  const { database: { db }, now, publicUrl } = world
  membershipRoutes(app, world)
  const may = ['buyer'] as const
  const load = async (request: FastifyRequest) => orRefuse(await buyerPage(db, signedIn(request), now()))
  const form = { page: 'buyers/show', shape: BuyerPage, load }
  const blank = async () => ({ nameJa: '', nameEn: '', corporateNumber: '' })
  const write = async (request: FastifyRequest, work: (tx: Db, by: { viewer: Viewer; requestId: string; now: Date }) => Promise<{ buyerId: string } | Refusal>) => {
    const viewer = signedIn(request), { once } = (request.body ?? {}) as { once?: string }
    return orRefuse(await writeOnce(db, { personId: viewer.personId, ...(once ? { once } : {}) }, tx => work(tx, { viewer, requestId: request.id, now: now() })))
  }

  app.get('/buyer/new', { config: { may: ['applicant'], operation: 'buyers.new', page: 'buyers/new' }, schema: { response: { 200: NewBuyerPage } } }, blank)
  app.post('/buyer/new', { config: { may: ['applicant'], operation: 'buyers.found', form: { page: 'buyers/new', shape: NewBuyerPage, load: blank } }, schema: { body: BuyerForm, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/watchlist', await write(request, (tx, by) => foundBuyer(tx, request.body, by)), { flash: 'buyers.founded' }))

  // Whoever belongs to nobody yet is an applicant by our book, and means to found a company here.
  app.get('/buyer', { config: { may: ['buyer', 'applicant'], operation: 'buyers.show', page: 'buyers/show' }, schema: { response: { 200: BuyerPage } } }, async (request, reply) => {
    const { buyerId, employerId } = signedIn(request)
    if (buyerId) return load(request)
    if (employerId) throw new Refused({ refused: 'not_your_role' })
    return reply.redirect('/buyer/new', 303)
  })
  app.post('/buyer', { config: { may, operation: 'buyers.save', form }, schema: { body: BuyerForm, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer', await write(request, (tx, by) => saveBuyer(tx, request.body, by)), { flash: 'buyers.saved' }))
  app.post('/buyer/members', { config: { may, operation: 'buyers.invite_member', form, rateLimit: { max: 60, timeWindow: '1 minute' } }, schema: { body: MemberForm, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer#members', await write(request, (tx, by) => inviteMember(tx, request.body.email, by)), { flash: 'buyers.member_invited' }))
  app.post('/buyer/members/invitations/:id/withdrawal', { config: { may, operation: 'buyers.take_member_back', form }, schema: { params: ById, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer#members', await write(request, (tx, by) => takeMemberInvitationBack(tx, request.params.id, by)), { flash: 'buyers.member_taken_back' }))
  app.post('/buyer/members/:id/removal', { config: { may, operation: 'buyers.remove_member', form }, schema: { params: ById, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer#members', await write(request, (tx, by) => removeMember(tx, request.params.id, by)), { flash: 'buyers.member_removed' }))
  app.post('/buyer/alerts', { config: { may, operation: 'buyers.set_alerts', form }, schema: { body: AlertForm, response: { 201: BuyerSaved } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer#alerts', await write(request, (tx, by) => setAlerts(tx, request.body.alerts, by, publicUrl)), { flash: 'buyers.saved' }))
}

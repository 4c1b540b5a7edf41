import { desc, eq } from 'drizzle-orm'
import { AnswerForm, Done, SponsoredStatus, SponsorshipForm, SponsorshipsPage } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { ById } from '../../schema/shared.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import type { Db } from '../adapters/database.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { memberOf, ownSupplier, type Member } from '../invitations/own.ts'
import { supplierForm } from '../invitations/supplier-page.ts'
import type { World } from '../world.ts'
import { endSponsorship } from './answer.ts'
import { offer } from './offer.ts'
import { sponsorshipsOf } from './queries.ts'

/** Domain.md 12: a buyer may pay for an assessment and see how far it is; it never chooses the assessor and never sees the case. */
export function sponsorshipRoutes(app: App, world: World) {
  const { database: { db }, now } = world
  const may = ['buyer'] as const

  app.get('/sponsorships', { config: { may, operation: 'sponsorships.index', page: 'sponsorships/index' }, schema: { response: { 200: SponsorshipsPage } } },
    async request => ({ sponsorships: await sponsorshipsOf(db, memberOf(signedIn(request)).buyerId) }))

  app.get('/sponsorships/:id', { config: { may, operation: 'sponsorships.show', page: 'sponsorships/show' }, schema: { params: ById, response: { 200: SponsoredStatus } } }, async request => {
    const [one] = await sponsorshipsOf(db, memberOf(signedIn(request)).buyerId, eq(sponsorships.id, request.params.id))
    if (!one) throw new Refused({ refused: 'not_found' })
    return one
  })

  app.post('/suppliers/:id/sponsorship', { config: { may, operation: 'sponsorships.offer', form: supplierForm(world) }, schema: { params: ById, body: SponsorshipForm, response: { 201: Done } } }, async (request, reply) => {
    const by = { ...memberOf(signedIn(request)), requestId: request.id, now: now() }, { once, terms } = request.body
    const done = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: by.personId }, tx => offerTo(tx, request.params.id, terms, by)))
    return seeOther(request, reply, `/suppliers/${request.params.id}/invitation`, done, { flash: 'sponsorships.offered' })
  })

  app.post('/sponsorships/:id/ending', { config: { may, operation: 'sponsorships.end' }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) => {
    const { personId, buyerId } = memberOf(signedIn(request)), { once } = request.body
    const by = { personId, requestId: request.id, now: now() }
    const done = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId }, tx => endSponsorship(tx, request.params.id, { side: 'sponsor', buyerId }, by)))
    return seeOther(request, reply, `/sponsorships/${done.id}`, done, { flash: 'sponsorships.ended' })
  })
}

async function offerTo(tx: Db, supplierId: string, terms: string, by: Member & { requestId: string; now: Date }): Promise<{ id: string } | Refusal> {
  const supplier = await ownSupplier(tx, supplierId, by.buyerId, { lock: true })
  if (isRefusal(supplier)) return supplier
  const [invitation] = await tx.select().from(invitations).where(eq(invitations.supplierId, supplierId)).orderBy(desc(invitations.sentAt), desc(invitations.id)).limit(1).for('update')
  return invitation ? offer(tx, invitation, terms, by) : { refused: 'no_such_step' }
}

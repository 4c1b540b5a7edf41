import { and, eq } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { buyers } from '../../schema/buyers.ts'
import { employers } from '../../schema/employers.ts'
import { AnswerForm, ByToken, Done, InvitationPage } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import type { Db } from '../adapters/database.ts'
import { domainOf } from '../buyers/domain-of.ts'
import { invitationState } from '../domain/invitations.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { hashToken, signedIn, type Viewer } from '../http/viewer.ts'
import { standing } from '../sponsorships/standing.ts'
import type { World } from '../world.ts'
import { accept, decline } from './answer.ts'

type Page = z.infer<typeof InvitationPage>

/** The invited side. Mail scanners open every link (style.md, trap 11): GET only shows, what has an effect is a form. */
export function invitedRoutes(app: App, { database: { db }, now }: World) {
  const rateLimit = { max: 60, timeWindow: '1 minute' } // nobody guesses 256 bits; this only keeps the trying cheap for us
  const load = (request: FastifyRequest) => invitationPage(db, (request.params as { token: string }).token, request.viewer, now())
  const form = { page: 'invitations/show', shape: InvitationPage, load }

  app.get('/invitations/:token', { config: { may: 'anyone', operation: 'invitations.show', page: 'invitations/show', rateLimit }, schema: { params: ByToken, response: { 200: InvitationPage } } }, async (request, reply) => {
    void reply.headers({ 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' })
    return load(request)
  })

  app.post('/invitations/:token/acceptance', { config: { may: ['applicant'], operation: 'invitations.accept', form, rateLimit }, schema: { params: ByToken, body: AnswerForm, response: { 201: Done } } }, async (request, reply) => {
    const viewer = signedIn(request), { once } = request.body
    const done = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: viewer.personId }, tx => accept(tx, request.params.token, viewer, { now: now(), requestId: request.id })))
    return seeOther(request, reply, '/employer/buyers', done, { flash: 'invitations.accepted' })
  })

  app.post('/invitations/:token/refusal', { config: { may: 'anyone', operation: 'invitations.decline', form, rateLimit }, schema: { params: ByToken, body: AnswerForm, response: { 201: Done } } }, async (request, reply) => {
    const { once } = request.body
    const done = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: request.viewer?.personId ?? null }, tx => decline(tx, request.params.token, { now: now(), requestId: request.id })))
    return seeOther(request, reply, `/invitations/${request.params.token}`, done, { flash: 'invitations.declined' })
  })
}

async function invitationPage(db: Db, token: string, viewer: Viewer | null, now: Date): Promise<Page> {
  const [row] = await db.select({ invitation: invitations, buyer: { nameJa: buyers.nameJa, nameEn: buyers.nameEn }, domain: domainOf }).from(invitations).innerJoin(buyers, eq(buyers.id, invitations.buyerId)).innerJoin(people, eq(people.id, invitations.sentBy)).where(eq(invitations.tokenHash, hashToken(token)))
  if (!row) throw new Refused({ refused: 'not_found' })
  const { invitation, buyer, domain } = row
  const [sponsorship] = await db.select({ terms: sponsorships.terms }).from(sponsorships).where(and(eq(sponsorships.invitationId, invitation.id), standing))
  const [company] = viewer?.employerId ? await db.select({ nameJa: employers.nameJa }).from(employers).where(eq(employers.id, viewer.employerId)) : []
  return { token, buyer, domain, message: invitation.message, state: invitationState(invitation, now), expiresAt: invitation.expiresAt, sponsorship: sponsorship ?? null, viewer: readerOf(viewer), company: company?.nameJa || null }
}

function readerOf(viewer: Viewer | null): Page['viewer'] {
  if (!viewer) return 'nobody'
  if (!viewer.roles.includes('applicant')) return 'other_role'
  return viewer.employerId ? 'ready' : 'no_company'
}

import { and, eq, isNull } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import { AuditSummaries, AuditSummary, GrantConfirmation, GrantForm, LookUpQuery } from '../../schema/grant-shapes.ts'
import { AnswerForm, Done, EmployerBuyersPage } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { memberOf } from '../invitations/own.ts'
import { record } from '../journal/record.ts'
import { answerOffer, endSponsorship } from '../sponsorships/answer.ts'
import type { World } from '../world.ts'
import { employerBuyersPage } from './buyers-page.ts'
import { buyerByCode, grant, isGranted, withdraw } from './grant.ts'
import { auditSummaries, auditSummary } from './summary.ts'

type By = { personId: string; employerId: string; requestId: string; now: Date }
// A code says nothing by itself, but a list of buyers is nobody's business either: one person asks for a few, not for all.
const rateLimit = { max: 20, timeWindow: '10 minutes', hook: 'preHandler', keyGenerator: (request: FastifyRequest) => request.viewer?.personId ?? request.ip } as const

/** Y8 of peers.md, row 65: the supplier decides which buyer sees detail, and takes it back. */
export function grantRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  const may = ['applicant'] as const
  const load = (request: FastifyRequest) => employerBuyersPage(db, signedIn(request).employerId, now())
  const form = { page: 'grants/buyers', shape: EmployerBuyersPage, load }
  const write = async (request: FastifyRequest<{ Body: { once?: string | undefined } }>, work: (tx: Db, by: By) => Promise<{ id: string } | Refusal>) => {
    const { personId, employerId } = signedIn(request), { once } = request.body
    if (!employerId) throw new Refused({ refused: 'not_found' })
    return orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId }, tx => work(tx, { personId, employerId, requestId: request.id, now: now() })))
  }
  const one = { params: ById, body: AnswerForm, response: { 201: Done } }

  app.get('/employer/buyers', { config: { may, operation: 'grants.buyers', page: 'grants/buyers' }, schema: { response: { 200: EmployerBuyersPage } } }, load)

  app.get('/employer/grants/new', { config: { may, operation: 'grants.look_up', page: 'grants/new', rateLimit }, schema: { querystring: LookUpQuery, response: { 200: GrantConfirmation } } }, async request => {
    const { employerId } = signedIn(request), { code } = request.query
    if (!employerId) throw new Refused({ refused: 'no_company_yet' })
    const buyer = await buyerByCode(db, code)
    return { code, buyer: buyer && { nameJa: buyer.nameJa, nameEn: buyer.nameEn, domain: buyer.domain }, granted: buyer !== null && await isGranted(db, employerId, buyer.id) }
  })

  app.post('/employer/grants', { config: { may, operation: 'grants.grant', form, rateLimit }, schema: { body: GrantForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, '/employer/buyers#grants', await write(request, (tx, by) => grant(tx, request.body.code, by)), { flash: 'grants.granted' }))

  app.post('/employer/grants/:id/withdrawal', { config: { may, operation: 'grants.withdraw', form }, schema: one }, async (request, reply) =>
    seeOther(request, reply, '/employer/buyers#grants', await write(request, (tx, by) => withdraw(tx, request.params.id, by)), { flash: 'grants.withdrawn' }))

  app.post('/employer/invitations/:id/ending', { config: { may, operation: 'invitations.end_view', form }, schema: one }, async (request, reply) =>
    seeOther(request, reply, '/employer/buyers', await write(request, (tx, by) => endView(tx, request.params.id, by)), { flash: 'grants.view_ended' }))

  for (const [path, answer] of [['acceptance', 'accepted'], ['refusal', 'declined']] as const) {
    app.post(`/employer/sponsorships/:id/${path}`, { config: { may, operation: `sponsorships.${answer}`, form }, schema: one }, async (request, reply) =>
      seeOther(request, reply, '/employer/buyers#sponsorships', await write(request, (tx, by) => answerOffer(tx, request.params.id, answer, by)), { flash: `grants.sponsorship_${answer}` }))
  }

  app.post('/employer/sponsorships/:id/ending', { config: { may, operation: 'sponsorships.end_by_employer', form }, schema: one }, async (request, reply) =>
    seeOther(request, reply, '/employer/buyers#sponsorships', await write(request, (tx, { employerId, ...by }) => endSponsorship(tx, request.params.id, { side: 'employer', employerId }, by)), { flash: 'grants.sponsorship_ended' }))

  app.get('/audit-summaries', { config: { may: ['buyer'], operation: 'grants.summaries', page: 'grants/summaries' }, schema: { response: { 200: AuditSummaries } } },
    request => auditSummaries(db, memberOf(signedIn(request)).buyerId))

  app.get('/audit-summaries/:id', { config: { may: ['buyer'], operation: 'grants.summary', page: 'grants/summary' }, schema: { params: ById, response: { 200: AuditSummary } } }, async request => {
    const summary = await auditSummary(db, { id: request.params.id, buyerId: memberOf(signedIn(request)).buyerId, now: now(), publicUrl })
    if (!summary) throw new Refused({ refused: 'not_found' })
    return summary
  })
}

/** The buyer sees no step any more, from its next request on. */
async function endView(tx: Db, id: string, { personId, employerId, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const [ended] = await tx.update(invitations).set({ viewEndedAt: now, viewEndedBy: personId }).where(and(eq(invitations.id, id), eq(invitations.employerId, employerId), isNull(invitations.viewEndedAt))).returning({ id: invitations.id })
  if (!ended) return { refused: 'not_found' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'invitations.end_view', employerId, subjectId: id })
  return ended
}

import type { FastifyRequest } from 'fastify'
import { appealOf } from '../appeals/subject.ts'
import { reasonClasses } from '../../schema/certificate-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { OwnCertificates, StandingDecided, StandingForm, StandingPage, Standings, StandingsQuery, Surrendered, SurrenderForm } from '../../schema/standing-shapes.ts'
import { OfVisit, WishForm, Wished } from '../../schema/surveillance-shapes.ts'
import { japanDate } from '../domain/calendar.ts'
import { changesFrom, decidedChanges, longestSuspension } from '../domain/standing-changes.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { renewalOf } from '../renewals/queries.ts'
import { standardInForce } from '../standard/queries.ts'
import { surveillanceOfHolder } from '../surveillance/holder.ts'
import { wishForAnotherDay } from '../surveillance/wish.ts'
import type { World } from '../world.ts'
import { decideStanding, surrender } from './decide.ts'
import { headOf, headsOfEmployer, historyOf, searchHeads, sitesOf, without, workOf } from './queries.ts'

/** How a standing changes: decided by people who took no part, or given back by the holder. */
export function standingDecisionRoutes(app: App, { database: { db }, now }: World) {
  const may = ['decision_maker'] as const
  const today = () => japanDate(now())
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest) => ({ personId: signedIn(request).personId, ...((request.body as { once?: string }).once ? { once: (request.body as { once: string }).once } : {}) })
  const page = async (request: FastifyRequest) => {
    const head = await headOf(db, (request.params as { id: string }).id, signedIn(request).personId, today())
    if (!head || head.parts.length > 0 || signedIn(request).tiedTo.includes(head.employerId)) throw new Refused({ refused: 'not_found' })
    const open = changesFrom(head.standing, 'decision_maker', head.openCondition), said = await sitesOf(db, head.certificateId)
    return {
      ...head, history: await historyOf(db, head.certificateId), choices: decidedChanges.filter(change => open.includes(change)), reasonClasses: [...reasonClasses],
      sites: said ? without(said.statement.sites, said.removed) : [], longest: longestSuspension(today()),
    }
  }

  app.get('/standings', { config: { may, operation: 'standing_decisions.index', page: 'standing_decisions/index' }, schema: { querystring: StandingsQuery, response: { 200: Standings } } }, async request => {
    const { personId } = signedIn(request), q = (request.query.q ?? '').replaceAll('\0', '')
    return { q, found: q.trim() ? await searchHeads(db, q, personId, today()) : [], work: await workOf(db, personId, today()) }
  })

  app.get('/certificates/:id/standing', { config: { may, operation: 'standing_decisions.show', page: 'standing_decisions/show' }, schema: { params: ById, response: { 200: StandingPage } } }, page)
  app.post('/certificates/:id/standing', { config: { may, operation: 'standing_decisions.decide', form: { page: 'standing_decisions/show', shape: StandingPage, load: page } }, schema: { params: ById, body: StandingForm, response: { 201: StandingDecided } } }, async (request, reply) =>
    seeOther(request, reply, `/certificates/${request.params.id}/standing`, orRefuse(await writeOnce(db, once(request), tx => decideStanding(tx, request.params.id, request.body, by(request)))), { flash: 'standing_decisions.decided' }))

  // Who decided is for those inside, as with the first decision.
  const own = async (request: FastifyRequest) => {
    const { employerId, personId } = signedIn(request)
    const heads = employerId ? await headsOfEmployer(db, employerId, personId, today()) : []
    const appealed = async ({ decisionId, eventId, byClock }: { decisionId: string | null; eventId: string; byClock: boolean }) =>
      (decisionId || byClock ? appealOf(db, decisionId ? 'standing_decision' : 'clock', decisionId ?? eventId, { employerId, now: now() }) : null)
    const certificates = await Promise.all(heads.map(async head => ({ ...head, surveillance: await surveillanceOfHolder(db, head, today()), renewal: await renewalOf(db, head, today()), history: await Promise.all((await historyOf(db, head.certificateId)).map(async entry => ({ ...entry, by: null, appeal: await appealed(entry) }))), maySurrender: changesFrom(head.standing, 'applicant').includes('surrendered') })))
    return { certificates, appealDays: (await standardInForce(db, today())).content.grading.appeal.fileWithinDays }
  }
  app.get('/employer/certificates', { config: { may: ['applicant'], operation: 'standing_decisions.own', page: 'standing_decisions/own' }, schema: { response: { 200: OwnCertificates } } }, own)
  app.post('/employer/certificates/:id/surrender', { config: { may: ['applicant'], operation: 'standing_decisions.surrender', form: { page: 'standing_decisions/own', shape: OwnCertificates, load: own } }, schema: { params: ById, body: SurrenderForm, response: { 201: Surrendered } } }, async (request, reply) =>
    seeOther(request, reply, '/employer/certificates', orRefuse(await writeOnce(db, once(request), tx => surrender(tx, request.params.id, request.body.number, by(request)))), { flash: 'standing_decisions.surrendered' }))
  app.post('/employer/certificates/:id/surveillance/:visit/wish', { config: { may: ['applicant'], operation: 'surveillance.wish', form: { page: 'standing_decisions/own', shape: OwnCertificates, load: own } }, schema: { params: OfVisit, body: WishForm, response: { 201: Wished } } }, async (request, reply) =>
    seeOther(request, reply, '/employer/certificates', orRefuse(await writeOnce(db, once(request), tx => wishForAnotherDay(tx, { certificateId: request.params.id, visitId: request.params.visit, form: request.body, ...by(request) }))), { flash: 'surveillance.wished' }))
}

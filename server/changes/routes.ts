import type { FastifyRequest } from 'fastify'
import { ChangeForm, ChangePage, ChangeReported, ChangeReviewed, Changes, OwnChanges, ReviewForm } from '../../schema/change-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { changePage, changesPage, ownChanges } from './queries.ts'
import { reportChange } from './report.ts'
import { reviewChange } from './review.ts'

/** C15: the holder reports what has changed, the secretariat reviews it in set days. */
export function changeRoutes(app: App, { database: { db }, now }: World) {
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest, token: string | undefined) => ({ personId: signedIn(request).personId, ...(token ? { once: token } : {}) })

  const own = (request: FastifyRequest) => ownChanges(db, signedIn(request))
  app.get('/employer/changes', { config: { may: ['applicant'], operation: 'changes.own', page: 'changes/own' }, schema: { response: { 200: OwnChanges } } }, own)
  app.post('/employer/changes', { config: { may: ['applicant'], operation: 'changes.report', form: { page: 'changes/own', shape: OwnChanges, load: own } }, schema: { body: ChangeForm, response: { 201: ChangeReported } } }, async (request, reply) => {
    const reported = orRefuse(await writeOnce(db, once(request, request.body.once), tx => reportChange(tx, { form: request.body, ...by(request) })))
    return seeOther(request, reply, '/employer/changes', reported, { flash: 'changes.reported' })
  })

  app.get('/changes', { config: { may: ['operator'], operation: 'changes.index', page: 'changes/index' }, schema: { response: { 200: Changes } } }, request => changesPage(db, signedIn(request)))
  const one = async (request: FastifyRequest) => {
    const page = await changePage(db, ById.parse(request.params).id, signedIn(request))
    if (!page) throw new Refused({ refused: 'not_found' })
    return page
  }
  app.get('/changes/:id', { config: { may: ['operator', 'decision_maker'], operation: 'changes.show', page: 'changes/show' }, schema: { params: ById, response: { 200: ChangePage } } }, one)
  app.post('/changes/:id/review', { config: { may: ['operator'], operation: 'changes.review', form: { page: 'changes/show', shape: ChangePage, load: one } }, schema: { params: ById, body: ReviewForm, response: { 201: ChangeReviewed } } }, async (request, reply) => {
    const { params: { id }, body } = request
    const reviewed = orRefuse(await writeOnce(db, once(request, body.once), tx => reviewChange(tx, { reportId: id, form: body, ...by(request) })))
    return seeOther(request, reply, `/changes/${id}`, reviewed, { flash: 'changes.reviewed' })
  })
}

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ById } from '../../schema/shared.ts'
import { BeginningForm, Closed, ClosingForm, ReopeningForm, NotesPage, NoteForm, NoteWritten, PlanDraft, Planned, PlanForm, Recorded, RecordForm, VisitPage } from '../../schema/visit-shapes.ts'
import { isRefusal } from '../domain/refusal.ts'
import { caseRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { beginVisit } from './begin.ts'
import { closeVisit, reopenVisit } from './close.ts'
import { notesPage, openForNotes, writeNote } from './notes.ts'
import { visitPage } from './page.ts'
import { photoRoutes } from './photo-routes.ts'
import { planVisit } from './plan.ts'
import { recordDay } from './record-day.ts'

const Topic = z.object({ criterion: z.string().regex(/^RE-\d\d\.\d+$/).optional().catch(undefined) })

export function visitRoutes(app: App, world: World) {
  const { database: { db }, now } = world
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id
  const visit = async (request: FastifyRequest) => orRefuse(await visitPage(db, idOf(request), signedIn(request), PlanDraft.parse(request.query), now()))
  const notes = async (request: FastifyRequest) => orRefuse(await notesPage(db, idOf(request), signedIn(request), Topic.parse(request.query).criterion ?? '', now()))
  const visitForm = { page: 'visits/show', shape: VisitPage, load: visit }
  const notesForm = { page: 'visits/notes', shape: NotesPage, load: notes }
  const changeBy = <Body>(request: FastifyRequest, body: Body) => ({ applicationId: idOf(request), viewer: signedIn(request), body, now: now(), requestId: request.id })
  const writer = (request: FastifyRequest, { once }: { once?: string }) => ({ once, personId: signedIn(request).personId })

  app.get('/applications/:id/visit', { config: { may: caseRoles, operation: 'visits.show', page: 'visits/show' },
    schema: { params: ById, querystring: PlanDraft, response: { 200: VisitPage } } }, visit)

  app.post('/applications/:id/visit', { config: { may: ['assessor'], operation: 'visits.plan', form: visitForm }, schema: { params: ById, body: PlanForm, response: { 201: Planned } } },
    async (request, reply) => {
      const planned = orRefuse(await writeOnce(db, writer(request, request.body), tx => planVisit(tx, changeBy(request, request.body))))
      return seeOther(request, reply, `/applications/${request.params.id}/visit`, planned, { flash: planned.stage === 'visit_planned' ? 'visits.planned' : 'visits.planned_in_secret' })
    })

  app.post('/applications/:id/visit/beginning', { config: { may: ['assessor'], operation: 'visits.begin', form: visitForm }, schema: { params: ById, body: BeginningForm, response: { 201: Closed } } },
    async (request, reply) => {
      const begun = orRefuse(await writeOnce(db, writer(request, request.body), tx => beginVisit(tx, changeBy(request, request.body))))
      return seeOther(request, reply, `/applications/${request.params.id}/visit`, begun, { flash: 'visits.begun' })
    })

  app.post('/applications/:id/visit/record', { config: { may: ['assessor'], operation: 'visits.record', form: visitForm }, schema: { params: ById, body: RecordForm, response: { 201: Recorded } } },
    async (request, reply) => {
      const recorded = orRefuse(await writeOnce(db, writer(request, request.body), tx => recordDay(tx, changeBy(request, request.body))))
      return seeOther(request, reply, `/applications/${request.params.id}/visit`, recorded, { flash: 'visits.recorded' })
    })

  app.post('/applications/:id/visit/closing', { config: { may: ['assessor'], operation: 'visits.close', form: visitForm }, schema: { params: ById, body: ClosingForm, response: { 201: Closed } } },
    async (request, reply) => {
      const closed = orRefuse(await writeOnce(db, writer(request, request.body), tx => closeVisit(tx, changeBy(request, request.body))))
      return seeOther(request, reply, `/applications/${request.params.id}/findings`, closed, { flash: 'visits.closed' })
    })

  app.post('/applications/:id/visit/reopening', { config: { may: ['assessor'], operation: 'visits.reopen', form: visitForm }, schema: { params: ById, body: ReopeningForm, response: { 201: Closed } } },
    async (request, reply) => {
      const reopened = orRefuse(await writeOnce(db, writer(request, request.body), tx => reopenVisit(tx, changeBy(request, request.body))))
      return seeOther(request, reply, `/applications/${request.params.id}/visit`, reopened, { flash: 'visits.reopened' })
    })

  app.get('/applications/:id/visit/notes', { config: { may: ['assessor'], operation: 'visits.notes', page: 'visits/notes' },
    schema: { params: ById, querystring: Topic, response: { 200: NotesPage } } }, notes)

  app.post('/applications/:id/visit/notes', { config: { may: ['assessor'], operation: 'visits.note', form: notesForm }, schema: { params: ById, body: NoteForm, response: { 201: NoteWritten } } },
    async (request, reply) => {
      const { id } = request.params
      const written = orRefuse(await writeOnce(db, writer(request, request.body), async tx => {
        const theCase = await openForNotes(tx, id, signedIn(request), true)
        return isRefusal(theCase) ? theCase : writeNote(tx, theCase, { ...request.body, viewer: signedIn(request), now: now(), requestId: request.id })
      }))
      return seeOther(request, reply, `/applications/${id}/visit/notes?criterion=${request.body.criterion}`, written, { flash: 'visits.noted' })
    })

  photoRoutes(app, world, notesForm)
}

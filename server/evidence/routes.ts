import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AttachForm, DetachForm, Evidence, Kept } from '../../schema/evidence-shapes.ts'
import { ById, Id } from '../../schema/shared.ts'
import { findCase } from '../applications/case.ts'
import { keepDocument } from '../documents/keep.ts'
import { isRefusal } from '../domain/refusal.ts'
import { caseRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { attachDocument, detachDocument, openForEvidence } from './change.ts'
import { attach, evidenceOf } from './queries.ts'

const ByCriterion = z.object({ id: Id, criterion: z.string().max(20) })
const ByDocument = ByCriterion.extend({ document: Id })

export function evidenceRoutes(app: App, world: World) {
  const { database: { db }, now } = world

  const library = async (request: FastifyRequest) => {
    const { id } = request.params as { id: string }
    const theCase = orRefuse(await findCase(db, id, signedIn(request)))
    const mayAdd = !isRefusal(await openForEvidence(db, { applicationId: id, criterion: null, viewer: signedIn(request), now: now() }, false))
    return { applicationId: id, stage: theCase.stage, mayAdd, documents: await evidenceOf(db, id) }
  }
  const form = { page: 'evidence/index', shape: Evidence, load: library }

  const keep = (request: FastifyRequest, id: string, criterion: string | null) => {
    const viewer = signedIn(request)
    const change = { applicationId: id, criterion, viewer, now: now(), requestId: request.id }
    return keepDocument(world, request, {
      personId: viewer.personId,
      async mayAdd(at, lock) {
        const theCase = await openForEvidence(at, change, lock)
        return isRefusal(theCase) ? theCase : { employerId: theCase.employerId, applicationId: id, purpose: 'evidence' }
      },
      async link(tx, documentId, { employerId }) {
        if (criterion) await attach(tx, { documentId, applicationId: id, criterion, attachedBy: viewer.personId })
        await record(tx, { personId: viewer.personId, role: 'applicant', requestId: request.id }, { operation: 'evidence.upload', applicationId: id, employerId, subjectId: documentId, after: { criterion } })
        return null
      },
    })
  }

  app.get('/applications/:id/evidence', { config: { may: caseRoles, operation: 'evidence.index', page: 'evidence/index' }, schema: { params: ById, response: { 200: Evidence } } }, library)

  app.post('/applications/:id/evidence', { config: { may: ['applicant'], operation: 'evidence.upload', form }, schema: { params: ById, response: { 201: Kept } } }, async (request, reply) =>
    seeOther(request, reply, `/applications/${request.params.id}/evidence`, orRefuse(await keep(request, request.params.id, null)), { flash: 'evidence.kept' }))

  app.post('/applications/:id/evidence/:criterion', { config: { may: ['applicant'], operation: 'evidence.upload_for_criterion', form }, schema: { params: ByCriterion, response: { 201: Kept } } },
    async (request, reply) => {
      const { id, criterion } = request.params
      return seeOther(request, reply, `/applications/${id}/answers/${criterion}`, orRefuse(await keep(request, id, criterion)), { flash: 'evidence.kept' })
    })

  app.post('/applications/:id/evidence/:criterion/attachments', { config: { may: ['applicant'], operation: 'evidence.attach', form },
    schema: { params: ByCriterion, body: AttachForm, response: { 201: z.object({ documentId: z.string() }) } } }, async (request, reply) => {
    const { params: { id, criterion }, body: { once, documentId } } = request, viewer = signedIn(request)
    const attached = await writeOnce(db, { once, personId: viewer.personId }, tx => attachDocument(tx, { applicationId: id, criterion, documentId, viewer, now: now(), requestId: request.id }))
    return seeOther(request, reply, `/applications/${id}/answers/${criterion}`, orRefuse(attached), { flash: 'evidence.attached' })
  })

  app.post('/applications/:id/evidence/:criterion/attachments/:document/removal', { config: { may: ['applicant'], operation: 'evidence.detach', form },
    schema: { params: ByDocument, body: DetachForm, response: { 201: z.object({ documentId: z.string() }) } } }, async (request, reply) => {
    const { params: { id, criterion, document }, body: { once } } = request, viewer = signedIn(request)
    const detached = await writeOnce(db, { once, personId: viewer.personId }, tx => detachDocument(tx, { applicationId: id, criterion, documentId: document, viewer, now: now(), requestId: request.id }))
    return seeOther(request, reply, `/applications/${id}/answers/${criterion}`, orRefuse(detached), { flash: 'evidence.detached' })
  })
}

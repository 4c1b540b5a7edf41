import { documentFindings } from '../../schema/documents.ts'
import { Kept } from '../../schema/evidence-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { keepDocument } from '../documents/keep.ts'
import { isRefusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App, Form } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { openForDocuments } from './documents.ts'

/** What shows that a finding is put right: a document of the employer, hung on the finding in the same transaction. */
export function correctionRoutes(app: App, world: World, form: Form) {
  app.post('/findings/:id/documents', { config: { may: ['applicant'], operation: 'findings.upload', form }, schema: { params: ById, response: { 201: Kept } } }, async (request, reply) => {
    const { params: { id } } = request
    const viewer = signedIn(request)
    const kept = orRefuse(await keepDocument(world, request, {
      personId: viewer.personId,
      async mayAdd(at, lock) {
        const owner = await openForDocuments(at, id, viewer, lock)
        return isRefusal(owner) ? owner : { ...owner, purpose: 'correction' }
      },
      async link(tx, documentId, { applicationId, employerId }) {
        await tx.insert(documentFindings).values({ documentId, findingId: id, attachedAt: world.now() })
        await record(tx, { personId: viewer.personId, role: 'applicant', requestId: request.id }, { operation: 'findings.upload', applicationId, employerId, subjectId: documentId, after: { findingId: id } })
        return null
      },
    }))
    return seeOther(request, reply, `/findings/${id}`, kept, { flash: 'findings.attached' })
  })
}

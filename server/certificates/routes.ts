import { eq } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import { Retried } from '../../schema/certificate-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { within, type Db } from '../adapters/database.ts'
import { findCase } from '../applications/case.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn, type Viewer } from '../http/viewer.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { certificateFileRoutes } from './files.ts'
import { offlinePageRoutes } from './offline-page.ts'
import { publicRegisterRoutes } from './public.ts'

export function certificateRoutes(app: App, world: World) {
  const { database: { db } } = world
  publicRegisterRoutes(app, world)
  certificateFileRoutes(app, world)
  offlinePageRoutes(app, world)

  // peers.md i21: issuing is a visible job that somebody can start again
  app.post('/certificates/:id/retry', { config: { may: ['operator'], operation: 'certificates.retry' }, schema: { params: ById, response: { 201: Retried } } }, async (request, reply) => {
    const { applicationId } = orRefuse(await within(db, tx => retry(tx, request.params.id, signedIn(request), request.id)))
    return seeOther(request, reply, `/applications/${applicationId}/decision`, { certificateId: request.params.id }, { flash: 'certificates.retried' })
  })
}

async function retry(tx: Db, id: string, viewer: Viewer, requestId: string): Promise<{ applicationId: string } | Refusal> {
  const [row] = await tx.select({ applicationId: certificates.applicationId, state: certificates.state }).from(certificates).where(eq(certificates.id, id)).for('update')
  if (!row) return { refused: 'not_found' }
  const theCase = await findCase(tx, row.applicationId, viewer)
  if (isRefusal(theCase)) return theCase
  if (row.state === 'issued') return { refused: 'no_such_step' }
  await enqueueJob(tx, 'issue_certificate', { certificateId: id })
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'certificates.retry', applicationId: row.applicationId, employerId: theCase.employerId, subjectId: id })
  return { applicationId: row.applicationId }
}

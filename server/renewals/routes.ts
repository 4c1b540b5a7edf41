import { ById } from '../../schema/shared.ts'
import { Renewed, RenewalForm } from '../../schema/standing-shapes.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { renewCertificate } from './open.ts'

/** The holder applies for the next cycle before the certificate ends. */
export function renewalRoutes(app: App, { database: { db }, now }: World) {
  app.post('/employer/certificates/:id/renewal', { config: { may: ['applicant'], operation: 'renewals.open' }, schema: { params: ById, body: RenewalForm, response: { 201: Renewed } } }, async (request, reply) => {
    const viewer = signedIn(request), { once } = request.body
    const opened = orRefuse(await writeOnce(db, { personId: viewer.personId, ...(once ? { once } : {}) }, tx => renewCertificate(tx, { certificateId: request.params.id, viewer, requestId: request.id, now: now() })))
    return seeOther(request, reply, `/applications/${opened.id}`, opened, { flash: 'renewals.opened' })
  })
}

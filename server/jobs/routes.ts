import { ByJob, JobRetried, StuckJobs } from '../../schema/job-shapes.ts'
import { within } from '../adapters/database.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { retryJob, stuckJobs } from './stuck.ts'

/** What failed in the background, by name, and the button that starts it again (peers.md i21). */
export function jobRoutes(app: App, { database: { db } }: World) {
  app.get('/jobs', { config: { may: ['operator'], operation: 'jobs.list', page: 'jobs/index' }, schema: { response: { 200: StuckJobs } } }, () => stuckJobs(db))

  app.post('/jobs/:id/retry', { config: { may: ['operator'], operation: 'jobs.retry' }, schema: { params: ByJob, response: { 201: JobRetried } } }, async (request, reply) => {
    const by = { personId: signedIn(request).personId, role: 'operator' as const, requestId: request.id }
    const retried = orRefuse(await within(db, tx => retryJob(tx, request.params.id, by)))
    return seeOther(request, reply, '/jobs', retried, { flash: 'jobs.retried' })
  })
}

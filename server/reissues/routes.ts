import { ReissueForm, ReissueOrdered, ReissuePage, Reissues } from '../../schema/reissue-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { orderReissue } from './order.ts'
import { reissueById, reissueList } from './queries.ts'

export function reissueRoutes(app: App, { database: { db }, now }: World) {
  const list = () => reissueList(db, japanDate(now()))

  app.get('/reissues', { config: { may: ['operator'], operation: 'reissues.list', page: 'reissues/index' }, schema: { response: { 200: Reissues } } }, list)

  app.post('/reissues', { config: { may: ['operator'], operation: 'reissues.order', form: { page: 'reissues/index', shape: Reissues, load: list } },
    schema: { body: ReissueForm, response: { 201: ReissueOrdered } } }, async (request, reply) => {
    const { once, reason, keyId } = request.body
    const by = { personId: signedIn(request).personId, role: 'operator' as const, requestId: request.id }
    const ordered = orRefuse(await writeOnce(db, { once, personId: by.personId }, tx => orderReissue(tx, { reason, keyId: keyId || undefined, today: japanDate(now()) }, by)))
    return seeOther(request, reply, `/reissues/${ordered.reissueId}`, ordered)
  })

  app.get('/reissues/:id', { config: { may: ['operator'], operation: 'reissues.show', page: 'reissues/show' }, schema: { params: ById, response: { 200: ReissuePage } } }, async (request, reply) => {
    const order = orRefuse(await reissueById(db, request.params.id, japanDate(now())))
    if (order.state === 'running') void reply.header('refresh', '5') // the bar moves without a script
    return order
  })

  app.post('/reissues/:id/retry', { config: { may: ['operator'], operation: 'reissues.retry' }, schema: { params: ById, response: { 201: ReissuePage } } }, async (request, reply) => {
    const order = orRefuse(await reissueById(db, request.params.id, japanDate(now())))
    await within(db, async tx => {
      await enqueueJob(tx, 'reissue', { reissueId: order.id })
      await record(tx, { personId: signedIn(request).personId, role: 'operator', requestId: request.id }, { operation: 'reissues.retry', subjectId: order.id })
    })
    return seeOther(request, reply, `/reissues/${order.id}`, order, { flash: 'reissues.retried' })
  })
}

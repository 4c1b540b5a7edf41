import { ByFile, ExportForm, ExportOrdered, ExportPage, ExportsPage } from '../../schema/due-diligence-shapes.ts'
import { AnswerForm, Done } from '../../schema/invitation-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { memberOf } from '../invitations/own.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { orderExport } from './order.ts'
import { exportFile, exportPage, exportsPage } from './queries.ts'

const endings = { pdf: ['pdf', 'application/pdf'], csv: ['csv', 'text/csv; charset=utf-8'], receipts: ['receipts.jsonl', 'application/jsonl'] } as const

/** Domain.md 17: what a buyer has checked about its suppliers, when, and by what, for its own report on human rights due diligence. */
export function dueDiligenceRoutes(app: App, { database: { db }, documents: store, now, publicUrl }: World) {
  const may = ['buyer'] as const
  const list = (request: Parameters<typeof signedIn>[0]) => exportsPage(db, memberOf(signedIn(request)).buyerId, now())

  app.get('/due-diligence', { config: { may, operation: 'due_diligence.index', page: 'due_diligence/index' }, schema: { response: { 200: ExportsPage } } }, list)

  app.post('/due-diligence', { config: { may, operation: 'due_diligence.order', form: { page: 'due_diligence/index', shape: ExportsPage, load: list } }, schema: { body: ExportForm, response: { 201: ExportOrdered } } }, async (request, reply) => {
    const by = { ...memberOf(signedIn(request)), requestId: request.id, now: now() }, { once } = request.body
    const ordered = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: by.personId }, tx => orderExport(tx, request.body, by)))
    return seeOther(request, reply, `/due-diligence/${ordered.id}`, ordered)
  })

  app.get('/due-diligence/:id', { config: { may, operation: 'due_diligence.show', page: 'due_diligence/show' }, schema: { params: ById, response: { 200: ExportPage } } }, async (request, reply) => {
    const page = orRefuse(await exportPage(db, request.params.id, { buyerId: memberOf(signedIn(request)).buyerId, publicUrl }))
    if (page.state === 'running') void reply.header('refresh', '5') // the bar moves without a script
    return page
  })

  app.post('/due-diligence/:id/retry', { config: { may, operation: 'due_diligence.retry' }, schema: { params: ById, body: AnswerForm, response: { 201: Done } } }, async (request, reply) => {
    const { personId, buyerId } = memberOf(signedIn(request))
    const { id, state } = orRefuse(await exportPage(db, request.params.id, { buyerId, publicUrl }))
    if (state === 'done') throw new Refused({ refused: 'no_such_step' })
    await within(db, async tx => {
      await enqueueJob(tx, 'export_due_diligence', { exportId: id })
      await record(tx, { personId, role: 'buyer', requestId: request.id }, { operation: 'due_diligence.retry', subjectId: id })
    })
    return seeOther(request, reply, `/due-diligence/${id}`, { id }, { flash: 'due_diligence.retried' })
  })

  app.get('/due-diligence/:id/files/:file', { config: { may, operation: 'due_diligence.file' }, schema: { params: ByFile } }, async (request, reply) => {
    const row = await exportFile(db, request.params, memberOf(signedIn(request)).buyerId)
    if (!row) throw new Refused({ refused: 'not_found' })
    const [ending, type] = endings[request.params.file]
    void reply.headers({ 'content-type': type, 'content-disposition': contentDisposition(`akashi-due-diligence-${japanDate(row.orderedAt)}.${ending}`, 'attachment'), 'content-length': row.size, 'cache-control': 'private, no-store' })
    return reply.send(await store.get(row.key))
  })
}

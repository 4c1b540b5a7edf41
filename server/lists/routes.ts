import type { FastifyReply, FastifyRequest } from 'fastify'
import { Adopted, Adoption, ByLine, Chosen, LineChoice, ListMade, ListPage, ListQuery, Lists, NewList, Undoing, Undone } from '../../schema/list-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { japanDate } from '../domain/calendar.ts'
import { csvOf } from '../adapters/csv.ts'
import { isRefusal } from '../domain/refusal.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { receiveFile } from '../http/uploads/receive.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { adoptList, chooseForLine, undoList } from './adopt.ts'
import { keepList, makeList } from './make.ts'
import { findList, listPage, listsOf } from './queries.ts'
import { resultCsv, resultJson, resultXlsx } from './result.ts'

const may = ['buyer'] as const
const pasted_bytes = 24 * 1024 * 1024 // a hundred thousand rows as JSON

/** A buyer's lists: handed in, checked as a dry run, exported, taken over, taken back. A program does the same with a key (scope `check`). */
export function listRoutes(app: App, world: World) {
  const { database: { db }, now, uploadLimitBytes } = world
  const today = () => japanDate(now())
  const mine = (request: FastifyRequest) => signedIn(request).buyerId ?? ''
  const all = async (request: FastifyRequest) => ({ lists: await listsOf(db, mine(request)), limitMb: Math.floor(uploadLimitBytes / 1024 ** 2) })
  const page = async (request: FastifyRequest) => {
    const { id } = request.params as { id: string }
    return listPage(db, orRefuse(await findList(db, mine(request), id)), mine(request), ListQuery.parse(request.query ?? {}), today())
  }
  const index = { page: 'lists/index', shape: Lists, load: all }, form = { page: 'lists/show', shape: ListPage, load: page }

  app.get('/lists', { config: { may, operation: 'lists.index', page: 'lists/index' }, schema: { response: { 200: Lists } } }, all)

  app.post('/lists', { bodyLimit: pasted_bytes, config: { may, scope: 'check', operation: 'lists.make', form: index }, schema: { body: NewList, response: { 201: ListMade } } }, async (request, reply) => {
    const { id } = orRefuse(await makeList(world, request.body, { viewer: signedIn(request), once: request.body.once, requestId: request.id }))
    return seeOther(request, reply, `/lists/${id}`, { id, url: `/lists/${id}` }, { flash: 'lists.made' })
  })

  app.post('/lists/upload', { config: { may, scope: 'check', operation: 'lists.upload', form: index, rateLimit: { max: 60, timeWindow: '1 minute' } }, schema: { response: { 201: ListMade } } }, async (request, reply) => {
    const part = request.isMultipart() ? await request.file({ limits: { fileSize: uploadLimitBytes, files: 1, fields: 10 } }).catch(() => undefined) : undefined
    const file = await receiveFile(part && { filename: part.filename, mimetype: part.mimetype, stream: part.file, truncated: () => part.file.truncated }, { documents: world.documents, limitBytes: uploadLimitBytes })
    if (isRefusal(file)) throw new Refused(file.refused === 'file_mislabelled' && /\.(csv|txt)$/i.test(part?.filename ?? '') ? { refused: 'list_encoding' } : file)
    if (!['csv', 'txt', 'xlsx'].includes(file.kind)) {
      await world.documents.delete(file.key)
      throw new Refused({ refused: 'list_kind' })
    }
    const { id } = orRefuse(await keepList(world, { name: file.name.slice(0, 100), documentKey: file.key, type: file.type, size: file.size }, { viewer: signedIn(request), requestId: request.id }))
    return seeOther(request, reply, `/lists/${id}`, { id, url: `/lists/${id}` }, { flash: 'lists.made' })
  })

  app.get('/lists/template.csv', { config: { may, operation: 'lists.template' } }, (_, reply) =>
    reply.header('content-disposition', contentDisposition('akashi-list.csv', 'attachment')).type('text/csv; charset=utf-8').send(csvOf(['証書番号', '法人番号', '会社名', '都道府県', '国', '階層', '区分'], [])))

  app.get('/lists/:id', { config: { may, scope: 'check', operation: 'lists.show', page: 'lists/show' }, schema: { params: ById, querystring: ListQuery, response: { 200: ListPage } } }, async (request, reply) => {
    const shown = await page(request)
    if (shown.state === 'waiting' || shown.state === 'reading') void reply.header('refresh', '2') // progress without script
    return shown
  })

  const download = (ending: string, type: string, made: typeof resultCsv | typeof resultXlsx) => async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    const list = orRefuse(await findList(db, mine(request), request.params.id))
    if (list.state === 'waiting' || list.state === 'reading' || list.state === 'failed') throw new Refused({ refused: 'no_such_step' })
    const body = await Promise.resolve(made(db, { listId: list.id, buyerId: mine(request), now: now(), today: today() })).catch((error: unknown) => { throw error instanceof RangeError ? new Refused({ refused: 'list_too_long_for_sheet' }) : error })
    return reply.header('content-disposition', contentDisposition(`${list.name.replace(/\.(csv|xlsx|txt)$/i, '')}-${today()}.${ending}`, 'attachment')).type(type).send(body)
  }
  const result = (ending: string) => ({ config: { may, scope: 'check', operation: `lists.result_${ending}` }, schema: { params: ById } }) as const
  app.get<{ Params: { id: string } }>('/lists/:id/result.csv', result('csv'), download('csv', 'text/csv; charset=utf-8', resultCsv))
  app.get<{ Params: { id: string } }>('/lists/:id/result.xlsx', result('xlsx'), download('xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', resultXlsx))
  app.get<{ Params: { id: string } }>('/lists/:id/result.json', result('json'), download('json', 'application/json; charset=utf-8', resultJson))

  const change = (request: FastifyRequest) => ({ listId: (request.params as { id: string }).id, viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest) => ({ personId: signedIn(request).personId, ...((request.body as { once?: string }).once ? { once: (request.body as { once: string }).once } : {}) })

  app.post('/lists/:id/adoption', { config: { may, operation: 'lists.adopt', form }, schema: { params: ById, body: Adoption, response: { 201: Adopted } } }, async (request, reply) =>
    seeOther(request, reply, `/lists/${request.params.id}`, orRefuse(await writeOnce(db, once(request), tx => adoptList(tx, change(request), request.body))), { flash: 'lists.adopted' }))

  app.post('/lists/:id/undoing', { config: { may, operation: 'lists.undo', form }, schema: { params: ById, body: Undoing, response: { 201: Undone } } }, async (request, reply) =>
    seeOther(request, reply, `/lists/${request.params.id}`, orRefuse(await writeOnce(db, once(request), tx => undoList(tx, change(request)))), { flash: 'lists.undone' }))

  app.post('/lists/:id/lines/:line', { config: { may, operation: 'lists.choose', form }, schema: { params: ByLine, body: LineChoice, response: { 201: Chosen } } }, async (request, reply) =>
    seeOther(request, reply, `/lists/${request.params.id}?after=${Math.max(0, request.params.line - 1)}#line-${request.params.line}`, orRefuse(await writeOnce(db, once(request), tx => chooseForLine(tx, change(request), request.params.line, request.body.holder))), { flash: 'lists.chosen' }))
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { ById } from '../../schema/shared.ts'
import { AddPage, AddQuery, BatchForm, BatchSaved, LinkForm, NewSupplier, OnceForm, SupplierForm, SupplierPage, SupplierSaved, Watchlist, WatchlistQuery } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { addPage } from './add-page.ts'
import { addSupplier, changeMany, linkSupplier, removeSupplier, saveSupplier, type By } from './change.ts'
import { watchlistCsv, watchlistJson, watchlistXlsx } from './files.ts'
import { certificatesOf, changesOf } from './history.ts'
import { watchlistPage } from './page.ts'
import { supplierById } from './suppliers.ts'

const may = ['buyer'] as const

/** Whom a buyer watches, for its own members and programs alone. */
export function watchlistRoutes(app: App, { database: { db }, now }: World) {
  const today = () => japanDate(now())
  const mine = (request: FastifyRequest) => signedIn(request).buyerId ?? ''
  const all = (request: FastifyRequest) => watchlistPage(db, mine(request), WatchlistQuery.parse(request.query ?? {}), today())
  const adding = (request: FastifyRequest) => {
    const { q = '', supplier } = AddQuery.parse(request.query ?? {})
    return addPage(db, mine(request), { q, supplier }, today())
  }
  const one = async (request: FastifyRequest) => {
    const { id } = request.params as { id: string }
    const supplier = await supplierById(db, mine(request), id, today())
    if (!supplier) throw new Refused({ refused: 'not_found' })
    return { ...supplier, certificates: supplier.holder ? await certificatesOf(db, supplier.holder, today()) : [], changes: await changesOf(db, mine(request), { supplierId: id, limit: 50 }) }
  }
  const write = async <T>(request: FastifyRequest, work: (tx: Db, by: By) => Promise<T | Refusal>): Promise<T> => {
    const { personId } = signedIn(request), { once } = (request.body ?? {}) as { once?: string }
    return orRefuse(await writeOnce<T>(db, { personId, ...(once ? { once } : {}) }, tx => work(tx, { buyerId: mine(request), personId, requestId: request.id, now: now(), today: today() })))
  }
  const index = { page: 'watchlist/index', shape: Watchlist, load: all }, add = { page: 'watchlist/add', shape: AddPage, load: adding }, form = { page: 'watchlist/show', shape: SupplierPage, load: one }

  app.get('/watchlist', { config: { may, scope: 'watchlist', operation: 'watchlist.index', page: 'watchlist/index' }, schema: { querystring: WatchlistQuery, response: { 200: Watchlist } } }, all)
  app.get('/watchlist/add', { config: { may, operation: 'watchlist.search', page: 'watchlist/add' }, schema: { querystring: AddQuery, response: { 200: AddPage } } }, adding)

  app.post('/watchlist', { config: { may, scope: 'watchlist', operation: 'watchlist.add', form: add }, schema: { body: NewSupplier, response: { 201: SupplierSaved } } }, async (request, reply) => {
    const saved = await write(request, (tx, by) => addSupplier(tx, request.body, by))
    return seeOther(request, reply, `/watchlist/${saved.id}`, saved, { flash: 'watchlist.added' })
  })
  app.post('/watchlist/batch', { config: { may, operation: 'watchlist.change_many', form: index }, schema: { querystring: WatchlistQuery, body: BatchForm, response: { 201: BatchSaved } } }, async (request, reply) => {
    const query = request.query
    const kept = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))).toString()
    return seeOther(request, reply, `/watchlist?${kept}#suppliers`, await write(request, (tx, by) => changeMany(tx, query, request.body, by)), { flash: 'watchlist.changed_many' })
  })

  const download = (ending: string, type: string, made: typeof watchlistCsv) => async (request: FastifyRequest, reply: FastifyReply) => {
    const body = await made(db, { buyerId: mine(request), query: WatchlistQuery.parse(request.query ?? {}), today: today() })
    return reply.header('content-disposition', contentDisposition(`akashi-watchlist-${today()}.${ending}`, 'attachment')).type(type).send(body)
  }
  const file = (ending: string) => ({ config: { may, scope: 'watchlist', operation: `watchlist.file_${ending}` } }) as const
  app.get('/watchlist.csv', file('csv'), download('csv', 'text/csv; charset=utf-8', watchlistCsv))
  app.get('/watchlist.xlsx', file('xlsx'), download('xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', watchlistXlsx))
  app.get('/watchlist.json', file('json'), download('json', 'application/json; charset=utf-8', watchlistJson))

  app.get('/watchlist/:id', { config: { may, scope: 'watchlist', operation: 'watchlist.show', page: 'watchlist/show' }, schema: { params: ById, response: { 200: SupplierPage } } }, one)
  app.post('/watchlist/:id', { config: { may, operation: 'watchlist.save', form }, schema: { params: ById, body: SupplierForm, response: { 201: SupplierSaved } } }, async (request, reply) =>
    seeOther(request, reply, `/watchlist/${request.params.id}`, await write(request, (tx, by) => saveSupplier(tx, request.params.id, request.body, by)), { flash: 'watchlist.saved' }))
  app.post('/watchlist/:id/link', { config: { may, operation: 'watchlist.link', form }, schema: { params: ById, body: LinkForm, response: { 201: SupplierSaved } } }, async (request, reply) =>
    seeOther(request, reply, `/watchlist/${request.params.id}`, await write(request, (tx, by) => linkSupplier(tx, request.params.id, request.body.holder, by)), { flash: 'watchlist.linked' }))
  app.post('/watchlist/:id/removal', { config: { may, operation: 'watchlist.remove', form }, schema: { params: ById, body: OnceForm, response: { 201: SupplierSaved } } }, async (request, reply) =>
    seeOther(request, reply, `/watchlist/${request.params.id}`, await write(request, (tx, by) => removeSupplier(tx, request.params.id, by)), { flash: 'watchlist.removed' }))
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { Audits, Bundle, ByAudit, ByDevice, DeviceForm, DeviceKey, DeviceNamed, DevicesPage, largest_sync_bytes, NotebookPage, Synced, SyncForm, TakeOutForm } from '../../schema/notebook-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { within } from '../adapters/database.ts'
import { asLocale } from '../http/locale.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { auditsOf, takeOut } from './audits.ts'
import { addDevice, confirmWipe, devicesPage, keyOf, orderWipe } from './devices.ts'
import { notebookPage } from './page.ts'
import { sync } from './sync.ts'

/** The server's side of the field notebook: for assessors; nobody of the employer has a path here. */
export function notebookRoutes(app: App, { database: { db }, now }: World) {
  const may = ['assessor'] as const
  const wipers = ['assessor', 'operator'] as const
  const act = (request: FastifyRequest) => ({ viewer: signedIn(request), now: now(), requestId: request.id })
  const created = <Body>(reply: FastifyReply, body: Body) => { void reply.code(201); return body }

  app.post('/notebook/devices', { config: { may, operation: 'notebooks.add_device' }, schema: { body: DeviceForm, response: { 201: DeviceKey } } }, async (request, reply) =>
    created(reply, orRefuse(await within(db, tx => addDevice(tx, request.body, act(request))))))

  app.get('/notebook/devices', { config: { may: wipers, operation: 'notebooks.devices', page: 'notebooks/devices' }, schema: { response: { 200: DevicesPage } } }, request => devicesPage(db, signedIn(request)))

  app.get('/notebook/devices/:device/key', { config: { may, operation: 'notebooks.key' }, schema: { params: ByDevice, response: { 200: DeviceKey } } }, async request =>
    orRefuse(await keyOf(db, request.params.device, signedIn(request))))

  app.post('/notebook/devices/:device/wipe', { config: { may: wipers, operation: 'notebooks.order_wipe' }, schema: { params: ByDevice, response: { 201: DeviceNamed } } }, async (request, reply) =>
    seeOther(request, reply, '/notebook/devices', orRefuse(await within(db, tx => orderWipe(tx, request.params.device, act(request)))), { flash: 'notebooks.wipe_ordered' }))

  app.post('/notebook/devices/:device/wiped', { config: { may, operation: 'notebooks.confirm_wipe' }, schema: { params: ByDevice, response: { 201: DeviceNamed } } }, async (request, reply) =>
    created(reply, orRefuse(await within(db, tx => confirmWipe(tx, request.params.device, act(request))))))

  app.get('/notebook/audits', { config: { may, operation: 'notebooks.audits' }, schema: { response: { 200: Audits } } }, request => auditsOf(db, signedIn(request), now()))

  app.post('/notebook/audits/:applicationId', { config: { may, operation: 'notebooks.take_out' }, schema: { params: ByAudit, body: TakeOutForm, response: { 201: Bundle } } }, async (request, reply) =>
    created(reply, orRefuse(await within(db, tx => takeOut(tx, { ...request.params, ...request.body, locale: asLocale(request.locale), ...act(request) })))))

  app.post('/notebook/sync', { bodyLimit: largest_sync_bytes, config: { may, operation: 'notebooks.sync' }, schema: { body: SyncForm, response: { 200: Synced } } }, async request =>
    orRefuse(await within(db, tx => sync(tx, { body: request.body, ...act(request) }))).answer)

  app.get('/applications/:id/visit/notebook', { config: { may, operation: 'notebooks.show', page: 'notebooks/show' }, schema: { params: ById, response: { 200: NotebookPage } } }, async request =>
    orRefuse(await notebookPage(db, request.params.id, signedIn(request), now())))
}

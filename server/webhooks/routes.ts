import type { FastifyReply, FastifyRequest } from 'fastify'
import { ByDelivery, Done, OnceForm, WebhookForm, WebhookPage, Webhooks } from '../../schema/alert-shapes.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { seeOther, wantsHtml } from '../http/negotiation.ts'
import { tellOnce, writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { changeEndpoint, endpointPage, endpointsOf, makeEndpoint, replay, rotateSecret, tryEndpoint, type By } from './endpoints.ts'

const may = ['buyer'] as const

/** Where a buyer's systems listen, what was sent there and how it went. */
export function webhookRoutes(app: App, { database: { db }, now, outbound }: World) {
  const by = (request: FastifyRequest): By => ({ buyerId: signedIn(request).buyerId ?? '', personId: signedIn(request).personId, requestId: request.id, now: now() })
  const one = (request: FastifyRequest) => ({ id: (request.params as { id: string }).id, ...by(request) })
  const load = async (request: FastifyRequest) => ({ endpoints: await endpointsOf(db, by(request).buyerId) })
  const sentBy = (request: FastifyRequest) => {
    const { once } = (request.body ?? {}) as { once?: string }
    return { personId: signedIn(request).personId, ...(once ? { once } : {}) }
  }
  const page = async (request: FastifyRequest) => orRefuse(await endpointPage(db, one(request), null))
  // The answer itself shows the secret: no later page can.
  const shown = async (request: FastifyRequest, reply: FastifyReply, work: (tx: Db) => ReturnType<typeof makeEndpoint>) => {
    const told = orRefuse(await tellOnce(db, sentBy(request), work))
    void reply.code(wantsHtml(request) ? 200 : 201).header('cache-control', 'no-store')
    return orRefuse(await endpointPage(db, { id: told.id, buyerId: by(request).buyerId }, told))
  }
  const secretAnswer = { response: { 200: WebhookPage, 201: WebhookPage } }
  const write = async <T>(request: FastifyRequest, work: (tx: Db) => Promise<T | Refusal>) => orRefuse(await writeOnce(db, sentBy(request), work))

  app.get('/webhooks', { config: { may, operation: 'webhooks.index', page: 'webhooks/index' }, schema: { response: { 200: Webhooks } } }, load)
  app.post('/webhooks', { config: { may, operation: 'webhooks.make', page: 'webhooks/show', form: { page: 'webhooks/index', shape: Webhooks, load } }, schema: { body: WebhookForm, ...secretAnswer } }, (request, reply) =>
    shown(request, reply, tx => makeEndpoint(tx, request.body.url, by(request), outbound)))
  app.get('/webhooks/:id', { config: { may, operation: 'webhooks.show', page: 'webhooks/show' }, schema: { params: ById, response: { 200: WebhookPage } } }, page)
  app.post('/webhooks/:id/rotation', { config: { may, operation: 'webhooks.rotate', page: 'webhooks/show' }, schema: { params: ById, body: OnceForm, ...secretAnswer } }, (request, reply) => shown(request, reply, tx => rotateSecret(tx, one(request))))
  for (const change of ['stop', 'start', 'remove'] as const) {
    app.post(`/webhooks/:id/${change}`, { config: { may, operation: `webhooks.${change}` }, schema: { params: ById, body: OnceForm, response: { 201: Done } } }, async (request, reply) =>
      seeOther(request, reply, change === 'remove' ? '/webhooks' : `/webhooks/${request.params.id}`, await write(request, tx => changeEndpoint(tx, one(request), change)), { flash: `webhooks.${change}_done` }))
  }
  app.post('/webhooks/:id/trial', { config: { may, operation: 'webhooks.try', rateLimit: { max: 30, timeWindow: '1 minute' } }, schema: { params: ById, body: OnceForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, `/webhooks/${request.params.id}`, await write(request, tx => tryEndpoint(tx, one(request))), { flash: 'webhooks.trial_sent' }))
  app.post('/webhooks/:id/deliveries/:delivery/replay', { config: { may, operation: 'webhooks.replay' }, schema: { params: ByDelivery, body: OnceForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, `/webhooks/${request.params.id}`, await write(request, tx => replay(tx, one(request), request.params.delivery)), { flash: 'webhooks.replayed' }))
}

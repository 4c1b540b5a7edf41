import type { FastifyRequest } from 'fastify'
import { ApiKeyForm, ApiKeys, Done, OnceForm } from '../../schema/alert-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { within } from '../adapters/database.ts'
import { seeOther, wantsHtml } from '../http/negotiation.ts'
import { tellOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { keysOf, makeKey, revokeKey } from './keys.ts'

/** The keys of a buyer's programs: made, shown once, seen in use, revoked. */
export function apiKeyRoutes(app: App, { database: { db }, now }: World) {
  const may = ['buyer'] as const
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const load = async (request: FastifyRequest) => ({ keys: await keysOf(db, signedIn(request).buyerId ?? ''), made: null })

  app.get('/buyer/keys', { config: { may, operation: 'api_keys.index', page: 'api_keys/index' }, schema: { response: { 200: ApiKeys } } }, load)
  app.post('/buyer/keys', { config: { may, operation: 'api_keys.make', page: 'api_keys/index', form: { page: 'api_keys/index', shape: ApiKeys, load } }, schema: { body: ApiKeyForm, response: { 200: ApiKeys, 201: ApiKeys } } }, async (request, reply) => {
    const { once } = request.body
    const { name, secret: key } = orRefuse(await tellOnce(db, { personId: signedIn(request).personId, ...(once ? { once } : {}) }, tx => makeKey(tx, request.body, by(request))))
    void reply.code(wantsHtml(request) ? 200 : 201).header('cache-control', 'no-store')
    return { ...await load(request), made: { name, key } }
  })
  app.post('/buyer/keys/:id/revocation', { config: { may, operation: 'api_keys.revoke' }, schema: { params: ById, body: OnceForm, response: { 201: Done } } }, async (request, reply) =>
    seeOther(request, reply, '/buyer/keys', orRefuse(await within(db, tx => revokeKey(tx, request.params.id, by(request)))), { flash: 'api_keys.revoked' }))
}

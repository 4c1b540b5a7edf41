import type { FastifyRequest } from 'fastify'
import { Alerts, AlertsQuery, Changes, ChangesQuery, Done, OnceForm } from '../../schema/alert-shapes.ts'
import { within } from '../adapters/database.ts'
import { seeOther } from '../http/negotiation.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { changesAfter } from './changes.ts'
import { alertsOf, markSeen } from './queries.ts'

/** What changed: for everybody in order, and for a buyer of those it watches. */
export function alertRoutes(app: App, { database: { db }, now }: World) {
  const mine = (request: FastifyRequest) => signedIn(request).buyerId ?? ''

  app.get('/register/changes', { config: { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' }, operation: 'register.changes' }, schema: { querystring: ChangesQuery, response: { 200: Changes } } }, (request, reply) => {
    void reply.header('cache-control', 'public, max-age=5')
    return changesAfter(db, request.query)
  })
  app.get('/watchlist/changes', { config: { may: ['buyer'], scope: 'changes', operation: 'watchlist.changes' }, schema: { querystring: ChangesQuery, response: { 200: Changes } } }, request => changesAfter(db, { ...request.query, buyerId: mine(request) }))

  app.get('/alerts', { config: { may: ['buyer'], operation: 'alerts.index', page: 'alerts/index' }, schema: { querystring: AlertsQuery, response: { 200: Alerts } } }, request => alertsOf(db, mine(request), request.query.before))
  app.post('/alerts/seen', { config: { may: ['buyer'], operation: 'alerts.seen' }, schema: { body: OnceForm, response: { 201: Done } } }, async (request, reply) => {
    await within(db, tx => markSeen(tx, mine(request), now()))
    return seeOther(request, reply, '/alerts', { done: true as const }, { flash: 'alerts.all_seen' })
  })
}

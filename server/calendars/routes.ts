import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Instant, LegalDate, Once } from '../../schema/shared.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { roles } from '../domain/roles.ts'
import { seeOther, wantsHtml } from '../http/negotiation.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { datesOf } from './dates.ts'
import { drawCalendar } from './draw.ts'
import { feedOf, makeFeed, readerOf, revokeFeed } from './feed.ts'

const CalendarPage = z.object({ feed: z.object({ madeAt: Instant, lastReadOn: LegalDate.nullable() }).nullable(), url: z.string().nullable() })
const OnceForm = z.object({ once: Once })

/** For every role by name, so that staff show their second factor first: the feed tells of cases. A person's dates as a feed that calendars subscribe to: a secret address without sign-in, which they can end. */
export function calendarRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  const load = async (request: FastifyRequest) => ({ feed: await feedOf(db, signedIn(request).personId), url: null })
  const by = (request: FastifyRequest) => ({ personId: signedIn(request).personId, requestId: request.id, now: now() })

  app.get('/calendar', { config: { may: roles, operation: 'calendars.show', page: 'calendars/show' }, schema: { response: { 200: CalendarPage } } }, load)

  // The answer itself shows the secret: it is kept nowhere, so no later page could.
  app.post('/calendar', { config: { may: roles, operation: 'calendars.make', page: 'calendars/show' }, schema: { body: OnceForm, response: { 200: CalendarPage, 201: CalendarPage } } }, async (request, reply) => {
    const { token } = await within(db, tx => makeFeed(tx, by(request)))
    void reply.code(wantsHtml(request) ? 200 : 201).header('cache-control', 'no-store')
    return { ...await load(request), url: `${publicUrl}/calendars/${token}.ics` }
  })

  app.post('/calendar/revocation', { config: { may: roles, operation: 'calendars.revoke' }, schema: { body: OnceForm, response: { 201: CalendarPage } } }, async (request, reply) => {
    await within(db, tx => revokeFeed(tx, by(request)))
    return seeOther(request, reply, '/calendar', await load(request), { flash: 'calendars.revoked' })
  })

  app.get('/calendars/:token.ics', { config: { may: 'anyone', operation: 'calendars.feed', rateLimit: { max: 60, timeWindow: '1 minute' } }, schema: { params: z.object({ token: z.string().max(100) }) } }, async (request, reply) => {
    const today = japanDate(now())
    const reader = await readerOf(db, request.params.token, today)
    if (!reader) throw new Refused({ refused: 'not_found' })
    const calendar = drawCalendar(await datesOf(db, reader, today), { locale: reader.locale, publicUrl, now: now() })
    return reply.headers({ 'cache-control': 'private, no-store', 'content-disposition': 'inline; filename="akashi.ics"' }).type('text/calendar; charset=utf-8').send(calendar)
  })
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ByNumber } from '../../schema/certificate-shapes.ts'
import { findOnRegister } from '../certificates/register.ts'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { japanDate } from '../domain/calendar.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { badgeSizes, drawBadge, type BadgeSize } from './draw.ts'

const sizes = Object.keys(badgeSizes) as [BadgeSize, ...BadgeSize[]]
const BadgeQuery = z.object({ lang: z.string().max(20).optional().catch(undefined), size: z.enum(sizes).default('medium').catch('medium') })
type Asked = { Params: z.infer<typeof ByNumber>; Querystring: z.infer<typeof BadgeQuery> }

// C23: a badge stands on other people's pages and still tells the truth of today. Only these two may be shown there.
const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const
const anywhere = {
  crossOriginResourcePolicy: { policy: 'cross-origin' }, xFrameOptions: false,
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ['*'] } },
} as const

export function badgeRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  const schema = { params: ByNumber, querystring: BadgeQuery }

  app.get<Asked>('/c/:number/badge.svg', { config: { ...open, operation: 'badges.image' }, helmet: anywhere, onSend: unlessUnchanged, schema },
    (request, reply) => drawn(request, reply, { template: 'badges/image', type: 'image/svg+xml; charset=utf-8' }))

  app.get<Asked>('/c/:number/badge', { config: { ...open, operation: 'badges.frame' }, helmet: anywhere, onSend: unlessUnchanged, schema },
    (request, reply) => drawn(request, reply, { template: 'badges/frame', type: 'text/html; charset=utf-8' }))

  async function drawn(request: FastifyRequest<Asked>, reply: FastifyReply, { template, type }: { template: string; type: string }) {
    const read = readNumber(request.params.number)
    const found = 'refused' in read ? null : await findOnRegister(db, read.number, { now: now(), publicUrl })
    const number = 'refused' in read ? request.params.number.slice(0, 40) : read.number
    const badge = drawBadge({ number, certificate: found?.certificate ?? null, today: japanDate(now()), locale: request.locale, size: request.query.size })
    const page = { ...badge, inner: { width: badge.view.width - 2, height: badge.view.height - 2 }, url: found?.certificate.url ?? `${publicUrl}/c` }
    void reply.code(found ? 200 : 404).headers({ 'cache-control': 'public, max-age=30', vary: 'accept-language' }).type(type)
    return reply.send(app.renderPage(template, request, page).trim())
  }
}

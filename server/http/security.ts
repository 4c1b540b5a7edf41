import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from './problems.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Headers, limits, and the same-origin rule for every write. */
export async function security(app: FastifyInstance, publicUrl: string) {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'], objectSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'self'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'same-origin' }, // no-referrer would break the way back from a refused form
    strictTransportSecurity: publicUrl.startsWith('https:'),
    crossOriginEmbedderPolicy: false,
  })
  await app.register(rateLimit, { global: false, allowList: request => request.keyed })
  app.addHook('onRequest', async request => {
    if (!safe.has(request.method) && !isSameOrigin(request)) throw new Refused({ refused: 'cross_site' })
  })
}

/**
 * A write comes from one of our own pages: the browser says so itself (Sec-Fetch-Site), else the Origin must be ours.
 * Neither header: refused, unless a program shows a bearer token, which no foreign page can make a browser send.
 */
function isSameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  if (site) return site === 'same-origin'
  const { origin, host, authorization, cookie } = request.headers
  if (origin) return URL.canParse(origin) && new URL(origin).host === host
  return authorization?.startsWith('Bearer ') === true && !cookie
}

import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Database } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { App } from './server.ts'

type Encoding = 'identity' | 'gzip' | 'br'
type Page = { group: string; day: string; etag: string; headers: Record<string, string>; bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer } }

const limits = { bytes: 96 * 1024 * 1024, silenceMs: 30_000 }

/**
 * Public pages as they were last drawn, for everybody. What is kept is the answer of a handler that depends on its URL, the language, today
 * and the database only (`remember`: which group it belongs to). Postgres tells every server which group changed, in the transaction of the
 * change; when it was not heard for half a minute, nothing kept is given out, so a suspension shows everywhere within a minute.
 */
export function pageCache(app: App, { database, now }: { database: Database; now: () => Date }) {
  const keysOf = new Map<string, Set<string>>()
  const forget = (group: string, key: string) => { if (keysOf.get(group)?.delete(key) && keysOf.get(group)?.size === 0) keysOf.delete(group) }
  const pages = new LRUCache<string, Page>({ maxSize: limits.bytes, sizeCalculation: sizeOf, dispose: ({ group }, key) => forget(group, key) })
  const variants = new LRUCache<string, string>({ max: 5000 }) // what these request headers come to: learned from the first answer
  let changes = 0
  const ear = database.hear('register', number => {
    changes += 1
    if (number === null) return pages.clear()
    for (const key of [...keysOf.get(groupOf(number)) ?? []]) pages.delete(key)
  })
  const begun = new WeakMap<FastifyRequest, number>()
  app.addHook('onClose', () => ear.close())

  app.addHook('onRequest', (request, reply, done) => {
    const { remember } = request.routeOptions.config
    if (!remember || request.headers['cache-control'] === 'no-cache' || request.headers.authorization) return done()
    const variant = variants.get(spokenIn(request))
    const page = variant && Date.now() - ear.heardAt() < limits.silenceMs ? pages.get(request.raw.url + variant) : undefined
    if (page && page.day === japanDate(now())) return give(page, request, reply)
    begun.set(request, changes)
    return done()
  })

  /** A route's onSend: keeps what it says, unless something changed while it was being drawn. */
  app.decorate('keepPage', async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const etag = reply.getHeader('etag')
    if (reply.statusCode !== 200 || typeof payload !== 'string' || typeof etag !== 'string' || begun.get(request) !== changes || !isPlain(request)) return payload
    const html = String(reply.getHeader('content-type')).startsWith('text/html')
    const variant = ` ${request.locale} ${html}`
    const key = request.raw.url + variant
    variants.set(spokenIn(request), variant)
    const group = groupOf((request.params as { number: string }).number)
    pages.set(key, { group, day: japanDate(now()), etag, headers: kept(reply), bodies: { identity: Buffer.from(payload) } })
    keysOf.set(group, (keysOf.get(group) ?? new Set()).add(key))
    return payload
  })
}

// Certificates of one holder name each other: scheme, year and serial are the same in every cycle (decisions.md 9).
const groupOf = (number: string) => number.slice(0, 18)
const spokenIn = ({ headers, query }: FastifyRequest) => JSON.stringify([(query as { lang?: unknown }).lang, headers.accept, headers['accept-language']]) // no two come to the same text
// What nobody's page asks for is answered, but not kept: it would only push out what is read.
const isPlain = (request: FastifyRequest) => spokenIn(request).length < 600 && Object.keys(request.query as object).every(key => key === 'lang' || key === 'on')
const sizeOf = ({ bodies }: Page) => 4 * bodies.identity.length // with its compressed copies and headers

function give(page: Page, request: FastifyRequest, reply: FastifyReply) {
  const { headers, etag, bodies } = page
  reply.hijack()
  if (request.headers['if-none-match']?.includes(etag)) return void reply.raw.writeHead(304, headers).end()
  const encoding = encodingFor(request.headers['accept-encoding'])
  const body = bodies[encoding] ?? compressed(bodies.identity, encoding)
  bodies[encoding] = body
  reply.raw.writeHead(200, { ...headers, ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }), 'content-length': body.length })
  reply.raw.end(request.method === 'HEAD' ? undefined : body)
}

const encodingFor = (accepted = ''): Encoding => (/\bbr\b(?!;q=0(?:\.0*)?\b)/.test(accepted) ? 'br' : /\bgzip\b(?!;q=0(?:\.0*)?\b)/.test(accepted) ? 'gzip' : 'identity')

// Once for each page and encoding, a millisecond: nobody is sent the long form because the short one is not ready yet.
const compressed = (page: Buffer, encoding: Encoding): Buffer =>
  encoding === 'br' ? brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }) : encoding === 'gzip' ? gzipSync(page) : page

// Rate headers are the first reader's own.
const kept = (reply: FastifyReply): Record<string, string> => Object.fromEntries(Object.entries(reply.getHeaders())
  .filter(([name]) => !/^(x-ratelimit|content-length$|content-encoding$|retry-after$)/.test(name)).map(([name, value]) => [name, String(value)]))

import accepts from '@fastify/accepts'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type RawReplyDefaultExpression, type RawRequestDefaultExpression, type RawServerDefault } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { ZodType } from 'zod'
import type { Logger } from 'pino'
import type { World } from '../world.ts'
import { prepareAssets, serveAssets, type Assets } from './assets.ts'
import { answerErrors } from './errors.ts'
import { localeOf, type PublicLocale } from './locale.ts'
import { bindOnce } from './once.ts'
import { pageCache } from './page-cache.ts'
import { isOpen, pages } from './pages.ts'
import { pdfReaderUrls, servePdfReader } from './pdf-reader.ts'
import { security } from './security.ts'
import { Refused } from './problems.ts'
import { admit, keyPrefix, viewerOf, type May, type Viewer } from './viewer.ts'

/** The page a refused form goes back to: its data, its shape, what was typed and what was wrong. */
export type Form = { page: string; shape: ZodType; load: (request: FastifyRequest) => Promise<unknown> }
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

/** What an API key must hold to call a route; a route without one is closed to every key. */
export type Scope = 'check' | 'changes' | 'watchlist'
export type Route = { method: string; url: string; may: May; operation: string }

declare module 'fastify' {
  interface FastifyContextConfig { may?: May; scope?: Scope; operation?: string; page?: string; form?: Form; shared?: boolean; open?: boolean; remember?: boolean }
  interface FastifyRequest { keyed: boolean; viewer: Viewer | null; locale: PublicLocale }
  interface FastifyInstance {
    routeTable: Route[]
    assetUrls: Assets['urls']
    keepPage(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>
    renderPage(name: string, request: FastifyRequest, data: unknown, extra?: object): string
  }
}

let prepared: Promise<Assets> | undefined

/** A server that knows how requests are read and replies are written, and no feature. */
export async function newServer(world: World, logger: Logger): Promise<App> {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger, logController: new LogController({ disableRequestLogging: true }), genReqId: () => crypto.randomUUID(),
    trustProxy: world.trustProxy ? oneHop : false, bodyLimit: 1024 * 1024,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
  keepRouteTable(app)
  answerErrors(app)
  app.decorateRequest('keyed', false).decorateRequest('viewer', null).decorateRequest('locale', 'ja')
  pageCache(app, world) // before everything else: what is kept needs no cookie, limit or viewer
  await app.register(cookie)
  await app.register(accepts)
  await app.register(formbody)
  await app.register(multipart)
  await app.register(compress, { customTypes: /^(text\/html|application\/(problem\+)?json)/, threshold: 1024 }) // documents travel as they are: ranges count their bytes
  await security(app, world.publicUrl)
  knowReaders(app, world)
  prepared ??= prepareAssets() // as with templates: once in a process
  const assets = await prepared
  app.decorate('assetUrls', assets.urls)
  pages(app, { build: { ...assets.urls, ...pdfReaderUrls() }, sample: world.signer.development, development: world.development })
  await app.register(serveAssets(assets))
  await app.register(servePdfReader)
  return app
}

// Deny first: a route that does not say who may call it stops the server from starting.
function keepRouteTable(app: App) {
  const routes: Route[] = []
  app.decorate('routeTable', routes)
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.may || !config.operation) throw new Error(`${url}: a route says who may call it and what its operation is called`)
    if ((config.shared || config.open) && config.may !== 'anyone') throw new Error(`${url}: only what anyone may read is shared or open`)
    routes.push(...[method].flat().map(verb => ({ method: verb, url, may: config.may ?? [], operation: config.operation ?? '' })))
  })
}

/** Who reads, in which language, and whether they may: decided before any handler runs. */
function knowReaders(app: App, { database: { db }, now }: World) {
  app.addHook('onRequest', async (request, reply) => {
    const shared = request.routeOptions.config?.shared ?? false
    request.locale = localeOf(request, { open: isOpen(request), shared })
    if (await showsKey(db, request, now())) request.keyed = true
    if (shared) return // what caches keep is the same for everybody: no cookie counts, none is set
    if ((request.query as { lang?: string }).lang) void reply.setCookie('lang', request.locale, { path: '/', sameSite: 'lax', maxAge: 31_536_000 })
    if (request.is404) return
    const { may = [], page, form } = request.routeOptions.config
    if (may === 'anyone' && !page && !form) return // styles, keys, health: the same for everybody, also when the database is away
    request.viewer = await viewerOf(db, request, now())
  })
  // After the body was read, so that what somebody typed before their session ended is shown to them again.
  app.addHook('preValidation', async request => {
    if (!request.is404) admit(request.routeOptions.config.may ?? [], request.viewer, request.routeOptions.config.scope)
  })
  app.addHook('preHandler', bindOnce)
  app.addHook('onSend', async ({ viewer }, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', viewer ? 'private, no-store' : 'private, no-cache') // after signing out, Back shows nothing
  })
  app.addHook('onResponse', async (request, reply) => logged(request, reply.statusCode, reply.elapsedTime))
}

// On a page that is for everybody a key changes nothing but the ceiling against floods. One that is wrong or revoked is told so, even where none is needed.
async function showsKey(db: World['database']['db'], request: FastifyRequest, now: Date): Promise<boolean> {
  if (!request.headers.authorization?.startsWith(`Bearer ${keyPrefix}`) || !request.routeOptions.config?.shared) return false
  const viewer = await viewerOf(db, request, now)
  if (!viewer?.key) throw new Refused({ refused: 'not_signed_in' })
  if (!viewer.key.scopes.includes(request.url.startsWith('/register') ? 'changes' : 'check')) throw new Refused({ refused: 'scope_missing' })
  return true
}

// The proxy of ours in front wrote the last address of X-Forwarded-For; what stands before it, anybody can write.
const oneHop = (_address: string, hop: number) => hop === 0

// Operation, request id, viewer id: never content, never a query string.
function logged(request: FastifyRequest, status: number, ms: number) {
  request.log.info({ operation: request.routeOptions.config.operation ?? 'unknown', viewer: request.viewer?.personId ?? null, status, ms: Math.round(ms) }, 'answered')
}

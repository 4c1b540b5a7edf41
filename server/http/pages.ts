import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Handlebars from 'handlebars'
import { z } from 'zod'
import type { Assets } from './assets.ts'
import { helpers } from './helpers.ts'
import { isChecked, knows, languageNames, publicLocales, sentence, translate, type Params } from './locale.ts'
import { wantsHtml } from './negotiation.ts'
import type { PdfReader } from './pdf-reader.ts'
import { asMarkup } from './readings.ts'

type Extra = { errors?: { field: string; message: string }[]; values?: unknown; status?: number }
export type PageOptions = { build: Assets['urls'] & PdfReader; sample: boolean; development: boolean }

/** One handler, two renderers: a route that names a `page` answers people with it and programs with JSON, both through one shape. */
export function pages(app: FastifyInstance, options: PageOptions) {
  compiled ??= compileTemplates()
  const templates = compiled

  const render = (name: string, request: FastifyRequest, data: unknown, extra: Extra = {}): string => {
    const template = templates.get(name)
    if (!template) throw new Error(`no template ${name}`)
    const html = template({ ...frameOf(request, options), page: data, ...extra })
    return request.locale === 'ja' ? html : asMarkup(html)
  }

  app.decorate('renderPage', render)
  app.addHook('preHandler', async (request, reply) => {
    const { page, shared } = request.routeOptions.config
    if (!page) return
    void reply.header('vary', shared ? 'accept, accept-language' : 'accept, cookie, accept-language')
    if (!wantsHtml(request)) return
    void reply.type('text/html; charset=utf-8').serializer((data: unknown) => {
      if (!shared) takeFlash(request, reply)
      return render(page, request, asPublished(request, reply.statusCode, data))
    })
  })
  app.addHook('onSend', async (request, reply) => {
    if (String(reply.getHeader('content-type')).startsWith('text/html')) void reply.header('content-language', langOf(request))
  })
}

/** Exactly what the JSON would say: unknown keys vanish, dates are ISO strings. */
function asPublished(request: FastifyRequest, status: number, data: unknown): unknown {
  const responses = request.routeOptions.schema?.response as Record<number, z.ZodType> | undefined
  const shape = responses?.[status]
  if (!shape) throw new Error(`${request.routeOptions.url} has a page but no response shape for ${status}`)
  return publish(shape, data)
}

export const publish = (shape: z.ZodType, data: unknown): unknown => z.encode(shape, data)

function frameOf(request: FastifyRequest, { build, sample, development }: PageOptions) {
  const { viewer, locale } = request
  return {
    viewer: viewer && { name: viewer.name || viewer.email, email: viewer.email, roles: viewer.roles, secondFactor: viewer.secondFactor },
    locale, lang: langOf(request), languages: isOpen(request) ? languages : null, otherLocale: locale === 'ja' ? 'en' : 'ja', unchecked: !isChecked(locale),
    carry: wasChosen(request) ? `?lang=${locale}` : '', besides: besides(request), path: request.url.split('?')[0], once: randomUUID(), sample, development, build,
    flash: flashOf(request), values: null, errors: null, status: 200,
  }
}

/** Whether a page is for everybody, in ten languages: what caches share always is, and so is an address that does not exist. */
export const isOpen = ({ is404, routeOptions: { config } }: FastifyRequest) => is404 || Boolean(config?.shared || config?.open)

// Easy Japanese is Japanese to a browser and to a voice that reads aloud.
const langOf = ({ locale }: FastifyRequest) => (locale === 'ja-simple' ? 'ja' : locale)

const languages = publicLocales.map(locale => ({ locale, name: languageNames[locale] }))

// A language that was chosen goes along to pages that see no cookie. On what caches share, the address alone tells.
const wasChosen = ({ query, cookies, routeOptions: { config } }: FastifyRequest) => Boolean((query as { lang?: unknown } | undefined)?.lang || (!config?.shared && cookies?.lang))

// The same page in another language keeps what else was asked for (a day, a number).
function besides({ query }: FastifyRequest): string {
  const asked = new URLSearchParams(Object.entries(query ?? {}).filter(([name, value]) => name !== 'lang' && typeof value === 'string') as [string, string][])
  return asked.size > 0 ? `${asked}&` : ''
}

const flashOf = ({ cookies: { flash }, locale }: FastifyRequest) => (flash && knows(locale, flash) ? translate(locale, flash) : null)

// A flash is the key of a sentence, shown once.
function takeFlash(request: FastifyRequest, reply: FastifyReply) {
  if (request.cookies.flash) void reply.clearCookie('flash', { path: '/' })
}

const folder = new URL('../../templates/', import.meta.url).pathname

// Templates and web/ do not change while a process lives: the hundreds of servers that one test process builds share them.
let compiled: ReturnType<typeof compileTemplates> | undefined

/** Every template, by its path without ending; each may call each as a partial. */
function compileTemplates() {
  const engine = Handlebars.create()
  for (const [name, helper] of Object.entries(helpers((locale, key, params) => sentence(locale, key, params as Params)))) engine.registerHelper(name, helper)
  const files = globSync('**/*.hbs', { cwd: folder })
  const sources = files.map(file => [file.replace(/\.hbs$/, '').replaceAll('\\', '/'), readFileSync(folder + file, 'utf8')] as const)
  for (const [name, source] of sources) engine.registerPartial(name, engine.compile(source, { strict: true, preventIndent: true }))
  return new Map(sources.map(([name, source]) => [name, engine.compile(source, { strict: true, preventIndent: true })]))
}

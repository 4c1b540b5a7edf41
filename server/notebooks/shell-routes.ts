import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { WorkerQuestions } from '../../schema/standard-questions.ts'
import { bundleInline } from '../http/assets.ts'
import { locales } from '../http/locale.ts'
import type { App } from '../http/server.ts'
import { japanDate } from '../domain/calendar.ts'
import { interviewLanguages } from '../domain/interviews.ts'
import { standardInForce } from '../standard/queries.ts'
import { workerQuestions } from '../standard/questions.ts'
import type { World } from '../world.ts'

const Shell = z.object({ words: z.string() })
const Questions = z.object({ languages: z.array(WorkerQuestions) })

/** What this page alone needs: pictures and sounds from its own memory, its worker, camera and microphone. Nothing from elsewhere, nothing inline. */
const policy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const permissions = 'camera=(self), microphone=(self), geolocation=(), payment=(), usb=()'

/** Both languages travel with the page: a phone without a network can still change its mind. What other pages say already is said in the same words here. */
const borrowed: [noun: string, start: RegExp][] = [['findings', /^grade_(?!.*_hint$)/], ['interviews', /^(language|form)_(?!.*_hint$)/]]
const sentences = (locale: string, noun: string) => Object.entries(JSON.parse(readFileSync(new URL(`../../templates/locales/${locale}/${noun}.json`, import.meta.url), 'utf8')) as Record<string, string>)
const wordsOf = (locale: string) => Object.fromEntries([...borrowed.flatMap(([noun, start]) => sentences(locale, noun).filter(([key]) => start.test(key))), ...sentences(locale, 'notebook_page')])
const words = JSON.stringify(Object.fromEntries(locales.map(locale => [locale, wordsOf(locale)]))).replaceAll('<', '\\u003c') // inside a script element only "<" could end it too early

const rest = createHash('sha256').update(words).update(readFileSync(new URL('../../templates/notebook/show.hbs', import.meta.url))).digest('hex').slice(0, 12)

/** The field notebook's page: the one page that needs script (decisions.md 17). What it keeps and sends is in web/notebook. */
export function notebookShellRoutes(app: App, { database: { db }, now }: World) {
  app.get('/notebook', { config: { may: ['assessor'], operation: 'notebook.show', page: 'notebook/show' }, schema: { response: { 200: Shell } } }, (_, reply) => {
    void reply.headers({ 'content-security-policy': policy, 'permissions-policy': permissions })
    return { words }
  })

  // The names of its parts are part of the worker: a new edition of any of them is a new worker, and every phone takes it when it is online.
  let worker: Promise<string> | undefined
  app.get('/notebook/worker.js', { config: { may: 'anyone', operation: 'notebook.worker' } }, async (_, reply) => {
    const { notebookCss, notebook, mark } = app.assetUrls
    worker ??= bundleInline('notebook-worker.ts').then(({ script }) => `self.shell=${JSON.stringify(['/notebook', '/notebook/manifest.webmanifest', notebookCss, notebook, mark])};self.edition=${JSON.stringify(`${notebook}${notebookCss}${rest}`)};${script}`)
    return reply.headers({ 'content-type': 'text/javascript; charset=utf-8', 'service-worker-allowed': '/notebook', 'cache-control': 'no-cache' }).send(await worker)
  })

  app.get('/notebook/manifest.webmanifest', { config: { may: 'anyone', operation: 'notebook.manifest' } }, (_, reply) =>
    reply.headers({ 'content-type': 'application/manifest+json', 'cache-control': 'no-cache' }).send(JSON.stringify({
      id: '/notebook', name: 'Akashi 現地ノート', short_name: '現地ノート', lang: 'ja', start_url: '/notebook', scope: '/notebook', display: 'standalone', background_color: '#ffffff', theme_color: '#ffffff',
      icons: [{ src: app.assetUrls.mark, type: 'image/svg+xml', sizes: 'any', purpose: 'any' }],
    })))

  /** What workers are asked, in every language that there is: taken along before leaving. Which answer is a warning sign is for the assessor alone. */
  app.get('/notebook/questions', { config: { may: ['assessor'], operation: 'notebook.questions' }, schema: { response: { 200: Questions } } }, async () => {
    const standard = await standardInForce(db, japanDate(now()))
    return { languages: interviewLanguages.map(language => workerQuestions(standard, language)) }
  })
}

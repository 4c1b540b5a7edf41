import type { FastifyReply, FastifyRequest } from 'fastify'
import { ByNumber, CertificatePage, DayQuery, LookUp, LookUpQuery, type numberFaults } from '../../schema/certificate-shapes.ts'
import { japanDate } from '../domain/calendar.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { translate } from '../http/locale.ts'
import { wantsHtml } from '../http/negotiation.ts'
import { publish } from '../http/pages.ts'
import { asProblemBody, problemOf, Refused } from '../http/problems.ts'
import { parseRange } from '../http/ranges.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { readDay } from './on-day.ts'
import { findOnRegister, onRegister } from './register.ts'
import { has, unlessUnchanged } from './unchanged.ts'

// decisions.md 11: checking is free, without account and without meter; nobody can lock a certificate by asking. This is a ceiling against floods.
const rateLimit = { max: 600, timeWindow: '1 minute' }
const open = { may: 'anyone', shared: true, rateLimit } as const
const fresh = 'public, max-age=30' // a suspension is seen within a minute
type Fault = (typeof numberFaults)[number]

export function publicRegisterRoutes(app: App, { database: { db }, documents: store, now, publicUrl }: World) {
  app.get('/c', { config: { ...open, operation: 'certificates.look_up', page: 'certificates/look-up' }, onSend: unlessUnchanged, schema: { querystring: LookUpQuery, response: { 200: LookUp } } },
    async (request, reply) => {
      void reply.header('cache-control', fresh)
      const { number: typed = '', lang } = request.query
      if (typed.trim() === '') return { typed: '', fault: null, near: [] }
      const read = readNumber(typed)
      return 'refused' in read ? wrong(request, reply, typed, read) : reply.redirect(`/c/${read.number}${lang ? `?lang=${encodeURIComponent(lang)}` : ''}`, 303)
    })

  app.get('/c/:number', { config: { ...open, operation: 'certificates.show', page: 'certificates/show', remember: true }, onSend: [unlessUnchanged, app.keepPage],
    schema: { params: ByNumber, querystring: DayQuery, response: { 200: CertificatePage, 422: CertificatePage } } },
    async (request, reply) => {
      void reply.header('cache-control', fresh)
      const typed = request.params.number
      const read = readNumber(typed)
      if ('refused' in read) return wrong(request, reply, typed, read)
      const { on, unusable } = readDay(request.query.on, japanDate(now()))
      const found = await findOnRegister(db, read.number, { now: now(), publicUrl, on })
      if (!found) return wrong(request, reply, read.number, { refused: 'number_unknown' })
      if (read.number !== typed) return reply.redirect(`/c/${read.number}${request.url.replace(/^[^?]*/, '')}`, 303)
      if (unusable) askAgain(request, reply)
      return { ...found.certificate, unusableDay: unusable }
    })

  app.get('/c/:number/certificate.pdf', { config: { ...open, operation: 'certificates.download' }, schema: { params: ByNumber } }, async (request, reply) => {
    const read = readNumber(request.params.number)
    const found = 'refused' in read ? null : await findOnRegister(db, read.number, { now: now(), publicUrl })
    if (!found) throw new Refused({ refused: 'number_unknown' })
    const { certificate: { number, sha256, size }, documentKey } = found
    void reply.headers({ 'cache-control': fresh, etag: `"${sha256}"`, 'accept-ranges': 'bytes' })
    if (has(request, `"${sha256}"`)) return reply.code(304).send()
    const range = parseRange(request.headers.range, size)
    if (range === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${size}`)
      throw new Refused({ refused: 'file_range' })
    }
    const body = await store.get(documentKey, range)
    if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
    return reply.headers({
      'content-type': 'application/pdf', 'content-disposition': contentDisposition(`${number}.pdf`, 'inline'), 'content-length': range ? range.end - range.start + 1 : size,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
    }).send(body)
  })

  /** A day that is none: people see it beside the form, a program must not take today's standing for that day's. */
  function askAgain(request: FastifyRequest, reply: FastifyReply) {
    if (!wantsHtml(request)) throw new Refused({ refused: 'day_unusable' })
    void reply.code(422)
  }

  /** Not a certificate: says what is wrong with the number, what it might have been, and why a number may not be found. */
  async function wrong(request: FastifyRequest, reply: FastifyReply, typed: string, { refused, suggestions = [] }: { refused: Fault; suggestions?: string[] }): Promise<never> {
    const near = await onRegister(db, suggestions)
    const problem = problemOf(new Refused({ refused }))
    const title = translate(request.locale, `problems.${refused}`)
    void reply.code(problem.status)
    if (wantsHtml(request)) void reply.serializer((page: unknown) => app.renderPage('certificates/look-up', request, publish(LookUp, page)))
    else void reply.type('application/problem+json').serializer(JSON.stringify)
    return reply.send(wantsHtml(request) ? { typed, fault: refused, near } : { ...asProblemBody(problem, title), near }) as never
  }
}

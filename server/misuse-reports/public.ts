import type { FastifyReply, FastifyRequest } from 'fastify'
import { ByNumber } from '../../schema/certificate-shapes.ts'
import { MisuseForm, MisusePage, MisuseQuery, MisuseReported } from '../../schema/misuse-shapes.ts'
import { findOnRegister } from '../certificates/register.ts'
import { japanDate } from '../domain/calendar.ts'
import { misuseDues } from '../domain/misuse.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { standardInForce } from '../standard/queries.ts'
import type { World } from '../world.ts'
import { aboutWhat } from './about.ts'
import { reportMisuse } from './report.ts'

const open = { may: 'anyone', shared: true } as const // no cookie is read: who reports stays unknown to us
// Against floods of one address; an honest reporter sends one. Counted only once the words were read, so that they go back to a writer who has to wait.
const rateLimit = { max: 20, timeWindow: '10 minutes', hook: 'preHandler' } as const

export function publicReportRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  const about = async (request: FastifyRequest) => {
    const what = aboutWhat((request.params as { number: string }).number)
    if (!what) throw new Refused({ refused: 'not_found' })
    const found = what.number && what.number === what.at ? await findOnRegister(db, what.number, { now: now(), publicUrl }) : null
    return { ...what, certificate: found?.certificate ?? null }
  }
  const page = async (request: FastifyRequest, reply?: FastifyReply) => {
    void reply?.header('cache-control', 'no-store') // every form has a token of its own
    return { ...await about(request), file: MisuseQuery.parse(request.query).file ?? null, today: japanDate(now()) }
  }
  const form = { page: 'misuse/report', shape: MisusePage, load: (request: FastifyRequest) => page(request) }

  app.get('/c/:number/report', { config: { ...open, rateLimit: { max: 600, timeWindow: '1 minute' }, operation: 'misuse_reports.form', page: 'misuse/report' }, schema: { params: ByNumber, response: { 200: MisusePage } } }, page)

  app.post('/c/:number/report', { config: { ...open, operation: 'misuse_reports.report', page: 'misuse/thanks', form, rateLimit }, schema: { params: ByNumber, body: MisuseForm, response: { 201: MisuseReported } } },
    async (request, reply) => {
      const today = japanDate(now())
      if ((request.body.seenOn ?? '') > today) throw new Refused({ refused: 'day_unusable' }) // nobody has seen tomorrow
      const { number, at, certificate } = await about(request)
      const told = { number, certificate, body: request.body, now: now(), requestId: request.id }
      const { reference } = orRefuse(await writeOnce(db, { ...(request.body.once ? { once: request.body.once } : {}), personId: null }, tx => reportMisuse(tx, told)))
      const dues = misuseDues(today, (await standardInForce(db, today)).content.grading.complaint)
      void reply.code(201).header('cache-control', 'no-store')
      return { reference, number, at, mayBeAnswered: request.body.contact !== null, ...dues }
    })
}

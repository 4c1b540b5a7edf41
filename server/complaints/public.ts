import type { FastifyReply, FastifyRequest } from 'fastify'
import { ComplaintFiled, ComplaintForm, ComplaintFormPage, ComplaintQuery, ComplaintStatus, FollowForm, FollowPage } from '../../schema/complaint-shapes.ts'
import { japanDate } from '../domain/calendar.ts'
import { complaintDues } from '../domain/complaints.ts'
import { cleanLine } from '../domain/text.ts'
import { tellOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { readCode } from './code.ts'
import { fileComplaint } from './file.ts'
import { clockOf, complaintStatus } from './queries.ts'

const open = { may: 'anyone', shared: true } as const // no cookie is read: who complains stays unknown to us
// Against floods, and against trying codes; an honest complainant needs few. Counted only once the words were read, so that they go back to a writer who has to wait.
const rateLimit = { max: 20, timeWindow: '10 minutes', hook: 'preHandler' } as const
const reading = { max: 600, timeWindow: '1 minute' } as const

/** Codes go in the body, never in an address: addresses are written down by servers on the way. */
export function publicComplaintRoutes(app: App, { database: { db }, now }: World) {
  const fresh = (reply?: FastifyReply) => void reply?.header('cache-control', 'no-store') // every form has a token of its own
  const page = async (request: FastifyRequest, reply?: FastifyReply) => {
    fresh(reply)
    const about = cleanLine(ComplaintQuery.parse(request.query).number ?? '')
    return { about: typeof about === 'string' ? about : '' }
  }
  app.get('/complaints', { config: { ...open, rateLimit: reading, operation: 'complaints.form', page: 'complaints/new' }, schema: { response: { 200: ComplaintFormPage } } }, page)

  const form = { page: 'complaints/new', shape: ComplaintFormPage, load: (request: FastifyRequest) => page(request) }
  app.post('/complaints', { config: { ...open, rateLimit, operation: 'complaints.file', page: 'complaints/thanks', form }, schema: { body: ComplaintForm, response: { 201: ComplaintFiled } } }, async (request, reply) => {
    const { body } = request, today = japanDate(now()), dues = complaintDues(today, await clockOf(db, today))
    const filed = { form: body, locale: request.locale, acknowledgeBy: dues.acknowledgeBy, now: now(), requestId: request.id }
    const { reference, secret } = orRefuse(await tellOnce(db, { ...(body.once ? { once: body.once } : {}), personId: null }, tx => fileComplaint(tx, filed)))
    void reply.code(201)
    fresh(reply)
    return { reference, code: secret, ...dues }
  })

  const asking = async (_: FastifyRequest, reply?: FastifyReply) => {
    fresh(reply)
    return {}
  }
  app.get('/complaints/follow', { config: { ...open, rateLimit: reading, operation: 'complaints.ask', page: 'complaints/follow' }, schema: { response: { 200: FollowPage } } }, asking)
  app.post('/complaints/follow', { config: { ...open, rateLimit, operation: 'complaints.follow', page: 'complaints/status', form: { page: 'complaints/follow', shape: FollowPage, load: (request: FastifyRequest) => asking(request) } },
    schema: { body: FollowForm, response: { 200: ComplaintStatus } } }, async (request, reply) => {
    fresh(reply)
    const code = readCode(request.body.code), status = code && await complaintStatus(db, code.sha256)
    if (!status) throw new Refused({ refused: 'complaint_code_unknown' })
    return status
  })
}

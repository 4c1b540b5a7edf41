import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { ByFile, TakeOutForm } from '../../schema/notebook-shapes.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { readable } from '../documents/readable.ts'
import { serveDocument } from '../documents/serve.ts'
import { isRefusal } from '../domain/refusal.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { keptFile } from './files.ts'
import { progressOf, receivePart, type Progress } from './receive.ts'

const Offset = z.string().regex(/^\d{1,12}$/).transform(Number)
const PartHeaders = z.object({ 'upload-offset': Offset, 'upload-length': Offset })

/** Photos and memos: asked how far they are, sent from there on, and given to the other devices of the team. */
export function notebookFileRoutes(app: App, world: World) {
  const { database: { db } } = world
  const url = '/notebook/files/:applicationId/:sha256'
  const may = ['assessor'] as const
  const schema = { params: ByFile, querystring: TakeOutForm }
  const told = (reply: FastifyReply, { offset, complete }: Progress) => reply.code(204).headers({ 'upload-offset': offset, 'upload-complete': complete ? '?1' : '?0' })
  const asked = (request: FastifyRequest) => ({ ...request.params as z.infer<typeof ByFile>, ...request.query as z.infer<typeof TakeOutForm>, viewer: signedIn(request), requestId: request.id })

  app.head(url, { config: { may, operation: 'notebooks.progress' }, schema }, async (request, reply) => told(reply, orRefuse(await progressOf(world, asked(request)))).send())

  app.get(url, { exposeHeadRoute: false, config: { may, operation: 'notebooks.read_file' }, schema: { params: ByFile } }, async (request, reply) => {
    const { applicationId, sha256 } = request.params, viewer = signedIn(request)
    orRefuse(await findCaseAs(db, applicationId, viewer, 'assessor'))
    const documentId = await keptFile(db, applicationId, sha256)
    if (!documentId) throw new Refused({ refused: 'not_found' })
    return serveDocument(request, reply, world, orRefuse(await readable(db, documentId, viewer)))
  })

  void app.register(async inner => {
    inner.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload)) // as it comes: files are never whole in memory
    inner.put(url, { config: { may, operation: 'notebooks.send_file' }, schema }, async (request, reply) => {
      const headers = PartHeaders.safeParse(request.headers)
      if (!headers.success || !request.body) throw new Refused({ refused: 'invalid' })
      const { 'upload-offset': offset, 'upload-length': length } = headers.data
      const outcome = await receivePart(world, { ...asked(request), offset, length, body: request.body as Readable })
      if (!isRefusal(outcome)) return told(reply, outcome).send()
      if ('offset' in outcome) void reply.headers({ 'upload-offset': outcome.offset, 'upload-complete': '?0' })
      throw new Refused(outcome)
    })
  })
}

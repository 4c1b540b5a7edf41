import Fastify from 'fastify'
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import { newDocumentKey } from '../../server/adapters/documents.ts'

// The peer: the same bytes by plain PUT into a store like ours, of a server that runs as ours does, and that knows neither who sends nor what it is.
process.once('message', async ({ below }: { below: string }) => {
  const directory = await mkdtemp(path.join(below, 'akashi-plain-'))
  const store = diskDocuments(directory)
  const app = Fastify()
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  app.put('/:name', async (request, reply) => {
    await store.put(newDocumentKey(), request.body as Readable, { type: 'image/jpeg' })
    return reply.code(204).send()
  })
  process.on('disconnect', () => void rm(directory, { recursive: true, force: true }).then(() => process.exit()))
  process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
})

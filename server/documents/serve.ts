import type { FastifyReply, FastifyRequest } from 'fastify'
import { contentDisposition } from '../http/content-disposition.ts'
import { Refused } from '../http/problems.ts'
import { parseRange } from '../http/ranges.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { onRecord, type readable } from './readable.ts'
import type { Refusal } from '../domain/refusal.ts'

type Readable = Exclude<Awaited<ReturnType<typeof readable>>, Refusal>

/** Streams a document that this reader may read, whole or in part; on record before a byte leaves. */
export async function serveDocument(request: FastifyRequest, reply: FastifyReply, { database: { db }, documents: store }: World, document: Readable) {
  const range = parseRange(request.headers.range, document.size)
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${document.size}`)
    throw new Refused({ refused: 'file_range' })
  }
  await onRecord(db, document, signedIn(request), { requestId: request.id, isPart: range !== undefined })
  const body = await store.get(document.key, range)
  void reply.headers({
    'content-type': document.type,
    'content-disposition': contentDisposition(document.name, 'inline'), 'accept-ranges': 'bytes', 'cache-control': 'private, no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; sandbox", 'x-content-type-options': 'nosniff',
    'content-length': range ? range.end - range.start + 1 : document.size,
  })
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${document.size}`)
  return reply.send(body)
}

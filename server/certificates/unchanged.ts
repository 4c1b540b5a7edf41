import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** RFC 9110 13.1.2: onSend hook that names what is sent by its hash, and answers 304 to a reader who has it already. */
export async function unlessUnchanged(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
  const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`
  void reply.header('etag', tag)
  if (!has(request, tag)) return payload
  void reply.code(304).removeHeader('content-length').removeHeader('content-type')
  return ''
}

/** Whether the reader already holds the version with this tag. A cache may have weakened the tag on the way. */
export const has = (request: FastifyRequest, tag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some(held => held.trim() === '*' || held.trim().replace(/^W\//, '') === tag)

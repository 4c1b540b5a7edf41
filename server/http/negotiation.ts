import type { FastifyReply, FastifyRequest } from 'fastify'

/** Same URL, two renderers: people get pages, programs JSON (the default). */
export const wantsHtml = (request: FastifyRequest): boolean => request.accepts().type(['json', 'html']) === 'html'

type After = { flash?: string; status?: number }

/** After a write: 303 to the next page for people, 201 with Location and body for programs. */
export function seeOther<Body>(request: FastifyRequest, reply: FastifyReply, url: string, body: Body, { flash, status = 201 }: After = {}): Body {
  void reply.header('location', url)
  if (!wantsHtml(request)) {
    void reply.code(status)
    return body
  }
  if (flash) void reply.setCookie('flash', flash, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60 })
  void reply.code(303).type('text/html; charset=utf-8').serializer(() => '')
  return body
}

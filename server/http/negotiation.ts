import type { FastifyReply, FastifyRequest } from 'fastify'

/** Same URL, two renderers: people get pages, programs JSON (the default). */
export const wantsHtml = (request: FastifyRequest): boolean => request.accepts().type(['json', 'html']) === 'html'

// How browsers call a language that we call otherwise (tl: Tagalog, in: the old code of Indonesian).
const alias: Record<string, string> = { tl: 'fil', in: 'id' }
const primary = (tag: string) => tag.split('-', 1)[0] ?? ''

/** The best of `spoken` for an Accept-Language header (RFC 9110 12.5.4): by q, then by order; a language stands for all its scripts and regions. Null when nothing fits. */
export function negotiate<Tag extends string>(header: string | undefined, spoken: readonly Tag[]): Tag | null {
  if (!header) return null
  const wishes = header.slice(0, 1000).split(',').map(part => {
    const [tag = '', ...parameters] = part.split(';').map(word => word.trim().toLowerCase())
    const q = Number(parameters.find(parameter => parameter.startsWith('q='))?.slice(2) ?? 1)
    return { language: alias[primary(tag)] ?? primary(tag), q: Number.isFinite(q) ? q : 0 }
  })
  for (const { language } of wishes.filter(({ q }) => q > 0).sort((a, b) => b.q - a.q)) {
    const found = spoken.find(tag => primary(tag) === language)
    if (found) return found
  }
  return null
}

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

import type { FastifyReply, FastifyRequest } from 'fastify'
import { withoutContent } from '../adapters/without-content.ts'
import { knows, sentence, translate } from './locale.ts'
import { wantsHtml } from './negotiation.ts'
import { publish } from './pages.ts'
import { asProblemBody, problemOf, retryHeaders, type Problem } from './problems.ts'
import type { App, Form } from './server.ts'
import { doorFor, leadToDoor } from './viewer.ts'

/** Every "no" and every bug on its way out: back to the form with what was typed, to a page that says the way on, or as RFC 9457. */
export function answerErrors(app: App) {
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error)
    if (problem.code === 'bug') request.log.error({ fault: withoutContent(error), operation: request.routeOptions.config?.operation }, 'bug')
    else if (problem.status === 503) request.log.warn({ problem: problem.code }, 'unavailable')
    retryHeaders(reply, problem.status)
    if (leadToDoor(request, reply, problem.code)) return reply
    return wantsHtml(request) ? page(app, request, reply, problem) : json(request, reply, problem)
  })
  app.setNotFoundHandler({}, async (request, reply) => {
    const problem = problemOf({ statusCode: 404 })
    return wantsHtml(request) ? page(app, request, reply, problem) : json(request, reply, problem)
  })
}

const title = (request: FastifyRequest, problem: Problem, say = sentence) => say(request.locale ?? 'ja', `problems.${problem.code}`, problem.params)

function json(request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  const errors = problem.errors.map(({ field, message }) => ({ field, message: translate(request.locale, `problems.${message}`) }))
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(asProblemBody({ ...problem, errors }, title(request, problem, translate)))
}

async function page(app: App, request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  void reply.code(problem.status).type('text/html; charset=utf-8').serializer((html: unknown) => String(html))
  const errors = errorsOf(request, problem)
  const form = problem.status < 500 && problem.status !== 404 ? request.routeOptions.config.form : undefined
  const back = form && await reload(form, request)
  if (form && back !== undefined) return reply.send(app.renderPage(form.page, request, back, { errors, values: typedIn(request.body), status: problem.status }))
  return reply.send(app.renderPage('problems/show', request, { code: problem.code, status: problem.status, title: title(request, problem), errors, kept: keptInput(request), door: doorFor(request, problem.code) }))
}

// The form's own page may be closed to this reader by now: then the plain page tells.
async function reload(form: Form, request: FastifyRequest): Promise<unknown> {
  try {
    return publish(form.shape, await form.load(request))
  } catch {
    return undefined
  }
}

// What the reader typed goes with the error page too: nothing is lost when no form can be drawn again.
function keptInput({ body }: FastifyRequest): { field: string; value: string }[] {
  return Object.entries(typedIn(body)).filter(([field, value]) => typeof value === 'string' && value !== '' && !['once', 'version', 'form', 'code'].includes(field))
    .map(([field, value]) => ({ field, value: String(value) }))
}

// A form sends texts and lists of texts. A program may send anything at all, also what cannot be written on a page.
function typedIn(body: unknown): Record<string, string | string[]> {
  if (typeof body !== 'object' || body === null) return {}
  return Object.fromEntries(Object.entries(body).flatMap(([field, value]) => (isTyped(value) ? [[field, value]] : typeof value === 'number' ? [[field, String(value)]] : [])))
}

const isTyped = (value: unknown) => typeof value === 'string' || (Array.isArray(value) && value.every(one => typeof one === 'string'))

function errorsOf(request: FastifyRequest, problem: Problem) {
  if (problem.errors.length > 0) return problem.errors.map(({ field, message }) => ({ field, label: labelOf(request, field), message: sentence(request.locale, `problems.${message}`) }))
  const missing = problem.missing.map(need => `problems.need_${need}`).filter(key => knows(request.locale, key)).map(key => sentence(request.locale, key))
  return [{ field: problem.code.startsWith('file_') ? 'file' : '', label: null, message: [title(request, problem), ...missing].join(' ') }]
}

// The summary names the field as its form does: nameJa of employers/edit is the sentence employers.name_ja.
function labelOf(request: FastifyRequest, field: string): string | null {
  const noun = request.routeOptions.config.form?.page.split('/')[0]
  const key = `${noun}.${field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}`
  return knows(request.locale, key) ? sentence(request.locale, key) : null
}

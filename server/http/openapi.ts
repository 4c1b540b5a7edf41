import swagger from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ProblemBody } from './problems.ts'
import type { App } from './server.ts'
import { sessionCookie } from './viewer.ts'

const about = {
  title: 'Akashi 証', version: '0.1.0', license: { name: 'Proprietary', identifier: 'LicenseRef-Akashi' },
  description: 'Every page answers Accept: application/json with the same data. Problems are RFC 9457. Programs of a buyer show an API key as bearer token; its scope stands beside each operation.',
}
const securitySchemes = { session: { type: 'apiKey', in: 'cookie', name: sessionCookie }, key: { type: 'http', scheme: 'bearer', description: 'An API key (ak_…) of a buyer' } } as const
const problem = { description: 'What is in the way (RFC 9457)', ...z.toJSONSchema(ProblemBody, { target: 'draft-7' }) }

/** OpenAPI 3.1 from the very shapes that filter the replies: it cannot say what the server would not. */
export async function describeApi(app: App, publicUrl: string) {
  const named = new Map<string, number>() // one operation under several addresses, or GET and HEAD of one
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: about, servers: [{ url: publicUrl }], components: { securitySchemes } },
    transform: input => {
      const { may, operation = 'other', scope } = input.route.config ?? {}
      const described = jsonSchemaTransform(input as Parameters<typeof jsonSchemaTransform>[0])
      const times = (named.get(operation) ?? 0) + 1
      named.set(operation, times)
      const [noun = '', verb = ''] = operation.split('.')
      const security: Record<string, string[]>[] = may === 'anyone' ? [] : [{ session: [] }, ...(scope ? [{ key: [] }] : [])]
      const schema = {
        ...described.schema, operationId: times === 1 ? operation : `${operation}.${times}`, tags: [noun], summary: `${noun}: ${verb}`.replaceAll('_', ' '),
        description: `may: ${typeof may === 'string' ? may : may?.join(', ')}${scope ? `; key with scope: ${scope}` : ''}`,
        security, hide: input.url.includes('*'), // a path of any depth has no place in the format
        response: { ...(described.schema?.response as object | undefined ?? { 200: { description: 'As its name says', type: 'string' } }), '4xx': problem },
      }
      return { schema, url: described.url }
    },
  })
}

const Operations = z.object({ tags: z.array(z.object({ tag: z.string(), operations: z.array(z.object({ method: z.string(), path: z.string(), operation: z.string(), may: z.string() })) })) })

export function openApiRoutes(app: App) {
  app.get('/openapi.json', { config: { may: 'anyone', operation: 'api.openapi' } }, async () => app.swagger())
  app.get('/api', { config: { may: 'anyone', operation: 'api.show', page: 'api/show' }, schema: { response: { 200: Operations } } }, async () => ({ tags: byTag(app.swagger()) }))
}

type Described = { paths?: Record<string, Record<string, { operationId?: string; tags?: string[]; description?: string }>> }

function byTag(document: unknown) {
  const rows = Object.entries((document as Described).paths ?? {}).flatMap(([path, methods]) => Object.entries(methods).map(([method, { operationId = '', tags: [tag = ''] = [], description = '' }]) =>
    ({ tag, method: method.toUpperCase(), path, operation: operationId, may: description.replace('may: ', '') })))
  return [...new Set(rows.map(row => row.tag))].sort().map(tag => ({ tag, operations: rows.filter(row => row.tag === tag).map(({ tag: _, ...operation }) => operation) }))
}

import swagger from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from './server.ts'

/** OpenAPI 3.1 from the very shapes that filter the replies: it cannot say what the server would not. */
export async function describeApi(app: App, publicUrl: string) {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Akashi 証', version: '0.1.0', description: 'Every page answers Accept: application/json with the same data. Problems are RFC 9457.' }, servers: [{ url: publicUrl }] },
    transform: input => {
      const { may, operation } = input.route.config ?? {}
      const described = jsonSchemaTransform(input as Parameters<typeof jsonSchemaTransform>[0])
      const named = { ...described.schema, operationId: operation, tags: [operation?.split('.')[0] ?? 'other'], description: `may: ${typeof may === 'string' ? may : may?.join(', ')}` }
      return { schema: named, url: described.url }
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

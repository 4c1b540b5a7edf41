import Fastify from 'fastify'

// The limit: what this framework does when it only sends. The bytes and their headers come from the parent, the port goes back.
process.once('message', async ({ body, headers }: { body: string; headers: Record<string, string> }) => {
  const bytes = Buffer.from(body)
  const app = Fastify()
  app.get('/c/:number', (_, reply) => reply.headers(headers).send(bytes))
  process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
})
process.on('disconnect', () => process.exit())

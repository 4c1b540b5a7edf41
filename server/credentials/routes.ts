import type { FastifyReply, FastifyRequest } from 'fastify'
import { ByNumber } from '../../schema/certificate-shapes.ts'
import { CredentialQuery } from '../../schema/key-shapes.ts'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { publishedDid } from './published-keys.ts'
import { credentialOf } from './queries.ts'
import { latestStatusList, publishStatus } from './status-list.ts'

// decisions.md 11: free, without account; a ceiling against floods only.
const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const
const fresh = 'public, max-age=30' // a suspension is seen within a minute

export function credentialRoutes(app: App, world: World) {
  const { database: { db } } = world

  app.get('/c/:number/certificate.vc.jwt', { config: { ...open, operation: 'credentials.show' }, onSend: unlessUnchanged, schema: { params: ByNumber, querystring: CredentialQuery } }, async (request, reply) => {
    const read = readNumber(request.params.number)
    const found = 'refused' in read ? undefined : await credentialOf(db, read.number, request.query.edition)
    if (!found) throw new Refused({ refused: 'number_unknown' })
    if (!found.credential) throw new Refused({ refused: 'not_found' }) // a certificate of the days before there were credentials, or no such edition
    return send(reply, found.credential)
  })

  app.get('/credentials/status', { config: { ...open, operation: 'credentials.status' }, onSend: unlessUnchanged }, async (_, reply) =>
    send(reply, (await latestStatusList(db))?.credential ?? await publishStatus(world)))

  // did:web, 2.5.2: below .well-known for a bare host; beside the path where PUBLIC_URL has one.
  for (const url of ['/.well-known/did.json', '/did.json'] as const) {
    app.get(url, { config: { ...open, operation: 'credentials.issuer' }, onSend: unlessUnchanged }, async (_: FastifyRequest, reply) =>
      reply.headers({ 'content-type': 'application/did+json', 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' }).send(await publishedDid(world)))
  }
}

const send = (reply: FastifyReply, jwt: string) =>
  reply.headers({ 'content-type': 'application/vc+jwt', 'cache-control': fresh, 'access-control-allow-origin': '*' }).send(jwt)

import type { z } from 'zod'
import { Keys, KeysPage } from '../../schema/key-shapes.ts'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { publishedKeys } from './published.ts'

const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const

/** Which keys sign here, for people and for programs (peers.md 3.22). A compromised key must be known soon: a minute in caches, no more. */
export function keyRoutes(app: App, world: World) {
  app.get('/keys', { config: { ...open, operation: 'keys.show', page: 'keys/show' }, onSend: unlessUnchanged, schema: { response: { 200: KeysPage } } }, async (_, reply) => {
    void reply.header('cache-control', 'public, max-age=60')
    return forPeople(await publishedKeys(world))
  })

  app.get('/keys.json', { config: { ...open, operation: 'keys.list' }, onSend: unlessUnchanged, schema: { response: { 200: Keys } } }, (_, reply) => {
    void reply.headers({ 'cache-control': 'public, max-age=60', 'access-control-allow-origin': '*' })
    return publishedKeys(world)
  })

  const roots = [['/keys/root.der', 'keys.root', () => world.signer.root], ['/keys/time-stamp-root.der', 'keys.time_stamp_root', () => world.timeStamps.root]] as const
  for (const [url, operation, root] of roots) {
    app.get(url, { config: { ...open, operation } }, (_, reply) =>
      reply.headers({ 'content-type': 'application/pkix-cert', 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' }).send(Buffer.from(root())))
  }
}

function forPeople({ did, keys, timeStamps }: z.output<typeof Keys>): z.output<typeof KeysPage> {
  const shown = keys.map(key => ({
    ...key, fingerprint: inGroups(key.publicKeySha256), certificateFingerprint: key.certificatePem && inGroups(key.fingerprintSha256),
    rootFingerprint: key.rootFingerprintSha256 && inGroups(key.rootFingerprintSha256),
  }))
  return {
    did, current: shown.filter(({ state }) => state === 'active'), former: shown.filter(({ state }) => state !== 'active'),
    timeStamps: { rootFingerprint: inGroups(timeStamps.rootFingerprintSha256) },
  }
}

const inGroups = (hex: string) => hex.toUpperCase().match(/.{4}/g)?.join(' ') ?? hex

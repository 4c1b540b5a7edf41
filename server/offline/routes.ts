import { z } from 'zod'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import { bundleInline } from '../http/assets.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { readerKeys } from './keys.ts'

const Reader = z.object({ site: z.string(), keysText: z.string() })

/** Where the second code of a certificate leads. What it says stands behind the #, which no browser sends: this server learns nothing of who is checked. */
export function offlineRoutes(app: App, { database: { db }, credentialKey, publicUrl }: World) {
  app.get('/o', { config: { may: 'anyone', operation: 'offline.show', page: 'offline/show', shared: true }, onSend: unlessUnchanged, schema: { response: { 200: Reader } } }, async (_, reply) => {
    void reply.header('cache-control', 'public, max-age=300')
    return { site: publicUrl, keysText: JSON.stringify(await readerKeys(db, credentialKey)) }
  })

  let worker: Promise<string> | undefined
  app.get('/o/worker.js', { config: { may: 'anyone', operation: 'offline.worker', shared: true }, onSend: unlessUnchanged }, async (_, reply) => {
    worker ??= bundleInline('offline-worker.ts').then(({ script }) => script)
    return reply.headers({ 'content-type': 'text/javascript; charset=utf-8', 'service-worker-allowed': '/o', 'cache-control': 'no-cache' }).send(await worker)
  })
}

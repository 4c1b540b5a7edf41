import { X509Certificate } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'

const Check = z.enum(['ok', 'failed'])
const Ready = z.object({ status: Check, checks: z.record(z.string(), Check), keyId: z.string(), development: z.boolean() })

export function healthRoutes(app: App, { database: { db }, documents, signer, now }: World) {
  app.get('/health/live', { config: { may: 'anyone', operation: 'health.live' }, schema: { response: { 200: z.object({ status: z.literal('ok') }) } } }, async () => ({ status: 'ok' as const }))

  app.get('/health/ready', { config: { may: 'anyone', operation: 'health.ready' }, schema: { response: { 200: Ready, 503: Ready } } }, async (_, reply) => {
    const probes: Record<string, () => Promise<unknown>> = {
      database: () => db.execute(sql`select 1`),
      documents: () => documents.ready(),
      signer: async () => sealIsValid(signer.certificate, now()),
      jobs: () => jobsAreMoving(db),
    }
    const checks = Object.fromEntries(await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await probe().then(() => 'ok' as const, () => 'failed' as const)])))
    const status = Object.values(checks).includes('failed') ? 'failed' as const : 'ok' as const
    void reply.code(status === 'ok' ? 200 : 503).header('cache-control', 'no-store')
    return { status, checks, keyId: signer.keyId, development: signer.development }
  })
}

// An expired seal would stop the next certificate: better to know before a decision than after it (peers.md i22, i24).
function sealIsValid(certificate: Uint8Array, now: Date) {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  if (now < validFromDate || now > validToDate) throw new Error('the seal certificate is not valid now')
}

// A job that used up its attempts waits for a person.
async function jobsAreMoving(db: World['database']['db']) {
  const [row] = await db.execute<{ stuck: number }>(sql`select count(*)::int as stuck from graphile_worker.jobs where attempts >= max_attempts`)
  if ((row?.stuck ?? 0) > 0) throw new Error('jobs gave up')
}

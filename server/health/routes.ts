import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { refuseUnusable } from '../certificates/signature/key-usable.ts'
import type { App } from '../http/server.ts'
import { stoppedJobs } from '../jobs/stuck.ts'
import { logHolds } from '../log/health.ts'
import type { World } from '../world.ts'
import { endingsOf, kinds } from './endings.ts'

const Check = z.enum(['ok', 'failed'])
const Warning = z.object({ what: z.enum(kinds), subject: z.string(), endsAt: z.string(), daysLeft: z.int() })
const Ready = z.object({ status: Check, checks: z.record(z.string(), Check), warnings: z.array(Warning), keyId: z.string(), development: z.boolean() })

export function healthRoutes(app: App, world: World) {
  const { database: { db }, documents, signer, timeStamps, now } = world

  app.get('/health/live', { config: { may: 'anyone', operation: 'health.live' }, schema: { response: { 200: z.object({ status: z.literal('ok') }) } } }, async () => ({ status: 'ok' as const }))

  app.get('/health/ready', { config: { may: 'anyone', operation: 'health.ready' }, schema: { response: { 200: Ready, 503: Ready } } }, async (_, reply) => {
    const probes: Record<string, () => Promise<unknown>> = {
      database: () => db.execute(sql`select 1`),
      documents: () => documents.ready(),
      signer: () => sealIsReady(world),
      timeStamps: () => timeStamps.ready(),
      log: () => logHolds(world),
      jobs: () => jobsAreMoving(db),
    }
    const checks = Object.fromEntries(await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await probe().then(() => 'ok' as const, () => 'failed' as const)])))
    const status = Object.values(checks).includes('failed') ? 'failed' as const : 'ok' as const
    void reply.code(status === 'ok' ? 200 : 503).header('cache-control', 'no-store')
    const warnings = endingsOf(world, now()).map(({ what, subject, endsAt, daysLeft }) => ({ what, subject, endsAt: endsAt.toISOString(), daysLeft }))
    return { status, checks, warnings, keyId: signer.keyId, development: signer.development }
  })
}

// A seal that cannot be set would stop the next certificate: better to know before a decision than after it (peers.md i22, i24).
async function sealIsReady({ signer, now }: World) {
  refuseUnusable(signer, now())
  await signer.ready()
}

// A job that used up its attempts waits for a person, who finds it on /jobs.
async function jobsAreMoving(db: World['database']['db']) {
  if (await stoppedJobs(db) > 0) throw new Error('jobs gave up')
}

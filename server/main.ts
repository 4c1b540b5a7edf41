import path from 'node:path'
import pino from 'pino'
import { freePort, startEmbeddedPostgres } from './adapters/embedded-postgres.ts'
import { openInbox } from './adapters/inbox.ts'
import { migrate } from './adapters/migrate.ts'
import { socketPathFor } from './adapters/signer/socket-path.ts'
import { buildApp } from './app.ts'
import { ConfigError, readConfig } from './config.ts'
import { endingsOf } from './health/endings.ts'
import { forkJobs } from './jobs/fork.ts'
import { ensureKeys } from './keys/ensure.ts'
import { openWorld } from './open-world.ts'
import { forkSigner } from './signer/fork.ts'
import { loadStandards } from './standard/load.ts'

const keyless = { SIGNER_KEY: '', SIGNER_KEY_FILE: '', SIGNER_CHAIN_FILE: '', SIGNER_PASSPHRASE: '' } // the job runner asks the signer

// The composition root: config → embedded stand-ins where nothing is given → world → app → listen. SIGTERM undoes it in reverse.
try {
  await start()
} catch (error) {
  console.error(error instanceof ConfigError ? error.faults.map(fault => `akashi: ${fault}`).join('\n') : error instanceof Error ? `akashi: ${told(error)}` : error)
  process.exit(1)
}

function told(error: Error & { code?: string; port?: number }): string {
  return error.code === 'EADDRINUSE' ? `port ${error.port} is in use: stop what listens there, or set PORT` : error.message
}

async function start() {
  const given = readConfig(process.env)
  const logger = pino({ level: given.logLevel, base: { process: 'web' } })
  const port = given.port === 0 ? await freePort() : given.port
  const socket = given.signerSocket ?? socketPathFor(given.dataDir)
  const signer = given.signerSocket ? undefined : forkSigner({ DATA_DIR: given.dataDir, SIGNER_SOCKET: socket }, logger)
  const postgres = given.databaseUrl ? undefined : await startEmbeddedPostgres(path.join(given.dataDir, 'postgres'))
  const inbox = given.smtpUrl ? undefined : await openInbox()
  const supplied = { DATABASE_URL: given.databaseUrl ?? postgres?.url ?? '', SMTP_URL: given.smtpUrl ?? inbox?.url ?? '', PORT: String(port), DATA_DIR: given.dataDir, SIGNER_SOCKET: socket }
  const config = readConfig({ ...process.env, ...supplied })
  await migrate(supplied.DATABASE_URL)
  await signer?.listening
  const world = await openWorld(config)
  for (const ending of endingsOf(world, world.now())) logger.warn(ending, 'a certificate of the seal or of the time stamps ends')
  if (!world.timeStamps.leaf) logger.warn('no time-stamp authority answers: certificates wait until one does')
  await loadStandards(world.database.db, world.now())
  await ensureKeys(world)
  if (config.seed !== 'none') await (await import('../scripts/seed.ts')).seed(world)
  const app = await buildApp(world, logger, inbox)
  const jobs = forkJobs({ ...supplied, ...keyless }, logger)
  await app.listen({ port, host: config.host })
  logger.info(`Akashi is at ${world.publicUrl}`)
  if (config.seed === 'cases') void import('../scripts/seed-cases.ts').then(({ seedCases }) => seedCases(world, `http://127.0.0.1:${port}`, logger))
  let closing = false
  const close = async (signal: string) => {
    if (closing) return
    closing = true
    logger.info({ signal }, 'closing')
    await app.close()
    await jobs.stop()
    await signer?.stop()
    world.mailer.close()
    await world.database.close()
    await inbox?.close()
    await postgres?.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void close(signal))
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { connect, type Database } from '../../server/adapters/database.ts'
import { startEmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'
import { migrate } from '../../server/adapters/migrate.ts'
import { readConfig, readSignerConfig } from '../../server/config.ts'
import type { Place } from '../../server/keys/rotate.ts'

/** Database and key directory as the server has them, whether it runs or not: beside a running one its own Postgres is asked, else one is started for the moment. */
export async function openPlace(env: Record<string, string | undefined>): Promise<Place & { close(): Promise<void> }> {
  const { databaseUrl, dataDir, host, port, publicUrl, production } = readConfig(env)
  const { signer: { key, keyFile } } = readSignerConfig(env)
  const root = path.join(dataDir, 'postgres')
  const running = databaseUrl ?? await runningPostgres(root)
  const postgres = running ? undefined : await startEmbeddedPostgres(root)
  const url = running ?? postgres?.url ?? ''
  await migrate(url)
  const database: Database = connect(url)
  return {
    db: database.db, dataDir, ownSeal: production || Boolean(key ?? keyFile), publicUrl: publicUrl ?? `http://${host}:${port}`,
    async close() {
      await database.close()
      await postgres?.stop()
    },
  }
}

// Postgres writes down its process (line 1) and its port (line 4), and takes the file away when it ends in order.
async function runningPostgres(root: string): Promise<string | undefined> {
  const [state, password] = await Promise.all([path.join(root, 'pg18', 'postmaster.pid'), path.join(root, 'password')].map(file => readFile(file, 'utf8').catch(() => '')))
  const [pid, , , port] = (state ?? '').split('\n')
  if (!pid || !port || !isAlive(Number(pid))) return undefined
  return `postgres://app:${password?.trim()}@127.0.0.1:${port.trim()}/postgres`
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { connect } from '../../server/adapters/database.ts'
import { startEmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'
import { migrate } from '../../server/adapters/migrate.ts'
import { addDays, addMonths, japanDate } from '../../server/domain/calendar.ts'
import { loadStandards } from '../../server/standard/load.ts'
import { ownInstance } from '../journey/instance.ts'
import { seed } from '../seed.ts'
import { fillMillion } from './fill-million.ts'

/** A server on a Postgres of its own with the cast and so many certificates; gone afterwards. */
export async function bigRegister(count: number, env: Record<string, string> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), 'akashi-bench-'))
  const server = await startEmbeddedPostgres(path.join(directory, 'postgres'))
  await migrate(server.url)
  const database = connect(server.url)
  await loadStandards(database.db, new Date())
  await seed({ database, now: () => new Date() })
  await database.close()
  const sql = postgres(server.url, { max: 1, onnotice() {} })
  const today = japanDate(new Date())
  const { at, seconds } = await fillMillion(sql, count, { issuedOn: today, expiresOn: addDays(addMonths(today, 36), -1) })
  const instance = await ownInstance({ DATABASE_URL: server.url, SEED: 'none', TRUST_PROXY: 'true', LOG_LEVEL: 'error', ...env })
  return {
    sql, at, seconds, count, today, url: instance.url, pid: instance.pid,
    async close() {
      await instance.stop()
      await sql.end()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
export type BigRegister = Awaited<ReturnType<typeof bigRegister>>

/** A reader from an address of their own: the ceiling against floods is for one address. */
export const visitor = () => ({ 'x-forwarded-for': `10.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`, accept: 'application/json' })

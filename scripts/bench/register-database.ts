import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { connect } from '../../server/adapters/database.ts'
import { startEmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'
import { migrate } from '../../server/adapters/migrate.ts'
import { addDays, addMonths, japanDate } from '../../server/domain/calendar.ts'
import { loadStandards } from '../../server/standard/load.ts'
import { benchStatement } from './statement.ts'
import { fillRegister } from './fill-register.ts'

/** A Postgres of its own with `count` certificates, valid today; gone afterwards. */
export async function registerDatabase(count: number) {
  const directory = await mkdtemp(path.join(tmpdir(), 'akashi-bench-'))
  const server = await startEmbeddedPostgres(path.join(directory, 'postgres'))
  await migrate(server.url)
  const database = connect(server.url)
  await loadStandards(database.db, new Date())
  await database.close()
  const sql = postgres(server.url, { max: 2, onnotice() {} })
  const today = japanDate(new Date())
  const begun = performance.now()
  const numbers = await fillRegister(sql, count, { ...benchStatement, issuedOn: today, expiresOn: addDays(addMonths(today, 36), -1) })
  return {
    url: server.url, sql, numbers, directory, today, seconds: (performance.now() - begun) / 1000,
    async close() {
      await sql.end()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

import { fork } from 'node:child_process'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mortalPostgres, type MortalPostgres } from '../support/mortal-postgres.ts'

// The patch of postgres.js (scripts/patches): without it a database that dies in a transaction throws from a timer and ends the process.
let database: MortalPostgres
beforeAll(async () => {
  database = await mortalPostgres()
  await asked(sql => sql`create table loops (id bigint generated always as identity, told integer)`)
})
afterAll(() => database.remove())

it('survives kill -9 of the database in the middle of transactions, three times, and goes on', async () => {
  const loops = fork(new URL('../support/transaction-loops.ts', import.meta.url), [database.url])
  const told = { committed: 0, away: 0 }
  loops.on('message', (message: { committed?: true; away?: true }) => { told[message.committed ? 'committed' : 'away'] += 1 })
  const ended = new Promise<number | null>(resolve => loops.once('exit', resolve))
  for (const time of [1, 2, 3]) {
    const before = told.committed
    await expect.poll(() => told.committed, { timeout: 10_000, message: `goes on after death ${time - 1}` }).toBeGreaterThan(before + 50)
    const away = told.away
    await database.kill()
    await expect.poll(() => told.away, { timeout: 10_000 }).toBeGreaterThan(away)
    await database.revive()
  }
  const before = told.committed
  await expect.poll(() => told.committed, { timeout: 10_000 }).toBeGreaterThan(before + 50)
  loops.send('enough')
  expect(await ended).toBe(0)
  const [counted] = await asked(sql => sql<{ rows: number; halves: number }[]>`select count(*)::int as rows, count(*)::int % 20 as halves from loops`)
  expect(counted?.halves).toBe(0) // of no transaction only a part
  expect(counted?.rows).toBeGreaterThanOrEqual(told.committed * 20) // nothing acknowledged is lost
}, 60_000)

async function asked<Rows>(question: (sql: postgres.Sql) => PromiseLike<Rows>): Promise<Rows> {
  const sql = postgres(database.url, { max: 1, onnotice() {} })
  try {
    return await question(sql)
  } finally {
    await sql.end()
  }
}

import { sql } from 'drizzle-orm'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { runMigrations } from 'graphile-worker'
import postgres from 'postgres'
import { lifecycle } from '../domain/lifecycle.ts'

/** Brings a database to the present schema; safe to repeat and safe for two servers at once (one waits for the other). */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice() {}, connect_timeout: 5 })
  try {
    await refuseUnfit(client)
    await client`select pg_advisory_lock(20261121)`
    const db = drizzle(client)
    await applyMigrations(db, { migrationsFolder: new URL('../../schema/migrations', import.meta.url).pathname })
    await db.transaction(async tx => {
      await tx.execute(sql`delete from lifecycle_steps`)
      for (const [from, , to] of lifecycle) await tx.execute(sql`insert into lifecycle_steps values (${from}, ${to}) on conflict do nothing`)
    })
    await runMigrations({ connectionString: url })
  } finally {
    await client.end()
  }
}

async function refuseUnfit(client: postgres.Sql) {
  const [row] = await client<{ version: number; encoding: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`
  if (!row || row.version < 150000) throw new Error('DATABASE_URL: Akashi needs Postgres 15 or newer')
  if (row.encoding !== 'UTF8') throw new Error(`DATABASE_URL: the database must be UTF8, it is ${row.encoding}`)
}

import type postgres from 'postgres'

export type Held = { reached(): Promise<void>; release(): Promise<void> }

/** Keeps everybody waiting who writes to this table (or, `alsoReaders`, looks at it), until released. `reached` when somebody waits. */
export async function holdTable(sql: postgres.Sql, table: string, { alsoReaders = false } = {}): Promise<Held> {
  const mode = alsoReaders ? 'access exclusive' : 'share row exclusive'
  return holding(sql, tx => tx.unsafe(`lock table ${table} in ${mode} mode`), () => sql`select 1 from pg_locks where not granted and relation = ${table}::regclass`)
}

const doorkeeper = 4711

/** Keeps waiting who commits a new row of this table: all is written then, and nothing counts yet. The commit of one who died meanwhile goes through when released. */
export async function holdCommit(sql: postgres.Sql, table: string): Promise<Held> {
  await sql.unsafe(`
    create or replace function wait_at_the_door() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(${doorkeeper}); return null; end $$;
    drop trigger if exists waits_at_the_door on ${table};
    create constraint trigger waits_at_the_door after insert on ${table} deferrable initially deferred for each row execute function wait_at_the_door();
    alter table ${table} enable always trigger waits_at_the_door`)
  return holding(sql, tx => tx`select pg_advisory_xact_lock(${doorkeeper})`, () => sql`select 1 from pg_locks where not granted and locktype = 'advisory' and objid = ${doorkeeper}`)
}

/** Held at the first, and from there let go to the second. */
export async function first(holding: Promise<Held>, then: () => Promise<Held>): Promise<Held> {
  const one = await holding
  let other: Held | undefined
  return {
    async reached() {
      await one.reached()
      other = await then()
      await one.release()
      await other.reached()
    },
    release: async () => other?.release(),
  }
}

async function holding(sql: postgres.Sql, take: (tx: postgres.TransactionSql) => PromiseLike<unknown>, waiting: () => PromiseLike<postgres.Row[]>): Promise<Held> {
  const { promise: over, resolve: release } = Promise.withResolvers<void>()
  const { promise: taken, resolve: took, reject } = Promise.withResolvers<void>()
  const gone = sql.begin(async tx => {
    await take(tx)
    took()
    await over
  })
  gone.catch(reject)
  await taken
  return {
    reached: () => until('somebody to wait at what is held', async () => (await waiting()).length > 0),
    release: async () => { release(); await gone },
  }
}

export async function until(what: string, holds: () => Promise<boolean>, patience_ms = 40_000): Promise<void> {
  for (const end = Date.now() + patience_ms; !await holds(); await new Promise(resolve => setTimeout(resolve, 15))) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
  }
}

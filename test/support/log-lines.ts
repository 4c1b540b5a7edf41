import { randomUUID } from 'node:crypto'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>

/** Events and lines put into the log as the database lets anybody put them, and changed as only an operator with SQL can. */
export function logLinesOn({ world: { database: { sql } }, clock }: Theatre) {
  async function happens(number: string, event: string, on: string, reason: string | null = null, actor = 'clock') {
    const [row] = await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, at)
      select ${randomUUID()}, id, ${event}, ${on}, ${reason}, ${actor}, ${clock.now.toISOString()} from certificates where number = ${number} returning log_seq::int as seq`
    return row?.seq as number
  }

  /** So many lines of certificates that nobody holds. */
  const manyLines = (count: number) => sql`select append_to_log(jsonb_build_object('type', 'suspended', 'cert', encode(sha256(n::text::bytea), 'hex'), 'on', '2026-11-24', 'by', 'clock', 'reason', 'overdue'), ${clock.now.toISOString()}::timestamptz) from generate_series(1, ${count}::int) n`

  /** What the triggers refuse, done by somebody who may switch them off. */
  async function behindTheBack(table: string, statement: string) {
    await sql.begin(async tx => {
      await tx.unsafe(`alter table ${table} disable trigger user`)
      await tx.unsafe(statement)
      for (const { name } of await tx`select tgname as name from pg_trigger where tgrelid = ${table}::regclass and not tgisinternal`) await tx.unsafe(`alter table ${table} enable always trigger ${name}`)
    })
  }

  const bodies = async () => (await sql<{ body: string }[]>`select body from log_entries order by seq`).map(({ body }) => body)
  const sizeNow = async () => (await sql<{ size: number }[]>`select size::int from log_state`)[0]?.size ?? 0

  return { happens, manyLines, behindTheBack, bodies, sizeNow }
}

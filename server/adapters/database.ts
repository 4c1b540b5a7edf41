import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { knownStatements } from './known-statements.ts'

/** The database or a transaction in it: queries take it first. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>
export type Database = { db: Db; sql: postgres.Sql; hear(channel: string, onNews: (news: string | null) => void): Ear; close(): Promise<void> }
/** `heardAt`: when Postgres was last heard (ms since the epoch), by news or by our own knock every ten seconds; 0 before the first time. */
export type Ear = { heardAt(): number; close(): Promise<void> }

const queryDeadlineMs = 12_000
const graceMs = 5_000

/**
 * Opens a pool on `url`. Two things that postgres.js lacks are added: every query has a deadline on our side (a silent peer would
 * hold it for ever), and a pool whose cancelled query stays open is replaced by a new one.
 */
export function connect(url: string): Database {
  let pool = open(url)
  const replace = (used: postgres.Sql) => {
    if (pool !== used) return
    pool = open(url)
    void used.end({ timeout: 0 })
  }
  const current = new Proxy(pool, { get: (_, key) => watched(pool, () => replace(pool))[key as keyof postgres.Sql] })
  return { db: drizzle(current, { casing: 'snake_case' }) as unknown as Db, get sql() { return pool }, hear: (channel, onNews) => hearOn(url, channel, onNews), close: () => pool.end({ timeout: 5 }) }
}

export const within = <T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> => db.transaction(tx => work(tx as unknown as Db))
/** Reads of many statements that see the database as it was at one moment. */
export const asOfOneMoment = <T>(db: Db, read: (tx: Db) => Promise<T>): Promise<T> => db.transaction(tx => read(tx as unknown as Db), { isolationLevel: 'repeatable read', accessMode: 'read only' })

const isKnown = knownStatements()

const gone = new Set([
  'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT', '57P01', '57P02', '57P03', '57014',
  // of the socket: which of them one meets depends on the moment of death
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTCONN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
])

/** Did this fail because the database is away or too slow? Then the answer is 503 and "try again". */
export const isDatabaseAway = (error: unknown): boolean => gone.has(postgresCode(error))

/** SQLSTATE or driver code, also through drizzle's wrapping; '' when it is no database error. */
export function postgresCode(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  return typeof code === 'string' ? code : cause ? postgresCode(cause) : ''
}

/** The name of the constraint or trigger that refused, else ''. */
export function violatedConstraint(error: unknown): string {
  const { constraint_name: name, cause } = (error ?? {}) as { constraint_name?: unknown; cause?: unknown }
  return typeof name === 'string' ? name : cause ? violatedConstraint(cause) : ''
}

function open(url: string): postgres.Sql {
  return postgres(url, {
    max: 10, connect_timeout: 5, idle_timeout: 60, max_lifetime: 1800, onnotice() {},
    backoff: retries => Math.min(0.05 * 2 ** retries, 1), // seconds: as given it grows to 20, and every reader waits that long after a restart
    connection: { statement_timeout: 15_000, idle_in_transaction_session_timeout: 20_000 },
  })
}

const knockEveryMs = 10_000

/**
 * NOTIFY on a channel, over connections of its own. After a break something may have been missed: then the news is null. A connection that
 * looks open may be dead, so we knock: whoever relies on hearing in time asks `heardAt`.
 */
function hearOn(url: string, channel: string, onNews: (news: string | null) => void): Ear {
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice() {} })
  let heardAt = 0
  let listening: Promise<unknown> | undefined
  const knock = async () => {
    listening ??= client.listen(channel, said => { heardAt = Date.now(); if (said) onNews(said) }, () => onNews(null))
    await listening.catch(error => { listening = undefined; throw error })
    await client.notify(channel, '')
  }
  const knocking = () => void knock().catch(() => undefined) // away: heardAt grows old, and that is the message
  knocking()
  const timer = setInterval(knocking, knockEveryMs).unref()
  return { heardAt: () => heardAt, close: async () => { clearInterval(timer); await client.end({ timeout: 1 }) } }
}

type Client = Record<string, (...args: unknown[]) => unknown>

function watched(client: unknown, onDead: () => void): postgres.Sql {
  return new Proxy(client as Client, {
    get(target, key: string) {
      if (key === 'unsafe') return (text: string, ...args: unknown[]) => underDeadline(target.unsafe?.(text, args[0] ?? [], { prepare: isKnown(text) }) as postgres.PendingQuery<postgres.Row[]>, onDead)
      if (key === 'begin' || key === 'savepoint') {
        return (...args: unknown[]) => {
          const work = args.pop() as (tx: unknown) => unknown
          return target[key]?.(...args, (tx: unknown) => work(watched(tx, onDead)))
        }
      }
      return target[key]
    },
  }) as unknown as postgres.Sql
}

// drizzle asks a query for .values() before awaiting it, so the watch starts when the promise settles or the time is up, not before.
function underDeadline(query: postgres.PendingQuery<postgres.Row[]>, onDead: () => void) {
  let settled = false
  const done = () => { settled = true; clearTimeout(timer) }
  const timer = setTimeout(() => {
    query.cancel()
    setTimeout(() => { if (!settled) onDead() }, graceMs).unref()
  }, queryDeadlineMs)
  timer.unref()
  queueMicrotask(() => query.then(done, done))
  return query
}

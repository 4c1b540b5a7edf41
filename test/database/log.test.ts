import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { migrate } from '../../server/adapters/migrate.ts'
import { readEntry } from '../../server/proof/entry.ts'
import { grow, noLines, rootOf } from '../../server/proof/growing-tree.ts'
import { hashOfSpan, leafHash } from '../../server/proof/merkle.ts'
import { certOf } from '../../server/proof/replay.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { databaseAt } from '../support/postgres.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to write history otherwise. Every attempt names the promise that stopped it.
const theatre = await stage()
const { world, clock } = theatre
const { sql } = world.database
const { number } = await sealedFilesOn(theatre).issued()
const { happens, manyLines, bodies, sizeNow } = logLinesOn(theatre)
const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
const event = (change: string) => attempt(() => sql.unsafe(`insert into certificate_events (id, certificate_id, event, happened_on, actor, reason_class, edition, sha256) select '${randomUUID()}', id, ${change} from certificates where number = '${number}'`))

const whole = async () => {
  const lines = await bodies(), tree = noLines()
  for (const line of lines) grow(tree, line)
  const nodes = new Map((await sql`select level, idx::int, hash from log_nodes`).map(({ level, idx, hash }) => [`${level}/${idx}`, new Uint8Array(hash)]))
  const kept = hashOfSpan({ from: 0, to: lines.length }, ({ level, idx }) => nodes.get(`${level}/${idx}`) ?? new Uint8Array())
  return { gapless: lines.every((line, nth) => readEntry(line)?.seq === nth), same: Buffer.compare(kept, rootOf(tree)) === 0, size: lines.length === await sizeNow(), nodes: nodes.size }
}

describe('an event and its line', () => {
  it('are written together, canonical, with the certificate under a salted hash', async () => {
    const seq = await happens(number, 'condition_set', '2026-11-24', 'nonconformity')
    const [{ salt } = { salt: '' }] = await sql`select encode(log_salt, 'hex') as salt from certificates where number = ${number}`
    expect(readEntry((await bodies())[seq] ?? '')).toEqual({
      v: 1, seq, t: clock.now.toISOString(), on: '2026-11-24', by: 'clock', type: 'condition_set', reason: 'nonconformity', cert: certOf(Buffer.from(salt, 'hex'), number),
    })
  })

  it('of an issue tell its dates and files', async () => {
    const [file] = await sql`select f.sha256, encode(sha256(convert_to(f.credential, 'UTF8')), 'hex') as vc from certificate_files f`
    expect(readEntry((await bodies())[0] ?? '')).toMatchObject({ type: 'issued', edition: 1, doc: file?.sha256, vc: file?.vc, from: '2026-11-24', until: '2029-11-23' })
  })

  it('are both gone when the transaction is', async () => {
    const before = await sizeNow()
    await sql.begin(async tx => {
      await tx`insert into certificate_events (id, certificate_id, event, happened_on, actor) select ${randomUUID()}, id, 'condition_met', '2026-11-24', 'clock' from certificates`
      throw new Error('rolled back')
    }).catch(() => undefined)
    expect([await sizeNow(), await whole()]).toEqual([before, { gapless: true, same: true, size: true, nodes: expect.any(Number) }])
  })

  it.each([
    ["'suspended', '2026-11-24', 'Tanaka Akira', 'overdue', null, null", 'event_names_no_person'], ["'suspended', '2026-11-24', 'clock', 'Because Mr. Sato said so', null, null", 'reason_is_a_class'],
    ["'reissued', '2026-11-24', 'clock', null, null, null", 'edition_is_told_with_its_file'], ["'suspended', '2026-11-24', 'clock', 'overdue', 1, 'x'", 'edition_is_told_with_its_file'],
  ])('say no more than they may: %s → %s', async (values, promise) => expect(await event(values)).toBe(promise))

  it('a line chosen by hand is not taken', async () => {
    const before = await sizeNow()
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor, log_seq) select ${randomUUID()}, id, 'condition_met', '2026-11-24', 'clock', 0 from certificates`
    const [row] = await sql`select log_seq::int as seq from certificate_events where event = 'condition_met'`
    expect(row?.seq).toBe(before)
  })

  it('a file that no line tells of is refused', async () => expect(await attempt(() => sql`insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at)
    select ${randomUUID()}, id, 2, 'B-T', '{}', 'untold', 1, 'k', 'k', now() from certificates`)).toBe('file_is_told_in_the_log'))
})

describe('the log', () => {
  it('has the tree that RFC 6962 says, at every size', async () => {
    for (let nth = 0; nth < 20; nth += 1) {
      await manyLines(1)
      expect(await whole()).toMatchObject({ gapless: true, same: true, size: true })
    }
    const lines = await bodies()
    expect((await sql`select hash from log_nodes where level = 0 order by idx`).map(({ hash }) => Buffer.from(hash))).toEqual(lines.map(line => Buffer.from(leafHash(line))))
  })

  it('has no gap and no twin when many write at once, and some give up', async () => {
    const before = await sizeNow()
    const writers = Array.from({ length: 40 }, (_, nth) => sql.begin(async tx => {
      await tx`select append_to_log('{"type":"suspended"}'::jsonb, now())`
      if (nth % 4 === 0) throw new Error('gives up')
      await tx`select append_to_log('{"type":"reinstated"}'::jsonb, now())`
    }).catch(() => undefined))
    await Promise.all(writers)
    const seqs = (await sql`select seq::int from log_entries order by seq`).map(({ seq }) => seq as number)
    expect([await sizeNow() - before, seqs]).toEqual([60, Array.from({ length: before + 60 }, (_, nth) => nth)])
  })

  it.each([
    ['update log_state set size = size + 2', 'log_only_grows'], ['update log_state set size = size - 1', 'log_only_grows'], ['delete from log_state', 'log_only_grows'], ['insert into log_state values (2, 0)', 'log_only_grows'],
    ["insert into log_entries select max(seq) + 1, '{}', now() from log_entries", 'log_only_grows'], ["insert into log_entries values (999999, '{}', now())", 'log_only_grows'],
    ...['log_entries', 'log_nodes', 'log_checkpoints', 'signing_keys', 'signing_key_events', 'certificate_files'].flatMap(table => [[`update ${table} set ${{ log_entries: "body = 'x'", log_nodes: "hash = ''", log_checkpoints: "note = 'x'", signing_keys: "algorithm = 'x'", signing_key_events: "event = 'x'", certificate_files: "sha256 = 'x'" }[table]}`, `${table}_is_append_only`], [`delete from ${table}`, `${table}_is_append_only`], [`truncate ${table} cascade`, 'is_append_only']]), ['truncate log_state', 'is_append_only'],
  ])('refuses: %s', async (statement, promise) => {
    await sql`insert into log_checkpoints (size, root, note) values (1, '', '') on conflict do nothing`
    await sql`insert into signing_keys (key_id, purpose, algorithm, public_key_pem) values ('k', 'seal', 'RS256', '') on conflict do nothing`
    if ((await sql`select from signing_key_events`).length === 0) await sql`insert into signing_key_events (id, key_id, event) values (${randomUUID()}, 'k', 'added')`
    expect(await attempt(() => sql.unsafe(statement as string))).toContain(promise as string)
  })

  // What is published is for ever: whoever could put such a thing in would stop every checker, or every event to come.
  it.each<[string, string, string]>([
    ['a line that no checker knows', "insert into certificate_events (id, certificate_id, event, happened_on, actor) select gen_random_uuid(), id, 'forgiven', '2026-11-24', 'clock' from certificates", 'line_can_be_read'],
    ['a day without end', "insert into certificate_events (id, certificate_id, event, happened_on, actor) select gen_random_uuid(), id, 'suspended', 'infinity', 'clock' from certificates", 'line_can_be_read'],
    ['an hour without end', "insert into certificate_events (id, certificate_id, event, happened_on, actor, at) select gen_random_uuid(), id, 'suspended', '2026-11-24', 'clock', '-infinity' from certificates", 'line_can_be_read'],
    ['a file that is no hash', "insert into certificate_events (id, certificate_id, event, happened_on, actor, edition, sha256) select gen_random_uuid(), id, 'reissued', '2026-11-24', 'clock', 2, '../x' from certificates", 'line_can_be_read'],
    ['a credential that is no hash', "insert into certificate_events (id, certificate_id, event, happened_on, actor, edition, sha256, credential_sha256) select gen_random_uuid(), id, 'reissued', '2026-11-24', 'clock', 2, 'x', '' from certificates", 'line_can_be_read'],
    ['something else that happened to a key', "insert into signing_key_events (id, key_id, event) select gen_random_uuid(), key_id, 'sold' from signing_keys limit 1", 'line_can_be_read'],
    ['a number without its line', 'update log_state set size = size + 1', 'log_counts_its_lines'],
    ['a hash of what is yet to come', "insert into log_nodes select 0, size, '' from log_state", 'log_only_grows'],
    ['a checkpoint of what is yet to come', "insert into log_checkpoints (size, root, note) select size + 1, '', '' from log_state", 'log_only_grows'],
    ...['delete from log_files', "update log_files set path = 'elsewhere'", 'truncate log_files'].map((statement): [string, string, string] => ['a published file that goes', statement, 'log_files_is_append_only']),
    ['another status list in its place', "update status_lists set credential = 'x'", 'status_list_is_kept'],
    ['no status list', 'delete from status_lists', 'status_list_is_kept'],
    ['no status lists', 'truncate status_lists', 'status_lists_is_append_only'],
  ])('refuses %s', async (_, statement, promise) => {
    await sql`insert into signing_keys (key_id, purpose, algorithm, public_key_pem) values ('k', 'seal', 'RS256', '') on conflict do nothing`
    await sql`insert into log_files (path, document_key, size) values ('tile/0/000', 'd', 1) on conflict do nothing`
    await sql`insert into status_lists (credential, log_size, valid_until) select 'a.b.c', coalesce(max(log_size), 0) + 1, now() from status_lists`
    const before = await sizeNow()
    expect([await attempt(() => sql.unsafe(statement)), await sizeNow()]).toEqual([promise, before])
  })

  it('forgets an old status list, never the one that counts', async () => {
    await sql`insert into status_lists (credential, log_size, valid_until) select 'newest', max(log_size) + 1, now() from status_lists`
    await sql`delete from status_lists where log_size < (select max(log_size) from status_lists)`
    expect(await sql`select credential from status_lists`).toMatchObject([{ credential: 'newest' }])
  })

  it('tells of keys too', async () => {
    await sql`insert into signing_key_events (id, key_id, event, since, at) values (${randomUUID()}, 'k', 'compromised', '2026-11-20T00:00:00Z', ${clock.now.toISOString()})`
    expect(readEntry((await bodies()).at(-1) ?? '')).toMatchObject({ type: 'key_compromised', key: 'k', purpose: 'seal', since: '2026-11-20T00:00:00.000Z', by: 'operator', on: '2026-11-24' })
  })
})

describe('a database from before the log', () => {
  it('gets a line for each event that it had, and its file a row', async () => {
    const url = inject('databaseUrl'), name = `old_${randomUUID().replaceAll('-', '')}`
    const admin = postgres(url, { max: 1, onnotice() {} })
    await admin.unsafe(`create database ${name}`)
    const old = postgres(databaseAt(url, name), { max: 1, onnotice() {} })
    const folder = new URL('../../schema/migrations/', import.meta.url)
    const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as { entries: { tag: string; when: number }[] }
    const first = journal.entries.filter(({ tag }) => tag < '0004')
    expect([first.length, readdirSync(folder).filter(file => /^000[0-3]_.*\.sql$/.test(file)).length]).toEqual([4, 4])
    await old.unsafe('create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)')
    for (const { tag, when } of first) {
      for (const statement of readFileSync(new URL(`${tag}.sql`, folder), 'utf8').split('--> statement-breakpoint')) await old.unsafe(statement)
      await old`insert into drizzle.__drizzle_migrations (hash, created_at) values (${tag}, ${when})`
    }
    await old.unsafe(`set session_replication_role = replica; ${['certificates', 'certificate_events'].map(table => `alter table ${table} disable trigger user;`).join(' ')}`)
    await old`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, edition, state, statement, issued_on, expires_on, status_index, document_key, sha256, size, key_id, issued_at)
      values (${randomUUID()}, 'RE-JP-2026-000001-1-G', ${randomUUID()}, ${randomUUID()}, 2026, 1, 1, 1, 'issued', '{}', '2026-06-01', '2029-05-31', 7, 'doc', ${'a'.repeat(64)}, 5, 'key', '2026-06-01T03:00:00Z')`
    for (const [happening, day, reason] of [['issued', '2026-06-01', null], ['suspended', '2026-08-01', 'overdue']] as const) {
      await old`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, at) select ${randomUUID()}, id, ${happening}, ${day}, ${reason}, 'clock', ${`${day}T03:00:00Z`}::timestamptz from certificates`
    }
    await old.unsafe(`${['certificates', 'certificate_events'].map(table => `alter table ${table} enable trigger user;`).join(' ')} set session_replication_role = origin`)
    await migrate(databaseAt(url, name))
    const lines = (await old<{ body: string }[]>`select body from log_entries order by seq`).map(({ body }) => readEntry(body))
    const [file] = await old`select f.edition, f.level, f.sha256, e.log_seq::int as seq, e.edition as told from certificate_files f join certificate_events e on e.certificate_id = f.certificate_id and e.event = 'issued'`
    await old.end()
    await admin.end()
    expect(lines).toMatchObject([{ seq: 0, type: 'issued', on: '2026-06-01', t: '2026-06-01T03:00:00.000Z', edition: 1, doc: 'a'.repeat(64), from: '2026-06-01', until: '2029-05-31' }, { seq: 1, type: 'suspended', on: '2026-08-01', reason: 'overdue' }])
    expect(file).toEqual({ edition: 1, level: 'B-B', sha256: 'a'.repeat(64), seq: 0, told: 1 })
  })
})

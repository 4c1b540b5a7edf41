import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { migrate } from '../../server/adapters/migrate.ts'
import { canonical } from '../../server/domain/dossier.ts'
import { readEntry } from '../../server/proof/entry.ts'
import type { CastName } from '../../scripts/seed.ts'
import { databaseAt } from '../support/postgres.ts'
import { benchOn } from '../support/bench.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What the database promises about the sealed dossier and those who sign under it, whatever the application does: each promise is attacked.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { awaiting, anotherEmployer } = sealedFilesOn(theatre)
const { caseAt } = benchOn(theatre)
const { behindTheBack } = logLinesOn(theatre)
const went = 'went through'
// Rolled back when it goes through.
const attempt = (statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const id = await awaiting(), hash = `(select sha256 from dossiers where application_id = '${id}')`
const sign = (who: CastName, under = hash, of = id) => `insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by) values ('${randomUUID()}', '${of}', ${under}, '理由', '${idOf(who)}')`
const decide = (who: CastName, outcome = 'certify', on = hash) => `insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values ('${randomUUID()}', '${id}', '${outcome}', '理由', ${on}, '${idOf(who)}')`
const join = (who: CastName) => `insert into assignments (id, application_id, person_id, part, assigned_by) values ('${randomUUID()}', '${id}', '${idOf(who)}', 'interpreter', '${idOf('suzuki')}')`
const behind = (table: string, change: string) => [`alter table ${table} disable trigger user`, change, `alter table ${table} enable trigger user`]

// What comes after the seal, or is no part of what the decision rests on.
const keptOut = {
  dossiers: 'the seal itself', decision_signatures: 'made under it', decisions: 'made under it', certificates: 'follow the decision', appeals: 'follow the decision', surveillance_outcomes: 'follow the decision', surveillance_wishes: 'about days after the decision', finding_clock: 'acts on certificates',
  bench_places: 'where somebody reads', second_scorings: 'measures the scorers, not the case', journal: 'says who did what, and is append-only by itself', mails: 'say what is written elsewhere',
  notebook_takeouts: 'which phone went along; what it brought home is sealed',
  objections: 'decided before the team begins, their outcome is the assignment', sponsorships: 'who pays is nothing that a decider may know', unavailable_days: 'a wish about dates; what was agreed is sealed',
}

describe('the dossier', () => {
  it('is sealed by the step before the decider, over every row, and a line of the log tells its hash and no more', async () => {
    const [row] = await sql`select d.parts, d.sha256, l.body from dossiers d join log_entries l on l.seq = d.log_seq where d.application_id = ${id}`
    const names = Object.keys(row?.parts), kinds = [...new Set(names.map(name => name.split('/')[0]))]
    expect(kinds).toEqual(expect.arrayContaining(['application', 'standard', 'ratings', 'visits', 'interviews', 'recommendations', 'assignments', 'interests', 'salt', 'format']))
    expect(createHash('sha256').update(canonical(row?.parts)).digest('hex')).toBe(row?.sha256)
    expect(Object.keys(readEntry(row?.body) ?? {})).toEqual(['by', 'dossier', 'on', 'seq', 't', 'type', 'v'])
    expect(row?.body).toContain(row?.sha256)
  })

  it('seals whatever table has to do with a case, but for those that a reason keeps out', async () => {
    const [sealed] = await sql`select string_agg(pg_get_functiondef(p.oid), ' ') as text from pg_proc p where p.proname like 'dossier_rows%'`
    const tables = (await sql`select distinct table_name as name from information_schema.columns where table_schema = 'public' and column_name in ('application_id', 'finding_id', 'visit_id') order by 1`).map(({ name }) => String(name))
    expect(tables.filter(name => !new RegExp(`\\b(from|join) ${name}\\b`, 'i').test(String(sealed?.text)))).toEqual(Object.keys(keptOut).toSorted())
  })

  it('is the same in any time zone', async () => {
    const differences = await sql.begin(async tx => {
      await tx.unsafe("set local timezone = 'America/St_Johns'")
      return tx`select * from dossier_differences(${id})`
    })
    expect([...differences]).toEqual([])
  })

  it.each([
    ['changed', [`update dossiers set sha256 = repeat('0', 64)`], 'dossiers_is_append_only'], ['removed', ['delete from dossiers'], 'dossiers_is_append_only'], ['emptied', ['truncate dossiers'], 'dossiers_is_append_only'],
    ['sealed again', [`insert into dossiers (application_id) values ('${id}')`], 'dossiers_pkey'],
  ])('is not %s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it('is not sealed before the recommendation', async () => expect(await attempt([`insert into dossiers (application_id) values ('${await caseAt('correcting')}')`])).toBe('dossier_is_sealed_when_recommended'))

  it('says what Postgres finds, not what the one who inserts it says', async () => {
    const early = await caseAt('correcting')
    await sql`update applications set stage = 'awaiting_decision' where id = ${early}`
    await behindTheBack('dossiers', `delete from dossiers where application_id = '${early}'`)
    await sql`insert into dossiers (application_id, parts, sha256, log_seq) values (${early}, '{"answers/RE-01.1": "x"}', repeat('0', 64), 0)`
    const [row] = await sql`select sha256 <> repeat('0', 64) as own, sha256 = dossier_hash(parts) as whole, parts ? 'ratings/RE-01.1' as all from dossiers where application_id = ${early}`
    expect(row).toEqual({ own: true, whole: true, all: true })
  })
})

describe('what came of a row after the sealing', () => {
  const since = (change: string) => sql.begin(async tx => {
    for (const statement of change.split(';')) await tx.unsafe(statement)
    const found = await tx`select * from dossier_differences(${id})`
    throw Object.assign(new Error('seen'), { found: [...found] })
  }).catch((error: Error & { found?: unknown }) => error.found ?? error.message)
  const upload = `insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, uploaded_by) select '${randomUUID()}', employer_id, id, 'evidence', '${randomUUID()}', 'x.pdf', 3, repeat('a', 64), 'application/pdf', '${idOf('yamada')}' from applications where id = '${id}'`

  it.each([
    ['an edited rating', behind('ratings', `update ratings set note = 'x' where application_id = '${id}' and criterion = 'RE-01.1'`), [{ part: 'ratings/RE-01.1', change: 'changed' }]],
    ['a rating that is gone', behind('ratings', `delete from ratings where application_id = '${id}' and criterion = 'RE-01.1'`), [{ part: 'ratings/RE-01.1', change: 'missing' }]],
    ['another scope', behind('applications', `update applications set scope = '{}' where id = '${id}'`), [{ part: 'application', change: 'changed' }]],
    ['a later upload', [upload], [{ part: expect.stringMatching(/^documents\//), change: 'added' }]],
    ['a scanner’s verdict', [upload, `update documents set scan = 'clean'`], [{ part: expect.stringMatching(/^documents\//), change: 'added' }]],
    ['an assessor who leaves', [`update assignments set ended_at = now() where application_id = '${id}'`], []],
  ])('%s is named', async (_, statements, found) => expect(await since(statements.join(';'))).toEqual(found))
})

describe('a decision', () => {
  it.each([
    ['on the sealed dossier, signed by two', [sign('tanaka'), decide('kobayashi')], went],
    ['by one alone', [decide('kobayashi')], 'two_deciders_sign'],
    ['by one who signed twice', [sign('kobayashi'), decide('kobayashi')], 'two_deciders_sign'],
    ['to refuse, by one alone', [decide('kobayashi', 'refuse')], went],
    ['on another file', [sign('tanaka'), decide('kobayashi', 'certify', `repeat('a', 64)`)], 'decision_binds_its_dossier'],
    ['to refuse, on another file', [decide('kobayashi', 'refuse', `repeat('a', 64)`)], 'decision_binds_its_dossier'],
    ['on a file without a seal', [...behind('dossiers', 'delete from dossiers'), decide('kobayashi', 'refuse', `repeat('a', 64)`)], 'decision_binds_its_dossier'],
    ['on a file whose seal was written anew', [...behind('dossiers', `update dossiers set parts = parts || '{"ratings/RE-01.1": "x"}'`), decide('kobayashi', 'refuse')], 'decision_binds_its_dossier'],
    ['on a file that was altered', [...behind('ratings', `update ratings set note = 'x' where application_id = '${id}' and criterion = 'RE-01.1'`), decide('kobayashi', 'refuse')], 'dossier_is_as_it_was_sealed'],
    ['on a file from which something is gone', [...behind('interviews', `delete from interviews where application_id = '${id}'`), decide('kobayashi', 'refuse')], 'dossier_is_as_it_was_sealed'],
  ])('%s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))
})

describe('the first signature', () => {
  it.each([
    ['under another file', [sign('tanaka', `repeat('a', 64)`)], 'decision_binds_its_dossier'],
    ['by who evaluated', [sign('sato')], 'decider_took_no_part'],
    ['by who interpreted once', [join('tanaka'), sign('tanaka')], 'decider_took_no_part'],
    ['by who is tied to the client', [`insert into memberships (person_id, employer_id) select '${idOf('tanaka')}', employer_id from applications where id = '${id}'`, `delete from memberships where person_id = '${idOf('tanaka')}'`, sign('tanaka')], 'decider_has_no_tie'],
    ['twice', [sign('tanaka'), sign('tanaka')], 'decider_signs_once'],
    ['without reasons', [sign('tanaka').replace('理由', ' ')], 'signature_gives_reasons'],
    ['changed later', [sign('tanaka'), `update decision_signatures set reasons = 'x'`], 'decision_signatures_is_append_only'],
    ['taken back', [sign('tanaka'), 'delete from decision_signatures'], 'decision_signatures_is_append_only'],
    ['by who joins the case afterwards', [sign('tanaka'), join('tanaka')], 'decider_took_no_part'],
    ['by who joins the client afterwards', [sign('tanaka'), `insert into memberships (person_id, employer_id) select '${idOf('tanaka')}', employer_id from applications where id = '${id}'`], 'member_took_no_part'],
  ])('%s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it('before a decision is due', async () => expect(await attempt([sign('tanaka', hash, await caseAt('correcting'))])).toBe('decision_comes_when_due'))

  it('keeps its signer from the appeals of the case', async () => {
    const other = await awaiting({ employerId: await anotherEmployer('署名の会社') })
    await sql.unsafe(sign('tanaka', `(select sha256 from dossiers where application_id = '${other}')`, other))
    expect((await sql`select hands_in_case(${other}, ${idOf('tanaka')}) as hands`)[0]).toEqual({ hands: ['decider'] })
  })
})

describe('a database that had no dossiers yet', () => {
  it('gets them for the cases that wait, though it was already past the numbers before', { timeout: 60_000 }, async () => {
    const url = inject('databaseUrl'), name = `old_${randomUUID().replaceAll('-', '')}`, admin = postgres(url, { max: 1, onnotice() {} })
    await admin.unsafe(`create database ${name}`)
    const old = postgres(databaseAt(url, name), { max: 1, onnotice() {} }), folder = new URL('../../schema/migrations/', import.meta.url)
    const { entries } = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as { entries: { tag: string; when: number }[] }
    const before = entries.slice(0, entries.findIndex(({ tag }) => tag.endsWith('_sealed_dossiers')))
    expect(before.map(({ tag }) => tag)).toContain('0026_appeals')
    await old.unsafe('create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)')
    for (const { tag, when } of before) {
      for (const statement of readFileSync(new URL(`${tag}.sql`, folder), 'utf8').split('--> statement-breakpoint')) await old.unsafe(statement)
      await old`insert into drizzle.__drizzle_migrations (hash, created_at) values (${tag}, ${when})`
    }
    await old.unsafe('set session_replication_role = replica; alter table applications disable trigger user')
    for (const stage of ['awaiting_decision', 'refused', 'certified', 'correcting']) await old`insert into applications (id, employer_id, standard_id, opened_by, stage, submitted_at, scope) values (${randomUUID()}, ${randomUUID()}, 're-0.1.0', ${randomUUID()}, ${stage}, now(), '{}')`
    await old.unsafe('alter table applications enable trigger user; set session_replication_role = origin')
    await migrate(databaseAt(url, name))
    const sealed = await old`select a.stage, d.sha256 = dossier_now(d.application_id) as whole, l.body::json->>'dossier' = d.sha256 as told from dossiers d join applications a on a.id = d.application_id join log_entries l on l.seq = d.log_seq order by a.stage`
    await old.end()
    await admin.end()
    expect([...sealed]).toEqual([{ stage: 'awaiting_decision', whole: true, told: true }, { stage: 'refused', whole: true, told: true }])
  })
})

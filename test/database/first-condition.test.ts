import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What the database promises about a first certificate with a condition, whatever the application does.
const theatre = await stage()
const { idOf, as, runJobs, world: { database: { sql } } } = theatre
const { awaiting, fileOf, stageOf } = sealedFilesOn(theatre)
const went = 'went through'
// Rolled back when it goes through; promises that are kept at the commit are asked before.
const attempt = (statements: string[]) => sql.begin(async tx => {
  for (const statement of [...statements, 'set constraints all immediate']) await tx.unsafe(statement)
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const id = await awaiting(), hash = `(select sha256 from dossiers where application_id = '${id}')`
const [text, day] = [`'非常灯を直す'`, `(now() at time zone 'Asia/Tokyo')::date + 60`]
const sign = (who: CastName, condition = 'null', until = 'null') => `insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by, condition, condition_until) values ('${randomUUID()}', '${id}', ${hash}, '理由', '${idOf(who)}', ${condition}, ${until})`
const decide = (condition: string, until: string, outcome = 'certify') => `insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by, condition, condition_until) values ('${randomUUID()}', '${id}', '${outcome}', '理由', ${hash}, '${idOf('kobayashi')}', ${condition}, ${until})`

describe('a decision with a condition', () => {
  it.each([
    ['with words and a day', [sign('tanaka'), decide(text, day)], went],
    ['the one that the first signed', [sign('tanaka', text, day), decide(text, day)], went],
    ['without words', [sign('tanaka'), decide(`' '`, day)], 'condition_comes_with_certifying'],
    ['without a day', [sign('tanaka'), decide(text, 'null')], 'condition_comes_with_certifying'],
    ['with a day alone', [sign('tanaka'), decide('null', day)], 'condition_comes_with_certifying'],
    ['due today', [sign('tanaka'), decide(text, `(now() at time zone 'Asia/Tokyo')::date`)], 'condition_comes_with_certifying'],
    ['due after the first surveillance', [sign('tanaka'), decide(text, `(now() at time zone 'Asia/Tokyo')::date + 380`)], 'condition_comes_with_certifying'],
    ['that refuses', [decide(text, day, 'refuse')], 'condition_comes_with_certifying'],
    ['that drops the one under which the first signed', [sign('tanaka', text, day), decide('null', 'null')], 'condition_is_as_signed'],
    ['with other words than the first signed', [sign('tanaka', text, day), decide(`'別の条件'`, day)], 'condition_is_as_signed'],
    ['with another day than the first signed', [sign('tanaka', text, day), decide(text, `${day} + 1`)], 'condition_is_as_signed'],
    ['signed without a day', [sign('tanaka', text)], 'signed_condition_says_until_when'],
    ['signed without words', [sign('tanaka', `' '`, day)], 'signed_condition_says_until_when'],
  ])('%s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))
})

describe('its certificate', () => {
  const certificate = async () => {
    const condition = { condition: '非常灯を直す', conditionUntil: '2027-01-31' }
    for (const who of ['tanaka', 'kobayashi'] as const) await as(who).post(`/applications/${id}/decision`, { outcome: 'certify', reasons: '理由', version: (await stageOf(id))?.version, dossierSha256: await fileOf(id), once: randomUUID(), ...condition })
    return (await sql<{ id: string }[]>`select id from certificates where application_id = ${id}`)[0]?.id ?? ''
  }

  it('is not issued without it, nor with another', async () => {
    const of = await certificate()
    const file = `insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at) select '${randomUUID()}', id, 1, 'B-T', statement, repeat('a', 64), 3, 'x', repeat('0', 64), now() from certificates where id = '${of}'`
    const event = `insert into certificate_events (id, certificate_id, event, happened_on, edition, sha256, actor) select '${randomUUID()}', id, 'issued', issued_on, 1, repeat('a', 64), 'clock' from certificates where id = '${of}'`
    const issue = [file, event, `update certificates set state = 'issued' where id = '${of}'`]
    const told = (words: string, decision = randomUUID()) => [
      `insert into standing_decisions (id, certificate_id, change, reason_class, reasons, until, condition, decided_by) values ('${decision}', '${of}', 'condition_set', 'nonconformity', '理由', '2027-01-31', '${words}', '${idOf('kobayashi')}')`,
      `insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, standing_decision_id, at) select '${randomUUID()}', id, 'condition_set', issued_on, 'nonconformity', 'decision_maker', '${decision}', now() + interval '1 day' from certificates where id = '${of}'`,
    ]
    expect([await attempt(issue), await attempt([...issue, ...told('別の条件')]), await attempt([...issue, ...told('非常灯を直す')])]).toEqual(['condition_is_told_with_the_issue', 'condition_is_told_with_the_issue', went])
    await runJobs()
    expect((await sql`select standing from register_entries where certificate_id = ${of}`)[0]).toEqual({ standing: 'certified_with_condition' })
  })
})

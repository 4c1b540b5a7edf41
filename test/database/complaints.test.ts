import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readEntry } from '../../server/proof/entry.ts'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C18, what the database promises about complaints, whatever the application does: here each promise is attacked.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { number, id: applicationId } = await sealedFilesOn(theatre).issued()
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const id = randomUUID(), at = '2026-11-24T01:00:00Z'

type Kept = { target?: string; account?: string; of?: string | null; code?: string; about?: string }
await sql`update employers set corporate_number = '7000000000001' where id = (select employer_id from applications where id = ${applicationId})`
const tied = (who: CastName, to = '7000000000001') => `insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values ('${randomUUID()}', '${idOf(who)}', '${to}', 'family_tie', '親族', '${idOf(who)}', '2026-01-01')`
const complaint = ({ target = 'employer', account = '残業代が払われない。', of = certificate, code = 'a', about = '' }: Kept = {}, key = id) =>
  `insert into complaints (id, reference, code_sha256, target, certificate_id, about, account, locale, filed_at) values ('${key}', 'C-${key.slice(0, 8)}', '${code.repeat(64)}', '${target}', ${of ? `'${of}'` : 'null'}, '${about}', '${account}', 'ja', '${at}')`
let second = 0
const step = (name: string, by: CastName, { handler = null as CastName | null, text = '言葉' } = {}) => {
  second += 1
  return `insert into complaint_steps (id, complaint_id, step, text, handler, taken_by, at) values ('${randomUUID()}', '${id}', '${name}', '${text}', ${handler ? `'${idOf(handler)}'` : 'null'}, '${idOf(by)}', '${at}'::timestamptz + interval '${second} seconds')`
}
const went = 'went through'
const attempt = (statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  await tx.unsafe('set constraints all immediate')
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const seen = () => [complaint(), step('acknowledged', 'suzuki')]
const given = (to: CastName = 'kobayashi') => [...seen(), step('assigned', 'suzuki', { handler: to })]

describe('a complaint', () => {
  it.each<[string, () => string[], string]>([
    ['is anybody’s', () => [complaint()], went],
    ['may be about us', () => [complaint({ target: 'scheme', of: null })], went],
    ['is about no third', () => [complaint({ target: 'neighbour' })], 'complaint_target_is_known'],
    ['says something', () => [complaint({ account: ' ' })], 'complaint_says_something'],
    ['has a code of its own', () => [complaint(), complaint({}, randomUUID())], 'complaint_code_is_its_own'],
    ['is not answered before it is acknowledged', () => [complaint(), step('upheld', 'suzuki')], 'complaint_follows_its_way'],
    ['is not handed over before it is acknowledged', () => [complaint(), step('assigned', 'suzuki', { handler: 'kobayashi' })], 'complaint_follows_its_way'],
    ['is not answered before it is handed over', () => [...seen(), step('upheld', 'suzuki')], 'complaint_follows_its_way'],
    ['is acknowledged once', () => [...seen(), step('acknowledged', 'suzuki')], 'complaint_follows_its_way'],
    ['is handed to somebody', () => [...seen(), step('assigned', 'suzuki')], 'complaint_is_handed_to_somebody'],
    ['is handed over by that step alone', () => [complaint(), step('acknowledged', 'suzuki', { handler: 'kobayashi' })], 'complaint_is_handed_to_somebody'],
    ['is answered by its handler', () => [...given(), step('upheld', 'kobayashi')], went],
    ['is answered by nobody else', () => [...given(), step('upheld', 'suzuki')], 'complaint_is_answered_by_its_handler'],
    ['is answered by nobody it was taken from', () => [...given('suzuki'), step('assigned', 'suzuki', { handler: 'kobayashi' }), step('not_upheld', 'suzuki')], 'complaint_is_answered_by_its_handler'],
    ['is answered in words', () => [...given(), step('not_upheld', 'kobayashi', { text: ' ' })], 'complaint_answer_says_something'],
    ['is answered once', () => [...given(), step('upheld', 'kobayashi'), step('not_upheld', 'kobayashi')], 'complaint_follows_its_way'],
    ['is closed after its answer', () => [...given(), step('upheld', 'kobayashi'), step('note', 'kobayashi')], 'complaint_follows_its_way'],
    ['knows no other step', () => [complaint(), step('forgotten', 'suzuki')], 'complaint_follows_its_way'],
    ['is never rewritten', () => [complaint(), `update complaints set account = 'x'`], 'complaints_is_append_only'],
    ['is never forgotten', () => [...given(), 'delete from complaint_steps'], 'complaint_steps_is_append_only'],
    ['is handed to nobody who assessed the employer', () => given('sato'), 'complaint_handler_has_no_tie'],
    ['is handed to nobody who decided about it', () => given('tanaka'), 'complaint_handler_has_no_tie'],
    ['is not answered by one who joined the case meanwhile', () => [...given('lee'), `insert into assignments (id, application_id, person_id, part, assigned_by) values ('${randomUUID()}', '${applicationId}', '${idOf('lee')}', 'adviser', '${idOf('suzuki')}')`, step('upheld', 'lee')], 'complaint_handler_has_no_tie'],
    ['is handed to nobody who told of a tie', () => [...seen(), tied('kobayashi'), step('assigned', 'suzuki', { handler: 'kobayashi' })], 'complaint_handler_has_no_tie'],
    ['is handed over by nobody who told of a tie', () => [...seen(), tied('suzuki'), step('assigned', 'suzuki', { handler: 'kobayashi' })], 'complaint_handler_has_no_tie'],
    ['is not answered by one who told of a tie meanwhile', () => [...given(), tied('kobayashi'), step('upheld', 'kobayashi')], 'complaint_handler_has_no_tie'],
    ['about a number is handed to nobody tied to that number', () => [complaint({ of: null, about: '見本 ７-00000-0000009 さん' }), step('acknowledged', 'suzuki'), tied('kobayashi', '7000000000009'), step('assigned', 'suzuki', { handler: 'kobayashi' })], 'complaint_handler_has_no_tie'],
    ['about another number is', () => [complaint({ of: null, about: '17000000000009' }), step('acknowledged', 'suzuki'), tied('kobayashi', '7000000000009'), step('assigned', 'suzuki', { handler: 'kobayashi' })], went],
  ])('%s', async (_, statements, promise) => expect(await attempt(statements())).toBe(promise))

  it('is told in the log three times, without a word of it, and a note not at all', async () => {
    await sql.begin(async tx => {
      for (const statement of [...given(), step('note', 'kobayashi'), step('upheld', 'kobayashi')]) await tx.unsafe(statement)
      const [{ called } = {}] = await tx`select name_in_log(log_salt, id) as called from complaints where id = ${id}`
      const lines = (await tx`select body from log_entries order by seq desc limit 3`).map(({ body }) => readEntry(String(body))).toReversed()
      expect(lines.map(line => ({ ...line, seq: 0, t: '' }))).toEqual([['complaint_filed', 'public', {}], ['complaint_acknowledged', 'operator', {}], ['complaint_answered', 'operator', { outcome: 'upheld' }]]
        .map(([type, by, more]) => ({ v: 1, seq: 0, t: '', on: '2026-11-24', by, type, case: called, ...more as object })))
      throw new Error(went)
    }).catch((error: Error) => { if (error.message !== went) throw error })
  })
})

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { certificateEvents, standing } from '../../server/domain/standing.ts'
import { anyHistory } from '../support/any-history.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { stage } from '../support/world.ts'

// The register as people search it is told by the database itself. Here it is asked whether it says what the rules say, and attacked.
const { world: { database: { sql } } } = await stage()
await anyHistory(sql)
const issuedOn = '2026-01-10', expiresOn = addDays(addMonths(issuedOn, 36), -1)
const numbers = await fillRegister(sql, 61, certificateSample({ sample: true, issuedOn, expiresOn }))
const attempt = async (statement: string): Promise<string> => sql.unsafe(statement).then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const changes = certificateEvents.filter(event => !['issued', 'reissued', 'prolonged'].includes(event))
const history = fc.array(fc.record({ event: fc.constantFrom(...changes), on: fc.integer({ min: 0, max: 1200 }).map(days => addDays(issuedOn, days)), reasonClass: fc.constantFrom(null, 'overdue', 'nonconformity') }), { minLength: 1, maxLength: 12 })

describe('the row of a certificate', () => {
  it('stands as its events say, whatever happened in whatever order; and every change is told in its order', { timeout: 60_000 }, async () => {
    let nth = 0
    await fc.assert(fc.asyncProperty(history, async events => {
      const number = numbers[nth++] ?? ''
      for (const { event, on, reasonClass } of events) {
        await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select ${randomUUID()}, id, ${event}, ${on}, ${reasonClass}, 'clock' from certificates where number = ${number}`
      }
      const told = (await sql`select event, happened_on::text as on, reason_class as "reasonClass" from certificate_events e join certificates c on c.id = e.certificate_id where c.number = ${number} order by happened_on, log_seq`) as unknown as { event: (typeof certificateEvents)[number]; on: string; reasonClass: string | null }[]
      const expected = standing({ issuedOn, expiresOn }, told, expiresOn)
      const [row] = await sql`select standing, standing_since::text as since, reason_class as reason from register_entries where number = ${number}`
      expect({ ...row }).toEqual({ standing: expected.standing, since: expected.since, reason: expected.reasonClass ?? null })
      const changed = await sql`select change, standing from register_changes where number = ${number} order by seq`
      expect(changed.map(({ change }) => change)).toEqual(['issued', ...events.map(({ event }) => event)])
      expect(changed.at(-1)?.standing).toBe(expected.standing)
    }), { numRuns: 50 })
  })

  it('that is over stays over for those who are told, whatever is written about it afterwards', async () => {
    const number = numbers.at(-1) ?? '', later = '2029-02-01T00:00:00Z'
    const tell = (event: string, on: string, at: string) => sql`insert into certificate_events (id, certificate_id, event, happened_on, actor, at) select gen_random_uuid(), id, ${event}, ${on}, 'operator', ${at}::timestamptz from certificates where number = ${number}`
    const said = async () => [(await sql`select standing from register_entries where number = ${number}`)[0]?.standing, (await sql`select standing, standing_before from register_changes where number = ${number} order by seq desc limit 1`)[0]]
    await tell('suspended', '2029-01-20', later) // nobody was told yet that it is over
    expect(await said()).toEqual(['certified', { standing: 'expired', standing_before: 'certified' }])
    await sql.begin(async tx => {
      await tx`insert into register_changes (certificate_id, number, holder, change, happened_on, standing, at) select certificate_id, number, holder, 'expired', expires_on + 1, 'expired', ${later}::timestamptz from register_entries where number = ${number}`
      await tx`update register_entries set standing = 'expired', standing_since = expires_on + 1, reason_class = null where number = ${number}`
    })
    await tell('suspended', '2029-01-21', later)
    expect(await said()).toEqual(['expired', { standing: 'expired', standing_before: 'expired' }])
  })

  it('counts in the totals', async () => {
    const totals = Object.fromEntries((await sql`select standing, certificates::int as n from register_totals where certificates > 0`).map(({ standing: word, n }) => [word, n]))
    const counted = Object.fromEntries((await sql`select standing, count(*)::int as n from register_entries group by 1`).map(({ standing: word, n }) => [word, n]))
    expect(totals).toEqual(counted)
  })

  it.each([
    ['is never taken out', 'delete from register_entries', 'register_entry_is_kept'],
    ['is never emptied', 'truncate register_entries', 'register_entries_is_append_only'],
    ['takes no other number', "update register_entries set number = 'RE-JP-2026-999999-1-X'", 'register_entry_is_kept'],
    ['lasts no longer than its certificate', "update register_entries set expires_on = expires_on + 1", 'register_entry_is_kept'],
    ['says no standing that no event tells', "update register_entries set standing = case standing when 'certified' then 'withdrawn' else 'certified' end", 'standing_is_told_by_events'],
    ['has been so since no other day', "update register_entries set standing_since = standing_since + 1 where standing <> 'expired'", 'standing_is_told_by_events'],
    ['gives no reason that no event gives', "update register_entries set reason_class = 'bribery' where standing <> 'expired'", 'standing_is_told_by_events'],
    ['is over from no other day than the one after its last', "update register_entries set standing = 'expired', standing_since = current_date, reason_class = null", 'expiry_has_its_day'],
    ['is over only when everybody is told', "update register_entries set standing = 'expired', standing_since = expires_on + 1, reason_class = null", 'expiry_is_told'],
    ['is over no day too early', "insert into register_changes (certificate_id, number, holder, change, happened_on, standing) select certificate_id, number, holder, 'expired', expires_on + 1, 'expired' from register_entries", 'expiry_is_due'],
    ['is over on no other day', "insert into register_changes (certificate_id, number, holder, change, happened_on, standing) select certificate_id, number, holder, 'expired', current_date, 'expired' from register_entries", 'expiry_is_due'],
    ['is counted once', 'update register_totals set certificates = certificates + 1', 'totals_are_counted'],
    ['is counted in every total', 'delete from register_totals', 'totals_are_counted'],
    ['is counted under no word of its own', "insert into register_totals values ('gold', 1)", 'totals_are_counted'],
    ['is counted for good', 'truncate register_totals', 'register_totals_is_append_only'],
  ])('%s', async (_, statement, promise) => expect(await attempt(statement)).toBe(promise))

  it.each(['update register_changes set standing = standing', 'delete from register_changes', 'truncate register_changes cascade', 'delete from suppliers where true', 'truncate suppliers cascade'])('history stays: %s', async statement => {
    await sql`insert into buyers (id, name_ja, name_en, code, created_by) select ${randomUUID()}, 'x', 'x', ${randomUUID()}, id from people limit 1`
    await sql`insert into suppliers (id, buyer_id, name, added_by) select ${randomUUID()}, b.id, 'x', b.created_by from buyers b limit 1`
    expect(await attempt(statement)).toMatch(/_is_append_only|supplier_is_kept/)
  })
})

describe('what is searched', () => {
  const folded = async (text: string) => (await sql`select fold_ja(${text}) as f`)[0]?.f
  const key = async (text: string) => (await sql`select company_key(${text}) as k`)[0]?.k

  it.each([['髙橋', '高橋'], ['ｶﾞｽ', 'がす'], ['ガス', 'がす'], ['Ｙａｍａｄａ', 'yamada'], ['㈱', '(株)'], ['葛󠄀城', '葛城'], ['ヴ', 'ゔ']])('%s is found as %s', async (typed, as) => expect(await folded(typed)).toBe(as))

  it.each([
    ['㈱山田製作所', '山田製作所'], ['山田製作所 株式会社', '山田製作所'], ['（株）山田製作所', '山田製作所'], ['山田製作所(株)', '山田製作所'], ['有限会社髙橋・商会', '高橋商会'],
    ['Yamada Press Industries Co., Ltd.', 'yamadapressindustries'], ['ACME K.K.', 'acme'], ['Incline Corp.', 'incline'], ['株式会社', null],
  ])('the name of %s is %s', async (name, expected) => expect(await key(name)).toBe(expected))

  it('is cut into pairs and single characters, never across a space', async () => {
    const [row] = await sql`select grams('山田 工') as g, grams('山田工', 2) as pairs, grams('', 2) as none`
    expect([row?.g.sort(), row?.pairs.sort(), row?.none]).toEqual([['山', '山田', '工', '田'].sort(), ['山田', '田工'].sort(), []])
  })
})

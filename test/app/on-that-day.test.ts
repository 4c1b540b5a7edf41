import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certificateEvents, certificateFiles } from '../../schema/certificates.ts'
import { addDays } from '../../server/domain/calendar.ts'
import { standing, type CertificateEvent } from '../../server/domain/standing.ts'
import { anyHistory } from '../support/any-history.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, anybody, clock, world: { database: { db, sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
await anyHistory(sql)

const issuedOn = '2026-11-24', expiresOn = '2029-11-23'
const page = (url: string) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test', accept: 'text/html' } })
const ask = async (number: string, on: string) => (await anybody.get(`/c/${number}?on=${encodeURIComponent(on)}`)).body
const today = (day: string) => { clock.now = new Date(`${day}T03:00:00Z`) }
const idOf = async (number: string) => (await sql`select id from certificates where number = ${number}`)[0]?.id as string
type Happening = { event: Exclude<CertificateEvent['event'], 'issued' | 'reissued' | 'prolonged'>; on: string }
async function happens(number: string, events: readonly Happening[]) {
  const certificateId = await idOf(number)
  for (const { event, on } of events) await db.insert(certificateEvents).values({ event, happenedOn: on, certificateId, actor: 'clock' })
}

await happens(number, [{ event: 'suspended', on: '2027-12-01' }, { event: 'reinstated', on: '2028-02-10' }])
today('2028-03-01')

describe('on that day', () => {
  const someDay = fc.integer({ min: -3, max: 60 }).map(day => addDays(issuedOn, day))
  const telling = fc.constantFrom('condition_set', 'condition_met', 'suspended', 'reinstated', 'scope_reduced', 'withdrawn', 'surrendered', 'transferred', 'replaced') as fc.Arbitrary<Happening['event']>
  const history = fc.array(fc.record({ event: telling, on: someDay }), { maxLength: 6 })

  it('is what a replay of the history up to that day says, in any history', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(history, async events => {
      today('2026-11-24')
      const one = await issued()
      today('2027-03-01')
      await happens(one.number, events)
      const told = (await sql`select event, happened_on::text as on from certificate_events where certificate_id = ${await idOf(one.number)} order by log_seq`) as unknown as CertificateEvent[]
      for (let day = addDays(issuedOn, -2); day <= addDays(issuedOn, 62); day = addDays(day, 1)) {
        const { onThatDay: said } = await ask(one.number, day)
        const { standing: word, since } = standing({ issuedOn, expiresOn }, [...told], day)
        expect({ on: said.on, standing: said.standing, since: said.since }).toEqual({ on: day, standing: word, since })
        const after = said.until === null ? null : standing({ issuedOn, expiresOn }, [...told], addDays(said.until, 1))
        expect(said.until === null || after?.standing !== word || after?.since !== since).toBe(true)
      }
    }), { numRuns: 4 })
    today('2028-03-01')
  })

  it('stands beside today, each named', async () => {
    const { statusCode, body } = await page(`/c/${number}?on=2027-12-24`)
    const answer = body.slice(body.indexOf('that-day-answer'), body.indexOf('</details>', body.indexOf('that-day-answer')))
    for (const words of ['その日（2027年12月24日）', '効力停止中', '2027年12月1日から2028年2月9日まで、この状態でした', 'きょう（2028年3月1日）', '有効', `/c/${number}/proof.json?on=2027-12-24`]) expect(answer).toContain(words)
    expect([statusCode, body.indexOf('status--big') < body.indexOf('that-day'), /status--good status--big/.test(body)]).toEqual([200, true, true])
    expect((await page(`/c/${number}`)).body).not.toContain('that-day-answer')
  })

  it.each([['before it was issued', '2026-11-23', 'まだ発行されていません'], ['of the issue', '2026-11-24', '2026年11月24日から2027年11月30日まで、この状態でした'], ['that is today', '2028-03-01', '2028年2月10日からこの状態で、いまも続いています']])('is answered for the day %s', async (_, on, words) => {
    expect((await page(`/c/${number}?on=${on}`)).body).toContain(words)
  })

  it.each([['full-width', '２０２７－１２－２４'], ['with slashes', '2027/12/24'], ['in Japanese', '2027年12月24日'], ['short', '2027/12/4'.replace('/4', '/24')]])('is read when typed %s', async (_, typed) =>
    expect((await ask(number, typed)).onThatDay).toMatchObject({ on: '2027-12-24', standing: 'suspended' }))

  it.each([['tomorrow', '2028-03-02'], ['no day of the calendar', '2027-02-30'], ['of another century', '1999-01-01'], ['no day at all', '<b>x</b>']])('of %s is asked for again by a page, refused to a program', async (_, typed) => {
    const shown = await page(`/c/${number}?on=${encodeURIComponent(typed)}`)
    const told = await anybody.get(`/c/${number}?on=${encodeURIComponent(typed)}`)
    expect([shown.statusCode, shown.body.includes('id="on-error"'), shown.body.includes('<b>x'), shown.body.includes('that-day-answer'), told.status, told.body.code, told.body.standing]).toEqual([422, true, false, false, 422, 'day_unusable', undefined])
  })

  it('follows the reader into another language and to the number as it is written', async () => {
    expect((await page(`/c/${number}?on=2027-12-24`)).body).toContain('on&#x3D;2027-12-24&amp;lang=vi')
    expect((await page(`/c/${number.toLowerCase()}?on=2027-12-24&lang=en`)).headers.location).toBe(`/c/${number}?on=2027-12-24&lang=en`)
    expect((await page(`/c/${number}?on=2027-12-24&lang=en`)).body).toContain('That day (24 December 2027)')
  })

  it('names the edition that was the newest then, and lists all with their hashes', async () => {
    const certificateId = await idOf(number), sha256 = createHash('sha256').update('second').digest('hex')
    const [first] = await db.select().from(certificateFiles)
    const { id: _, ...file } = first as typeof certificateFiles.$inferSelect
    await db.insert(certificateEvents).values({ event: 'reissued', happenedOn: '2028-01-15', certificateId, actor: 'operator', edition: 2, sha256, credentialSha256: file.credential && createHash('sha256').update(file.credential).digest('hex') })
    await db.insert(certificateFiles).values({ ...file, certificateId, edition: 2, sha256, documentKey: 'second', sealedAt: clock.now })
    const [before, after] = [await ask(number, '2028-01-14'), await ask(number, '2028-01-15')]
    expect([before.onThatDay.edition, after.onThatDay.edition, after.onThatDay.standing]).toEqual([1, 2, 'suspended'])
    expect(after.editions.map((one: { edition: number; sha256: string }) => [one.edition, one.sha256])).toEqual([[2, sha256], [1, first?.sha256]])
    expect(after.history.map(({ event, edition }: Record<string, unknown>) => [event, edition])).toEqual([['reinstated', null], ['reissued', 2], ['suspended', null], ['issued', 1]])
    const { body } = await page(`/c/${number}?on=2028-01-14`)
    for (const words of ['再発行：第2版', 'この日の証書：第1版', first?.sha256 ?? '?']) expect(body).toContain(words)
  })
})

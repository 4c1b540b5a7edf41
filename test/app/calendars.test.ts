import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// A stranger's reader (ical.js) subscribes.
const theatre = await stage()
const { anybody, as, clock, idOf, world: { database: { sql } } } = theatre
const { issued, awaiting, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const waiting = await awaiting({ nameJa: '判定待ち, 「株式会社」; の\\会社' })

const made = async (who: 'minato' | 'yamada' | 'sato' | 'suzuki' | 'tanaka' | 'hoshi') => new URL((await as(who).post('/calendar')).body.url).pathname
const read = async (path: string) => {
  const { text, status } = await anybody.get(path)
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map(one => new ICAL.Event(one))
  return events.map(event => ({ uid: event.uid, from: event.startDate.toString(), until: event.endDate.toString(), wholeDay: event.startDate.isDate, what: event.summary }))
}

describe('a calendar feed', () => {
  it('of a buyer tells when watched certificates expire, are due, or are wanted', async () => {
    await sql`insert into suppliers (id, buyer_id, name, holder, matched, wanted_level, wanted_by, added_by) select gen_random_uuid(), buyer_id, '山田プレス', ${number.slice(0, 17)}, 'number', 'T3', '2027-03-31', person_id from buyer_members where person_id = ${idOf('minato')}`
    expect((await read(await made('minato'))).sort((a, b) => (a.from < b.from ? -1 : 1))).toMatchObject([
      { what: '取得を求める期日：山田プレス', from: '2027-03-31', until: '2027-04-01', wholeDay: true }, { what: '維持審査の期限：山田プレス', from: '2027-11-24' }, { what: '証書の期限：山田プレス', from: '2029-11-23', until: '2029-11-24', uid: `expires-${number}@akashi` },
    ])
    expect(await read(await made('hoshi'))).toEqual([])
  })

  it('of an employer, an assessor, an operator and a decider tells theirs; a conflicted decider’s does not know the case', async () => {
    expect((await read(await made('yamada'))).map(({ what }) => what).sort()).toEqual(['維持審査の期限：山田プレス工業株式会社', '証書の期限：山田プレス工業株式会社'].sort())
    expect(await read(await made('tanaka'))).toMatchObject([{ uid: `decide-${waiting}@akashi`, what: '判定の期限：判定待ち, 「株式会社」; の\\会社' }])
    await sql`insert into screenings (id, application_id, outcome, screened_by) values (gen_random_uuid(), ${waiting}, 'accept', ${idOf('tanaka')})`
    expect([await read(await made('tanaka')), await read(await made('sato')), await read(await made('suzuki'))]).toEqual([[], [], []])
  })

  it('folds and escapes as the format asks, and keeps whole days whatever the zone', async () => {
    const text = (await anybody.get(await made('minato'))).text
    expect([text.split('\r\n').every(line => Buffer.byteLength(line) <= 75), text.includes('DTSTART;VALUE=DATE:20291123'), /DTSTART.*T\d/.test(text), text.includes('VTIMEZONE')]).toEqual([true, true, false, false])
  })

  it('is secret, shown once, ended by its owner, and replaced by the next', async () => {
    const first = await made('minato')
    expect([(await as('minato').get('/calendar')).body, (await anybody.get(first)).headers['cache-control']]).toEqual([{ feed: { madeAt: clock.now.toISOString(), lastReadOn: null }, url: null }, 'private, no-store'])
    expect((await as('minato').get('/calendar')).body.feed.lastReadOn).toBe('2026-11-24')
    const second = await made('minato')
    expect([(await anybody.get(first)).status, (await anybody.get(second)).status]).toEqual([404, 200])
    await as('minato').post('/calendar/revocation')
    const [unknown, ended] = [await anybody.get('/calendars/nobody-has-this.ics'), await anybody.get(second)]
    expect([unknown.status, ended.status, unknown.text === ended.text]).toEqual([404, 404, true])
    expect((await sql`select count(*)::int as n from calendar_feeds where token_hash like ${`%${second.slice(11, 30)}%`}`)[0]?.n).toBe(0)
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { actOnDeadlines } from '../../server/standing-decisions/act-on-deadlines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C14, decisions.md 1: what the clock does by itself, and what it leaves to people. Times are Japan's.
const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const begin = clock.now
const idOfNumber = async (number: string) => String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const certified = async (at = begin, employer?: string) => {
  clock.now = at
  const { number } = await issued(employer ? { employerId: employer } : {})
  return { number, id: await idOfNumber(number) }
}
const twoAt = async (at: string) => { clock.now = new Date(at); await Promise.all([actOnDeadlines(world), actOnDeadlines(world)]) }
const standing = async (number: string) => (await anybody.get(`/c/${number}`)).body
const decide = async (id: string, change: string, form: object = {}) => {
  const { version } = (await as('kobayashi').get(`/certificates/${id}/standing`)).body
  expect((await as('kobayashi').post(`/certificates/${id}/standing`, { change, reasonClass: 'nonconformity', reasons: '審査を受けた。', version, once: randomUUID(), ...form })).status).toBe(201)
}
const byClock = async (id: string) => (await sql`select happened_on::text as on from certificate_events where certificate_id = ${id} and event = 'suspended' and actor = 'clock' order by log_seq`).map(({ on }) => on)

describe('the clock suspends for a surveillance that was not held', () => {
  it('from the day after, two sweeps at once; once for each due date; and a person lifts it', async () => {
    const { number, id } = await certified()
    await twoAt('2027-11-24T14:59:59.999Z') // the last moment of the due day
    expect((await standing(number)).standing).toBe('certified')
    await twoAt('2027-11-24T15:00:00Z')
    expect(await standing(number)).toMatchObject({ standing: 'suspended', reasonClass: 'overdue', since: '2027-11-25' })
    expect(await byClock(id)).toEqual(['2027-11-25'])
    await decide(id, 'reinstated')
    await twoAt('2027-12-30T00:00:00Z')
    expect((await standing(number)).standing).toBe('certified')
    await twoAt('2028-11-24T15:00:00Z')
    expect([(await standing(number)).standing, await byClock(id)]).toEqual(['suspended', ['2027-11-25', '2028-11-25']]) // the second one
  })

  it('at the end of a month: decided on a 29 February, due on the 28th', async () => {
    const { number } = await certified(new Date('2028-02-29T01:00:00Z'))
    await twoAt('2029-02-28T14:59:59Z')
    expect((await standing(number)).standing).toBe('certified')
    await twoAt('2029-02-28T15:00:00Z')
    expect(await standing(number)).toMatchObject({ standing: 'suspended', since: '2029-03-01' })
  })

  it('not again when a person’s own suspension ran over the due date and was lifted after it', async () => {
    const { number, id } = await certified()
    clock.now = new Date('2027-10-01T01:00:00Z')
    await decide(id, 'suspended', { until: '2028-03-31' })
    await twoAt('2027-11-25T01:00:00Z') // already suspended: left alone
    expect(await byClock(id)).toEqual([])
    clock.now = new Date('2027-12-10T01:00:00Z')
    await decide(id, 'reinstated')
    await twoAt('2027-12-10T02:00:00Z')
    expect([(await standing(number)).standing, await byClock(id)]).toEqual(['certified', []])
  })

  it('leaves alone what has ended, and never withdraws: six months later a person is asked', async () => {
    const { id, number } = await certified(), ended = await certified()
    clock.now = new Date('2027-06-01T01:00:00Z')
    await decide(ended.id, 'withdrawn')
    await twoAt('2027-11-25T01:00:00Z')
    for (const at of ['2028-05-25T14:59:59Z', '2028-06-30T01:00:00Z']) await twoAt(at)
    const { work } = (await as('kobayashi').get('/standings')).body
    expect([await byClock(ended.id), (await standing(number)).standing, work.find((one: { certificateId: string }) => one.certificateId === id)]).toMatchObject([[], 'suspended', { why: 'suspension_over', until: '2028-05-25' }])
  })
})

describe('the holder is warned', () => {
  it('90, 30 and 7 days before, each once; and of the suspension; in its language', async () => {
    const { number } = await certified(begin, await employerOf('yamada'))
    mails.length = 0
    const heard = async (at: string) => { await twoAt(at); await runJobs(); return mails.splice(0).filter(({ to, subject }) => to === 'yamada@yamada-press.example' && subject.includes(number)).map(({ subject }) => subject.split('：')[1]) }
    const warned = ['維持審査の期限が近づいています']
    expect([await heard('2027-08-25T14:59:59Z'), await heard('2027-08-25T15:00:00Z'), await heard('2027-09-30T00:00:00Z'), await heard('2027-10-25T00:00:00Z'), await heard('2027-11-17T00:00:00Z'), await heard('2027-11-24T00:00:00Z'), await heard('2027-11-25T00:00:00Z'), await heard('2027-11-26T00:00:00Z')])
      .toEqual([[], warned, [], warned, warned, [], ['効力が停止されました'], []])
  })

  it('not by a mail that is no longer true when it is sent', async () => {
    const { number, id } = await certified()
    await sql`update memberships set employer_id = (select employer_id from certificates where id = ${id}) where person_id = ${idOf('outsider')}`
    mails.length = 0
    await twoAt('2027-10-26T00:00:00Z')
    expect((await sql`select 1 from mails where template = 'surveillance_due' and params->>'number' = ${number} and sent_at is null`).length).toBeGreaterThan(0)
    await decide(id, 'withdrawn')
    await runJobs()
    expect([mails.filter(({ subject }) => subject.includes(number)).map(({ subject }) => subject.split('：')[1] ?? subject), (await sql`select 1 from mails where template = 'surveillance_due' and params->>'number' = ${number} and dropped_at is not null`).length > 0])
      .toEqual([[expect.stringMatching(/取り消されました|Withdrawn/)], true])
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { actOnFindings } from '../../server/findings/clock.ts'
import { enqueueJob } from '../../server/jobs/enqueue.ts'
import { pdf } from '../support/evidence-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// decisions.md 1: what a missed date of a finding does to a live certificate, by the clock. Times are Japan's.
const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const begin = clock.now // 24 November 2026, 10:00
const endOf = (day: string) => new Date(`${day}T23:59:59.999+09:00`), dayAfter = (day: string) => new Date(endOf(day).getTime() + 1)
const certificateOf = async (number: string) => String((await sql`select id from certificates where number = ${number}`)[0]?.id)

type Grade = 'zero_tolerance' | 'major' | 'minor'
/** A certified employer with a finding that surveillance raised on 1 December 2026 at ten. */
async function late(grade: Grade, criterion = 'RE-07.3') {
  clock.now = begin
  const { id, number } = await issued({ employerId: await employerOf('yamada') })
  clock.now = new Date('2026-12-01T10:00:00+09:00')
  const { body, status } = await as('sato').post(`/applications/${id}/findings`, { criterion, grade, statement: '割増賃金の計算がもれている。' })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { id, number, certificate: await certificateOf(number), finding: body.findingId as string }
}
const twoAt = async (at: Date) => { clock.now = at; await Promise.all([actOnFindings(world), actOnFindings(world)]) }
const standing = async (number: string) => (await anybody.get(`/c/${number}`)).body.standing
const ticks = async (finding: string) => (await sql`select duty, step from finding_clock where finding_id = ${finding} order by at, step desc`).map(({ duty, step }) => `${duty} ${step}`)
const byClock = async (certificate: string) => Number((await sql`select count(*)::int as n from certificate_events where certificate_id = ${certificate} and event = 'suspended' and actor = 'clock'`)[0]?.n)
const shown = async (finding: string) => (await as('yamada').get(`/findings/${finding}`)).body
const answer = async (finding: string, done: 'planned' | 'done') => (await as('yamada').post(`/findings/${finding}/responses`, { cause: 'c', correction: 'c', correctiveAction: 'c', done, after: (await shown(finding)).latest?.id ?? '' })).body.responseId as string
const review = async (finding: string, responseId: string, outcome: string) => expect((await as('sato').post(`/findings/${finding}/reviews`, { outcome, note: '記録を見た', responseId })).status).toBe(201)
const take = (finding: string, step: string) => as('yamada').post(`/findings/${finding}/steps`, { step, words: '守った' })
const decide = async (certificate: string, change: string) => {
  const { version } = (await as('kobayashi').get(`/certificates/${certificate}/standing`)).body
  expect((await as('kobayashi').post(`/certificates/${certificate}/standing`, { change, reasonClass: 'nonconformity', reasons: '審査を受けた。', version, once: randomUUID() })).status).toBe(201)
}

// Every row of the grading table: what the employer misses, when it is missed, when the certificate is suspended. The grace is 0, 7 and 14 days.
const rows: [Grade, string, string, string, (finding: string) => Promise<unknown>][] = [
  ['zero_tolerance', 'protection_plan', '2026-12-04T10:00:00+09:00', '2026-12-04T10:00:00+09:00', () => Promise.resolve()],
  ['zero_tolerance', 'containment', '2026-12-08T23:59:59.999+09:00', '2026-12-08T23:59:59.999+09:00', finding => take(finding, 'protection_plan')],
  ['zero_tolerance', 'verified', '2026-12-31T23:59:59.999+09:00', '2026-12-31T23:59:59.999+09:00', async finding => { await take(finding, 'protection_plan'); await take(finding, 'containment') }], // the last day of the year
  ['major', 'plan', '2026-12-15T23:59:59.999+09:00', '2026-12-22T23:59:59.999+09:00', () => Promise.resolve()],
  ['major', 'evidence', '2027-03-01T23:59:59.999+09:00', '2027-03-08T23:59:59.999+09:00', async finding => review(finding, await answer(finding, 'planned'), 'plan_accepted')], // over the end of February
  ['minor', 'plan', '2026-12-31T23:59:59.999+09:00', '2027-01-14T23:59:59.999+09:00', () => Promise.resolve()],
  ['minor', 'evidence', '2027-05-30T23:59:59.999+09:00', '2027-06-13T23:59:59.999+09:00', async finding => review(finding, await answer(finding, 'planned'), 'plan_accepted')], // Golden Week moves nothing
]

describe('a missed date of a finding', () => {
  it.each(rows)('%s: %s missed after %s, suspended after %s; two sweeps at once', async (grade, what, missed, suspends, prepare) => {
    const { number, certificate, finding } = await late(grade)
    await prepare(finding)
    await twoAt(new Date(missed))
    expect([await standing(number), await ticks(finding)]).toEqual(['certified', []]) // the last moment still counts
    await twoAt(new Date(new Date(missed).getTime() + 1))
    if (missed !== suspends) {
      expect([await standing(number), await ticks(finding)]).toEqual(['certified', [`${what} warned`]])
      await twoAt(new Date(suspends))
      expect(await standing(number)).toBe('certified')
      await twoAt(new Date(new Date(suspends).getTime() + 1))
    }
    expect([await standing(number), await ticks(finding), await byClock(certificate)]).toEqual(['suspended', [`${what} warned`, `${what} suspended`], 1])
    await twoAt(clock.now)
    expect(await byClock(certificate)).toBe(1)
  })

  it('warns the holder with the day of the suspension; the public page shows only the class of reason', async () => {
    const { id, number, finding } = await late('major')
    await runJobs()
    mails.length = 0
    await twoAt(dayAfter('2026-12-15'))
    await runJobs()
    const warning = mails.filter(({ subject }) => subject.includes('是正の期限を過ぎています'))
    expect([warning.length, warning[0]?.to, warning[0]?.text.includes('2026年12月22日までに'), warning[0]?.text.includes('割増賃金')]).toEqual([1, 'yamada@yamada-press.example', true, false])
    await twoAt(dayAfter('2026-12-22'))
    const page = (await anybody.page(`/c/${number}`)).text, { body } = await anybody.get(`/c/${number}`)
    expect([body.reasonClass, page.includes('期限までに必要な手続きが行われなかったため'), /RE-07\.3|割増賃金の計算/.test(page), JSON.stringify(body).includes(finding)]).toEqual(['overdue', true, false, false])
    expect((await shown(finding)).entries.filter((entry: { kind: string }) => entry.kind === 'clock').map((entry: { outcome: string }) => entry.outcome).toSorted()).toEqual(['suspended', 'warned'])
    expect((await sql`select operation, actor_role from journal where application_id = ${id} and actor_role = 'clock' and operation <> 'certificates.issue' order by id`).map(row => row.operation)).toEqual(['findings.warn', 'standing_decisions.suspend_overdue'])
  })

  it('is lifted by a person, and not suspended again for the same date; the next one counts', async () => {
    const { number, certificate, finding } = await late('major')
    await twoAt(dayAfter('2026-12-22'))
    await decide(certificate, 'reinstated')
    await twoAt(new Date('2026-12-30T10:00:00+09:00'))
    expect([await standing(number), await byClock(certificate)]).toEqual(['certified', 1])
    await review(finding, await answer(finding, 'planned'), 'plan_accepted')
    await twoAt(dayAfter('2027-03-08'))
    expect([await standing(number), await ticks(finding)]).toEqual(['suspended', ['plan warned', 'plan suspended', 'evidence warned', 'evidence suspended']])
  })

  it('does nothing where the employer has answered and others are late', async () => {
    const { number, finding } = await late('major')
    await answer(finding, 'planned')
    await twoAt(dayAfter('2027-04-30'))
    expect([await standing(number), await ticks(finding)]).toEqual(['certified', []])
  })

  it('is acted on by the hourly job; evidence is taken on a certified case', async () => {
    const { number, finding } = await late('major')
    expect((await as('yamada').upload(`/findings/${finding}/documents`, { name: '賃金台帳.pdf', type: 'application/pdf', bytes: await pdf() })).status).toBe(201)
    clock.now = dayAfter('2026-12-22')
    await world.database.db.transaction(tx => enqueueJob(tx, 'act_on_deadlines'))
    await runJobs()
    expect([await standing(number), await ticks(finding)]).toEqual(['suspended', ['plan warned', 'plan suspended']])
  })

  it('never touches what a person suspended or ended', async () => {
    const { certificate, finding } = await late('major')
    await decide(certificate, 'withdrawn')
    await twoAt(dayAfter('2027-03-08'))
    expect([await byClock(certificate), await ticks(finding)]).toEqual([0, []])
  })
})

describe('an appeal holds the clock', () => {
  const appeal = async (finding: string, at: Date) => { clock.now = at; return as('yamada').post(`/appeals/against/finding/${finding}`, { grounds: '計算は合っている', once: randomUUID() }) }
  const reject = async (appealId: string, at: Date) => {
    clock.now = at
    await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf('kobayashi'), once: randomUUID() })
    expect((await as('kobayashi').post(`/appeals/${appealId}/decision`, { outcome: 'rejected', reasons: '等級は正しい', newGrade: '', once: randomUUID() })).status).toBe(201)
  }

  it('filed in the last second of day 30: the same moment in which zero tolerance would suspend', async () => {
    const { number, finding } = await late('zero_tolerance')
    await take(finding, 'protection_plan')
    await take(finding, 'containment')
    const filed = await appeal(finding, new Date('2026-12-31T23:59:59+09:00'))
    expect(filed.status).toBe(201)
    for (const at of [dayAfter('2026-12-31'), new Date('2027-01-20T10:00:00+09:00')]) await twoAt(at)
    expect([await standing(number), await ticks(finding)]).toEqual(['certified', []])
    await reject(filed.body.appealId, new Date('2027-01-20T12:00:00+09:00')) // twenty days: they are added
    await twoAt(endOf('2027-01-20'))
    expect(await standing(number)).toBe('certified')
    await twoAt(dayAfter('2027-01-20'))
    expect([await standing(number), await ticks(finding)]).toEqual(['suspended', ['verified warned', 'verified suspended']])
  })

  it('a second later it is too late, and holds nothing', async () => {
    const { number, finding } = await late('zero_tolerance')
    await take(finding, 'protection_plan')
    await take(finding, 'containment')
    expect((await appeal(finding, dayAfter('2026-12-31'))).body.code).toBe('appeal_too_late')
    await twoAt(dayAfter('2026-12-31'))
    expect(await standing(number)).toBe('suspended')
  })

  it('upheld: the milder grade runs from that day', async () => {
    const { number, finding } = await late('major')
    const { body: { appealId } } = await appeal(finding, new Date('2026-12-10T10:00:00+09:00'))
    await twoAt(dayAfter('2026-12-22'))
    expect(await standing(number)).toBe('certified')
    await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf('kobayashi'), once: randomUUID() })
    expect((await as('kobayashi').post(`/appeals/${appealId}/decision`, { outcome: 'upheld', reasons: '軽い', newGrade: 'minor', once: randomUUID() })).status).toBe(201)
    const newer = (await shown(finding)).supersededBy
    expect((await shown(newer)).finding).toMatchObject({ grade: 'minor', due: '2027-01-22T14:59:59.999Z' })
    await twoAt(dayAfter('2027-01-22'))
    expect([await ticks(finding), await ticks(newer), await standing(number)]).toEqual([[], ['plan warned'], 'certified'])
  })
})

describe('a sweep that dies in the middle', () => {
  it('is finished by the next, each certificate once', async () => {
    const { number, certificate, finding } = await late('zero_tolerance')
    clock.now = dayAfter('2026-12-04')
    // Dies between the warning and the suspension: the event cannot be written.
    await sql`create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`
    await sql`create trigger a_dies before insert on certificate_events for each row when (new.actor = 'clock') execute function die()`
    await expect(actOnFindings(world)).rejects.toThrow()
    await sql`drop trigger a_dies on certificate_events`
    await sql`drop function die()`
    expect([await standing(number), await ticks(finding)]).toEqual(['certified', []]) // nothing half done
    await twoAt(clock.now)
    expect([await standing(number), await ticks(finding), await byClock(certificate)]).toEqual(['suspended', ['protection_plan warned', 'protection_plan suspended'], 1])
  })
})

describe('zero tolerance with a certified employer', () => {
  it('is put before those who decide, at once: the clock knows only what is overdue', async () => {
    await runJobs()
    mails.length = 0
    const { certificate } = await late('zero_tolerance')
    await runJobs()
    expect(mails.filter(({ subject }) => subject === '認証中の会社にゼロ・トレランスの指摘').map(({ to }) => to).toSorted()).toEqual(['ishii', 'kobayashi', 'nakamura', 'tanaka'].map(who => `${who}@akashi.example`))
    expect((await as('kobayashi').get('/standings')).body.work.find((one: { certificateId: string }) => one.certificateId === certificate)).toMatchObject({ why: 'zero_tolerance' })
    expect((await as('kobayashi').page('/standings')).text).toContain('ゼロ・トレランスの指摘があります')
  })
})

describe('on a certified case minors become major by rule', () => {
  const raise = async (id: string, criterion: string, visitedOn = '') => (await as('sato').post(`/applications/${id}/findings`, { criterion, grade: 'minor', statement: '掲示が古い。', visitedOn })).body.findingId as string

  it('still open at the next visit: with a new clock, the old one on record', async () => {
    const { id, finding } = await late('minor')
    clock.now = new Date('2027-01-12T10:00:00+09:00')
    await raise(id, 'RE-08.2')
    expect((await shown(finding)).supersededBy).toBeNull() // found at the desk
    clock.now = new Date('2027-01-13T10:00:00+09:00')
    const found = await raise(id, 'RE-09.1', '2027-01-13')
    const newer = (await shown(finding)).supersededBy
    expect([(await shown(newer)).finding.grade, (await shown(newer)).finding.escalation, (await shown(newer)).finding.due, (await shown(found)).finding.grade]).toEqual(['major', 'aged', '2027-01-27T14:59:59.999Z', 'minor'])
    expect((await as('yamada').page(`/findings/${newer}`)).text).toContain('次の審査の時にも残っていたため')
    await twoAt(dayAfter('2027-02-03'))
    expect((await ticks(newer)).includes('plan suspended')).toBe(true)
  })

  it('five of one section: the fifth', async () => {
    const { id } = await late('minor', 'RE-08.1')
    const more = []
    for (const criterion of ['RE-08.2', 'RE-08.3', 'RE-08.4', 'RE-08.5']) {
      clock.now = new Date(clock.now.getTime() + 60_000)
      more.push(await raise(id, criterion))
    }
    const grades = (await as('yamada').get(`/applications/${id}/findings`)).body.findings.map((one: { criterion: string; grade: string; escalation: string | null }) => [one.criterion, one.grade, one.escalation]).toSorted()
    expect(grades).toEqual([['RE-08.1', 'minor', null], ['RE-08.2', 'minor', null], ['RE-08.3', 'minor', null], ['RE-08.4', 'minor', null], ['RE-08.5', 'major', 'gathered']])
    expect((await as('sato').page(`/applications/${id}/findings`)).text).toContain('訪問した日')
  })
})

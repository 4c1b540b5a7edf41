import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { sweep } from '../../server/jobs/sweep.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C15: reports of change. The holder tells, the secretariat reviews in set days, a decision maker decides where something is proposed.
const theatre = await stage()
const { as, anybody, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number, id: applicationId } = await issued({ employerId: await employerOf('yamada') })
const id = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const at = (hour: string) => { clock.now = new Date(hour) }
const report = (form: object = {}, who: 'yamada' | 'outsider' = 'yamada') => as(who).post('/employer/changes', { kind: 'site', happenedOn: '2027-05-20', account: '寮を一つ閉めた。', workersBefore: '', workersNow: '', once: randomUUID(), ...form })
const review = (report: string, outcome: string) => as('suzuki').post(`/changes/${report}/review`, { outcome, reasons: '記録を確かめた。', once: randomUUID() })
const to = (who: string) => mails.splice(0).filter(mail => mail.to.startsWith(who)).map(({ subject }) => subject)
beforeEach(() => { at('2027-06-01T01:00:00Z'); mails.length = 0 })

describe('a report of change', () => {
  it('says by when it is reviewed, reaches the secretariat, and changes nothing by itself', async () => {
    const { status, body } = await report()
    expect([status, body.reviewBy, (await anybody.get(`/c/${number}`)).body.standing]).toEqual([201, '2027-06-15', 'certified'])
    await runJobs()
    const heard = mails.map(mail => mail.to).sort()
    expect(heard).toEqual(['suzuki@akashi.example', 'yamada@yamada-press.example'])
    const page = (await as('suzuki').get('/changes')).body
    expect([page.waiting, page.changes[0]]).toEqual([1, expect.objectContaining({ kind: 'site', reviewBy: '2027-06-15', overdue: false, reportedLate: false, outcome: null })])
    expect((await as('yamada').get('/employer/changes')).body.changes[0]).toMatchObject({ account: '寮を一つ閉めた。', outcome: null })
  })

  it('of a head count has both numbers, of tomorrow is refused, and what was typed stays', async () => {
    expect((await report({ kind: 'head_count', workersBefore: '１２' })).body.errors).toEqual([{ field: 'workersNow', message: expect.any(String) }])
    expect((await report({ kind: 'head_count', workersBefore: '１２', workersNow: '30' })).status).toBe(201)
    expect((await report({ happenedOn: '2027-06-02' })).body.missing).toEqual(['change_day_past'])
    expect((await as('yamada').submit('/employer/changes', { kind: 'head_count', happenedOn: '2027-05-20', account: '忙しくなった。', workersBefore: '12', workersNow: '' })).text).toContain('忙しくなった。')
    expect((await report({}, 'outsider')).status).toBe(404) // no certificate, nothing to report about
  })

  it('is told as late after thirty days, and its review as overdue after its date, with reminders that each go out once and only while it waits', async () => {
    const { body: { reportId } } = await report({ happenedOn: '2027-04-30', kind: 'law_case' }), { body: other } = await report({ kind: 'law_case' })
    await review(other.reportId, 'no_effect')
    await runJobs()
    expect((await as('suzuki').get(`/changes/${reportId}`)).body).toMatchObject({ reportedLate: true, reviewBy: '2027-06-08', overdue: false })
    mails.length = 0
    const heard = async (hour: string) => { at(hour); await Promise.all([sweep(world), sweep(world)]); await runJobs(); return to('suzuki').filter(subject => subject.startsWith('変更の届出の審査を待って')).length }
    await sql`delete from mails where template = 'change_due'`
    const others = (await sql`select count(*)::int as n from change_reports r where not exists (select from change_reviews v where v.report_id = r.id) and r.id <> ${reportId}`)[0]?.n
    expect([others, await heard('2027-06-01T02:00:00Z'), await heard('2027-06-07T02:00:00Z'), await heard('2027-06-08T14:59:00Z')]).toEqual([2, 1, 1, 2]) // then the earlier two wait a week before their own date
    expect((await heard('2027-06-08T15:00:00Z'))).toBe(1)
    expect((await as('suzuki').get(`/changes/${reportId}`)).body.overdue).toBe(true)
    at('2027-06-14T02:00:00Z')
    await sweep(world)
    await review(reportId, 'no_effect')
    for (const { id: waits } of await sql`select r.id from change_reports r where not exists (select from change_reviews v where v.report_id = r.id)`) await review(String(waits), 'no_effect')
    mails.length = 0
    await runJobs()
    expect(to('suzuki')).toEqual([]) // dropped: nothing waits any more
  })

  it('is reviewed once, with reasons for the holder', async () => {
    const { body: { reportId } } = await report()
    await runJobs()
    mails.length = 0
    const answers = await Promise.all([review(reportId, 'no_effect'), review(reportId, 'no_effect')])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    await runJobs()
    expect([to('yamada').length, (await as('yamada').get('/employer/changes')).body.changes.find((one: { id: string }) => one.id === reportId).reasons]).toEqual([1, '記録を確かめた。'])
  })

  it('can propose: then it waits for a decision maker, who reads the report; who took part does not', async () => {
    const why = async () => (await as('kobayashi').get('/standings')).body.work.find((one: { certificateId: string }) => one.certificateId === id)
    const { body: { reportId } } = await report({ kind: 'law_case' })
    expect(await why()).toBeUndefined()
    await review(reportId, 'suspension')
    expect([await why(), (await as('kobayashi').get(`/changes/${reportId}`)).body.mayReview, (await anybody.get(`/c/${number}`)).body.standing]).toEqual([expect.objectContaining({ why: 'change_suspension', changeId: reportId }), false, 'certified'])
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('sato')}`
    expect((await as('sato').get(`/changes/${reportId}`)).status).toBe(404)
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('sato')}`
    const { version } = (await as('kobayashi').get(`/certificates/${id}/standing`)).body
    at('2027-06-02T01:00:00Z')
    expect((await as('kobayashi').post(`/certificates/${id}/standing`, { change: 'condition_set', reasonClass: 'other', condition: '判決を知らせること。', reasons: '訴訟の結果を待つ。', version, once: randomUUID() })).status).toBe(201)
    expect(await why()).toBeUndefined()
  })

  it('can ask for an extra visit, which stands on the list of surveillances until one was held', async () => {
    const extra = async () => (await as('suzuki').get('/surveillance')).body.certificates.find((one: { certificateId: string }) => one.certificateId === id)?.extra
    const { body: { reportId } } = await report()
    expect(await extra()).toBeFalsy()
    await review(reportId, 'extra_visit')
    expect(await extra()).toBe(true)
    const { body: { visitId } } = await as('suzuki').post(`/certificates/${id}/surveillance`, { kind: 'unannounced', plannedOn: '2027-06-10', personId: idOf('sato'), justification: '', once: randomUUID() })
    at('2027-06-10T01:00:00Z')
    const none = Object.fromEntries(['employed', 'paid', 'advised', 'trained', 'family_tie', 'financial_tie'].map(question => [question, 'no']))
    await as('sato').post(`/applications/${applicationId}/interests`, { ...none, once: randomUUID() })
    expect((await as('sato').post(`/certificates/${id}/surveillance/${visitId}/held`, { onDay: '2027-06-10', result: 'minor', summary: '寮を見た。', once: randomUUID() })).status).toBe(201)
    expect(await extra()).toBeFalsy()
  })

  it('is not there for an operator tied to the client: in no list, by no address, in no mail', async () => {
    const { body: { reportId } } = await report()
    await runJobs()
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) select ${randomUUID()}, ${idOf('suzuki')}, corporate_number, 'family_tie', '親族', ${idOf('suzuki')}, '2027-01-01' from employers where id = (select employer_id from applications where id = ${applicationId})`
    mails.length = 0
    await report()
    await runJobs()
    expect([(await as('suzuki').get('/changes')).body.changes, (await as('suzuki').get(`/changes/${reportId}`)).status, (await review(reportId, 'no_effect')).status, (await as('suzuki').get('/surveillance')).body.certificates, to('suzuki')]).toEqual([[], 404, 404, [], []])
  })
})

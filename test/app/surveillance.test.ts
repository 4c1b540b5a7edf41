import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { japanDate } from '../../server/domain/calendar.ts'
import { actOnDeadlines } from '../../server/standing-decisions/act-on-deadlines.ts'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C14: what happens between two decisions. Visits are planned by the secretariat, held and recorded by an assessor, and counted by page, calendars and clock.
const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const begin = clock.now
const certified = async (employerId?: string) => {
  clock.now = begin
  const { number, id } = await issued(employerId ? { employerId } : {})
  return { number, applicationId: id, id: String((await sql`select id from certificates where number = ${number}`)[0]?.id) }
}
const at = (day: string) => { clock.now = new Date(`${day}T01:00:00Z`) }
const plan = (id: string, form: object = {}, who: CastName = 'suzuki') => as(who).post(`/certificates/${id}/surveillance`, { kind: 'announced', plannedOn: '2027-10-20', personId: idOf('lee'), justification: '近くにいる。', once: randomUUID(), ...form })
const free = Object.fromEntries(['employed', 'paid', 'advised', 'trained', 'family_tie', 'financial_tie'].map(question => [question, 'no']))
const declare = (applicationId: string, who: CastName = 'lee', answers = {}) => as(who).post(`/applications/${applicationId}/interests`, { ...free, ...answers, once: randomUUID() })
const held = (id: string, visit: string, form: object = {}, who: CastName = 'lee') => as(who).post(`/certificates/${id}/surveillance/${visit}/held`, { onDay: japanDate(clock.now), result: 'conforms', summary: '記録と住まいを見た。', once: randomUUID(), ...form })
const next = async (number: string) => (await anybody.get(`/c/${number}`)).body.surveillance
const clean = async (who: CastName, paths: string[]) => (await Promise.all(paths.flatMap(path => [as(who).get(path), as(who).page(path), as(who).page(path, 'en')]))).map(({ text }) => text).join('\n')

describe('a surveillance that was held', () => {
  it('counts on the public page, in the calendars and for the clock, from the day it is recorded', async () => {
    const { number, id, applicationId } = await certified(await employerOf('yamada'))
    at('2027-10-01')
    const { status, body: { visitId } } = await plan(id)
    expect([status, (await held(id, visitId)).body.code, (await declare(applicationId)).status]).toEqual([201, 'interests_not_declared', 201])
    at('2027-10-20')
    expect([await next(number), (await held(id, visitId)).status, await next(number)]).toEqual([{ due: '2027-11-24', overdue: false }, 201, { due: '2028-11-24', overdue: false }])
    expect((await held(id, visitId)).body.code).toBe('already_decided')
    at('2027-11-25')
    await actOnDeadlines(world)
    expect([(await anybody.get(`/c/${number}`)).body.standing, (await as('yamada').get('/employer/certificates')).body.certificates[0].surveillance]).toEqual(['certified', { next: { due: '2028-11-24', overdue: false }, planned: [], held: [{ on: '2027-10-20', unannounced: false }] }])
    const feed = (await anybody.get(new URL((await as('yamada').post('/calendar')).body.url).pathname)).text
    expect([feed.includes('20281124'), feed.includes('20271124')]).toEqual([true, false])
    at('2028-11-25')
    await Promise.all([actOnDeadlines(world), actOnDeadlines(world)])
    expect((await anybody.get(`/c/${number}`)).body).toMatchObject({ standing: 'suspended', reasonClass: 'overdue', since: '2028-11-25' })
  })

  it('makes a minor finding that is still open a major one', async () => {
    const { id, applicationId } = await certified(await employerOf('yamada'))
    at('2027-10-01')
    const { body: { visitId } } = await plan(id)
    await declare(applicationId)
    const { body: { findingId } } = await as('lee').post(`/applications/${applicationId}/findings`, { criterion: 'RE-08.2', grade: 'minor', statement: '掲示が古い。', visitedOn: '', once: randomUUID() })
    at('2027-10-20')
    expect((await held(id, visitId)).status).toBe(201)
    expect([...await sql`select grade, escalation from findings where supersedes = ${findingId ?? ''}`]).toEqual([{ grade: 'major', escalation: 'aged' }])
  })

  it('after the clock has suspended is for a decision maker to see, who lifts the suspension; the assessor who went may not', async () => {
    const { number, id, applicationId } = await certified()
    at('2027-11-25')
    await actOnDeadlines(world)
    const { body: { visitId } } = await plan(id, { plannedOn: '2027-12-01' })
    await declare(applicationId)
    at('2027-12-01')
    const why = async () => (await as('kobayashi').get('/standings')).body.work.find((one: { certificateId: string }) => one.certificateId === id)?.why
    expect(await why()).toBe('suspended')
    await held(id, visitId)
    expect([await why(), (await anybody.get(`/c/${number}`)).body.standing]).toEqual(['surveillance_held', 'suspended'])
    await sql`update people set staff_roles = '{decision_maker,assessor}' where id = ${idOf('lee')}`
    const { version } = (await as('kobayashi').get(`/certificates/${id}/standing`)).body, lift = { change: 'reinstated', reasons: '審査を受けた。', version }
    expect((await as('lee').post(`/certificates/${id}/standing`, { ...lift, once: randomUUID() })).body.code).toBe('not_independent')
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('lee')}`
    expect((await as('kobayashi').post(`/certificates/${id}/standing`, { ...lift, once: randomUUID() })).status).toBe(201)
    await actOnDeadlines(world)
    expect([(await anybody.get(`/c/${number}`)).body.standing, await next(number), await why()]).toEqual(['certified', { due: '2028-11-24', overdue: false }, undefined])
  })

  it('and found something grave asks for a decision at once', async () => {
    const { id, applicationId } = await certified()
    at('2027-06-01')
    const { body: { visitId } } = await plan(id, { kind: 'unannounced', plannedOn: '2027-06-02' })
    await declare(applicationId)
    at('2027-06-02')
    await held(id, visitId, { result: 'zero_tolerance' })
    expect((await as('kobayashi').get('/standings')).body.work).toContainEqual(expect.objectContaining({ certificateId: id, why: 'surveillance_found' }))
  })

  it('is told neither of tomorrow nor of the time before the certificate', async () => {
    const { id, applicationId } = await certified()
    at('2027-06-01')
    const { body: { visitId } } = await plan(id, { plannedOn: '2027-06-02' })
    await declare(applicationId)
    expect([(await held(id, visitId, { onDay: '2027-06-02' })).body.missing, (await held(id, visitId, { onDay: '2026-11-23' })).body.missing]).toEqual([['visit_day_past'], ['visit_day_past']])
  })
})

describe('a visit without notice', () => {
  const day = '2027-09-15'
  // Every page and feed that there is, asked by the employer, with every id that it knows; /sign-in names the whole cast in development.
  const places = async (number: string, applicationId: string, id: string) => {
    const ids: Record<string, string> = { number, criterion: 'RE-01.1', section: 'S01', kind: 'code_of_conduct', subject: 'decision' }
    const urls = theatre.app.routeTable.filter(({ method, url }) => method === 'GET' && !url.endsWith('.xlsx') && url !== '/sign-in').flatMap(({ url }) => [applicationId, id].map(of => url.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? of).replace('*', '0')))
    return [...new Set([...urls, new URL((await as('yamada').post('/calendar')).body.url).pathname])]
  }

  it('reaches the employer on no page, in no feed and no mail until it was held; whoever goes has it in their calendar', { timeout: 120_000 }, async () => {
    const { number, id, applicationId } = await certified(await employerOf('yamada'))
    at('2027-09-01')
    mails.length = 0
    const before = await clean('yamada', await places(number, applicationId, id))
    const { body: { visitId } } = await plan(id, { kind: 'unannounced', plannedOn: day })
    await runJobs()
    const after = await clean('yamada', await places(number, applicationId, id)), telling = /2027-09-15|20270915|2027年9月15日|15 September 2027|Sep 15|Lee Ji-won/
    expect([before.length > 100_000, telling.test(before), after.match(telling)]).toEqual([true, false, null])
    expect(mails.filter(({ to }) => to.includes('yamada'))).toEqual([])
    expect(mails.find(({ to }) => to.includes('lee'))?.text).toMatch(/unannounced|without notice/i) // the secret is there
    expect((await anybody.get(new URL((await as('lee').post('/calendar')).body.url).pathname)).text).toContain('20270915')
    await declare(applicationId)
    at(day)
    await held(id, visitId)
    await runJobs()
    expect([mails.filter(({ to }) => to.includes('yamada')).map(({ text }) => text.includes('予告なし')), (await as('yamada').get('/employer/certificates')).body.certificates.find((one: { certificateId: string }) => one.certificateId === id).surveillance.held]).toEqual([[true], [{ on: day, unannounced: true }]])
  })

  it('that never came is not told of either', async () => {
    const { id } = await certified(await employerOf('yamada'))
    at('2027-09-01')
    const { body: { visitId } } = await plan(id, { kind: 'unannounced', plannedOn: day })
    mails.length = 0
    expect((await as('suzuki').post(`/certificates/${id}/surveillance/${visitId}/calling-off`, { summary: '台風のため。', once: randomUUID() })).status).toBe(201)
    await runJobs()
    expect([mails.filter(({ to }) => to.includes('yamada')), (await plan(id, { kind: 'unannounced', plannedOn: day })).status]).toEqual([[], 201])
  })

  it('is asked of the secretariat in time, not of the holder, and the last visit of a cycle cannot be announced without one', async () => {
    const { id, number, applicationId } = await certified(await employerOf('yamada'))
    at('2027-10-20')
    const { body: { visitId } } = await plan(id)
    await declare(applicationId)
    await held(id, visitId)
    mails.length = 0
    for (const today of ['2028-05-27', '2028-05-28', '2028-05-28', '2028-06-30', '2028-09-25']) { at(today); await actOnDeadlines(world); await runJobs() }
    const told = mails.filter(({ text, subject }) => (subject + text).includes(number) && /予告なし|without notice/.test(subject))
    expect([told.length, new Set(told.map(({ to }) => to))]).toEqual([2, new Set(['suzuki@akashi.example'])])
    expect([(await plan(id, { plannedOn: '2028-11-01' })).body.missing, (await plan(id, { kind: 'unannounced', plannedOn: '2028-11-01' })).status]).toEqual([['unannounced_visit'], 201])
  })
})

describe('another day', () => {
  const wish = (id: string, visitId: string, form: object = {}, who: CastName = 'yamada') => as(who).post(`/employer/certificates/${id}/surveillance/${visitId}/wish`, { wishedOn: '2027-06-20', reason: '納期と重なる。', ...form })

  it('is asked for by the holder of an announced visit, once; the secretariat reads it, and plans anew', async () => {
    const { id } = await certified(await employerOf('yamada'))
    at('2027-06-01')
    const { body: { visitId } } = await plan(id, { plannedOn: '2027-06-10' })
    const own = async () => (await as('yamada').get('/employer/certificates')).body.certificates.find(({ certificateId }: { certificateId: string }) => certificateId === id).surveillance.planned
    expect([await own(), (await as('yamada').page('/employer/certificates')).text.includes(`${visitId}/wish`)]).toEqual([[{ visitId, on: '2027-06-10', wished: null, mayWish: true }], true])
    for (const [form, code] of [[{ reason: ' ' }, 'invalid'], [{ wishedOn: '2027-02-30' }, 'invalid'], [{ wishedOn: '2027-06-10' }, 'needs'], [{ wishedOn: '2027-06-01' }, 'needs']] as const) expect([form, (await wish(id, visitId, form)).body.code]).toEqual([form, code])
    const typed = await as('yamada').submit(`/employer/certificates/${id}/surveillance/${visitId}/wish`, { wishedOn: '', reason: '納期の話', form: visitId })
    expect([typed.status, typed.text.includes('納期の話')]).toEqual([422, true])
    await runJobs()
    mails.length = 0
    expect([(await wish(id, visitId)).status, (await wish(id, visitId, { wishedOn: '2027-06-21' })).body.code, await own()]).toEqual([201, 'already_exists', [{ visitId, on: '2027-06-10', wished: '2027-06-20', mayWish: false }]])
    await runJobs()
    expect(mails.map(({ to, subject }) => [to, subject.includes('維持審査の日の希望')])).toEqual([['suzuki@akashi.example', true]])
    const page = (await as('suzuki').page(`/certificates/${id}/surveillance`)).text
    expect([page.includes('会社の希望：2027年6月20日'), page.includes('納期と重なる。')]).toEqual([true, true])
    await as('suzuki').post(`/certificates/${id}/surveillance/${visitId}/calling-off`, { summary: '会社の希望のため' })
    expect([(await plan(id, { plannedOn: '2027-06-20' })).status, (await own()).map(({ on, mayWish }: { on: string; mayWish: boolean }) => [on, mayWish]), (await wish(id, visitId)).body.code]).toEqual([201, [['2027-06-20', true]], 'closed_for_changes'])
  })

  it('is asked for by nobody else, and a visit without notice answers as one that there is not', async () => {
    const { id } = await certified(await employerOf('yamada'))
    at('2027-06-01')
    const { body: { visitId } } = await plan(id, { kind: 'unannounced', plannedOn: '2027-06-10' }), { body: { visitId: told } } = await plan(id, { plannedOn: '2027-06-11' })
    const [secret, none] = [await wish(id, visitId), await wish(id, randomUUID())]
    expect([secret.status, { ...secret.body, requestId: '', instance: '' }]).toEqual([404, { ...none.body, requestId: '', instance: '' }])
    for (const [who, status] of [['outsider', 404], ['suzuki', 403], ['lee', 403]] as const) expect([who, (await wish(id, told, {}, who)).status]).toEqual([who, status])
  })
})

describe('who goes', () => {
  it('has no tie to the client, decided nothing about the certificate, and whoever tries otherwise stays on record', async () => {
    const { id, applicationId, number } = await certified()
    at('2027-06-01')
    await sql`update people set staff_roles = '{decision_maker,assessor}' where id = ${idOf('tanaka')}`
    await sql`insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values (${randomUUID()}, ${applicationId}, ${idOf('lee')}, 'adviser', ${idOf('suzuki')}, '2027-05-01')`
    expect([(await plan(id, { personId: idOf('tanaka'), plannedOn: '2027-06-02' })).body.code, (await plan(id, { plannedOn: '2027-06-02' })).body.code]).toEqual(['not_independent', 'has_interest'])
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('tanaka')}`
    expect((await sql`select subject_id, application_id from journal where operation = 'surveillance.plan.refused' and after->>'certificateId' = ${id} order by id`).map(row => ({ ...row }))).toEqual(['tanaka', 'lee'].map(who => ({ subject_id: idOf(who as 'tanaka'), application_id: applicationId })))
    const [named] = await sql`select name_ja from employers where id = (select employer_id from applications where id = ${applicationId})`
    const { refusals } = (await as('ito').get('/impartiality')).body
    expect(refusals.slice(0, 2).map(({ operation, about, employer, reason }: Record<string, { nameJa: string }>) => [operation, about, employer?.nameJa, reason])).toEqual([['surveillance.plan.refused', 'Lee Ji-won', named?.name_ja, 'has_interest'], ['surveillance.plan.refused', '田中 明', named?.name_ja, 'not_independent']])
    expect([(await as('sato').get(`/certificates/${id}/surveillance`)).status, (await as('suzuki').get(`/certificates/${id}/surveillance`)).body.number]).toEqual([404, number])
  })

  it('is given to assessors only, and nobody else hears of it', async () => {
    const { id } = await certified()
    at('2027-06-01')
    mails.length = 0
    const answers = await Promise.all((['yamada', 'minato', 'ito', 'suzuki'] as const).map(who => plan(id, { plannedOn: '2027-06-02', personId: idOf(who) })))
    await runJobs()
    expect([new Set(answers.map(({ body }) => body.code)), mails]).toEqual([new Set(['invalid']), []])
  })

  it('one open visit of a kind at a time, though two plan at once', async () => {
    const { id } = await certified()
    at('2027-06-01')
    const answers = await Promise.all([plan(id, { plannedOn: '2027-06-02', personId: idOf('sato') }), plan(id, { plannedOn: '2027-06-03', personId: idOf('sato') })])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })
})

import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

// C3: everybody of the scheme tells of their own ties. What follows from one is in conflict-matrix.test.ts.
const theatre = await stage()
const { as, clock, idOf, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const yamadas = '4012301000013'
const told = { corporateNumber: yamadas, kind: 'advised', statement: '2024年まで顧問でした。' }
const none = { employed: 'no', paid: 'no', advised: 'no', trained: 'no', family_tie: 'no', financial_tie: 'no' }

describe('telling of a tie', () => {
  it('takes the company’s case away at once, gives it back 24 months after the tie ended', async () => {
    const id = await caseIn('submitted')
    const seen = async () => [(await as('suzuki').get(`/applications/${id}`)).status, (await as('suzuki').get('/pipeline')).body.all]
    expect(await seen()).toEqual([200, 1])
    const { status, body } = await as('suzuki').post('/ties', told)
    expect([status, await seen()]).toEqual([201, [404, 0]])
    expect((await as('suzuki').post(`/ties/${body.id}/ending`, { endedOn: '2024-11-25' })).body.code).toBe('tie_before_told') // it was told, and is not unsaid
    expect((await as('suzuki').post(`/ties/${body.id}/ending`, { endedOn: '2026-11-24' })).status).toBe(201)
    expect(await seen()).toEqual([404, 0])
    clock.now = new Date('2028-11-24T01:00:00Z')
    expect(await seen()).toEqual([200, 1])
    clock.now = new Date('2026-11-24T01:00:00Z')
    await sql`update applications set stage = 'withdrawn' where id = ${id}`
  })

  it('is shown to nobody else, in both languages to oneself, and is told once when sent twice', async () => {
    const form = { ...told, once: '019a0000-0000-7000-8000-000000000001' }
    const [first, second] = [await as('ito').post('/ties', form), await as('ito').post('/ties', form)]
    expect([second.body, (await as('ito').get('/ties')).body.ties.length, (await as('sato').get('/ties')).body.ties]).toEqual([first.body, 1, []])
    expect([(await as('ito').page('/ties')).text.includes('助言をした'), (await as('ito').page('/ties', 'en')).text.includes('advised it')]).toEqual([true, true])
    expect((await as('sato').post(`/ties/${first.body.id}/ending`, { endedOn: '2026-01-01' })).status).toBe(404)
  })

  it.each([['corporateNumber', { corporateNumber: '' }], ['corporateNumber', { corporateNumber: '4012301000014' }], ['kind', { kind: 'friend' }], ['statement', { statement: ' ' }]])('refuses %s: %j, and keeps what was typed', async (field, change) => {
    const { status, body } = await as('sato').post('/ties', { ...told, ...change })
    expect([status, body.errors.map((error: { field: string }) => error.field)]).toEqual([422, [field]])
    expect((await as('sato').submit('/ties', { ...told, ...change, statement: '顧問の話', form: 'add', corporateNumber: 'x' })).text).toContain('顧問の話')
  })

  it('is shaken off by no new number of the company, and nobody is kept out by another’s', async () => {
    const id = await caseIn('submitted')
    await as('suzuki').post('/ties', told)
    const { company } = (await as('yamada').get('/employer')).body
    expect((await as('yamada').post('/employer', { ...company, corporateNumber: '7000012050002' })).body.code).toBe('corporate_number_kept')
    await sql`update employers set corporate_number = '7000012050002' where id = (select employer_id from applications where id = ${id})`
    expect((await as('suzuki').get(`/applications/${id}`)).status).toBe(404)
  })

  it('ends on a day that has come, once', async () => {
    const { body: { id } } = await as('kobayashi').post('/ties', told)
    expect([(await as('kobayashi').post(`/ties/${id}/ending`, { endedOn: '2026-11-25' })).body.code, (await as('kobayashi').post(`/ties/${id}/ending`, { endedOn: '2026-11-24' })).status, (await as('kobayashi').post(`/ties/${id}/ending`, { endedOn: '2020-01-01' })).status]).toEqual(['day_unusable', 201, 404])
  })

  it('is for people of the scheme', async () => expect([(await as('yamada').get('/ties')).status, (await as('minato').get('/ties')).status]).toEqual([403, 403]))
})

describe('a declaration', () => {
  it('is asked for again when a year has passed: the case waits, with what was said before on record', async () => {
    const id = await caseIn('desk_review', 'yamada', await anotherEmployer('長い審査の会社'))
    await assigned(id, 'sato')
    const bench = async () => (await as('sato').get(`/applications/${id}/assessment`)).body.code ?? 'open'
    clock.now = new Date('2027-11-23T14:00:00Z') // 23:00 of the last day in Japan
    expect(await bench()).toBe('open')
    clock.now = new Date('2027-11-24T01:00:00Z')
    expect(await bench()).toBe('interests_not_declared')
    expect((await as('sato').get('/assessments')).body.rows).toMatchObject([{ task: 'declare', href: `/applications/${id}/interests` }])
    expect([(await as('sato').page(`/applications/${id}/interests`)).text.includes('もう一度申告してください'), (await as('suzuki').page(`/applications/${id}/assignments`)).text.includes('もう一度の申告を待っています')]).toEqual([true, true])
    expect((await as('sato').post(`/applications/${id}/interests`, none)).body).toEqual({ free: true, stage: 'desk_review' })
    expect([await bench(), (await as('sato').post(`/applications/${id}/interests`, none)).body.code, (await sql`select count(*)::int as n from interest_declarations where application_id = ${id} and person_id = ${idOf('sato')}`)[0]?.n]).toEqual(['open', 'already_exists', 2])
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { interestQuestions } from '../../server/domain/independence.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, world: { database: { sql } } } = theatre
const { caseIn, assigned, stageOf, anotherEmployer } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/interests`
const none = Object.fromEntries(interestQuestions.map(question => [question, 'no']))
const waiting = async (who: 'sato' | 'lee' = 'sato') => {
  const id = await caseIn('accepted', 'yamada', await anotherEmployer('見本製作所'))
  await assigned(id, who, { declared: false })
  return id
}
const secrets = (id: string) => [`/applications/${id}/assessment`, `/applications/${id}/assessment/RE-01.1`, `/applications/${id}/clarifications`, `/applications/${id}/evidence`]

describe('before the declaration', () => {
  it('the assessor learns who the client is, and nothing of the case', async () => {
    const id = await waiting()
    const { status, body } = await as('sato').get(at(id))
    expect([status, body]).toEqual([200, {
      application: { id, nameJa: '見本製作所', nameEn: 'Sample K.K.', stage: 'accepted' },
      client: { corporateNumber: null, prefecture: '愛知県', addressJa: '愛知県豊田市見本1', representative: '' },
      since: '2024-11-24', questions: [...interestQuestions], declared: null, renewal: null,
    }])
    const statuses = []
    for (const url of secrets(id)) statuses.push((await as('sato').get(url)).body.code)
    expect(statuses).toEqual(secrets(id).map(() => 'interests_not_declared'))
  })

  it('asks in both languages', async () => {
    const id = await waiting()
    expect((await as('sato').page(at(id))).text).toContain('この24か月のあいだに、この会社に助言をしましたか')
    expect((await as('sato').page(at(id), 'en')).text).toContain('have you advised this client?')
  })

  it('nothing can be written to the case either', async () => {
    const id = await caseIn('desk_review', 'yamada', await anotherEmployer('見本'))
    await assigned(id, 'sato', { declared: false })
    expect((await as('sato').post(`/applications/${id}/assessment/RE-01.1`, { rating: 'conforms' })).body.code).toBe('interests_not_declared')
    expect((await as('sato').post(`/applications/${id}/clarifications`, { criterion: 'RE-01.1', question: '？' })).body.code).toBe('interests_not_declared')
    expect((await as('sato').post(`/applications/${id}/clarifications/sending`, { version: 3 })).body.code).toBe('interests_not_declared')
    expect((await sql`select count(*)::int as n from ratings where application_id = ${id}`)[0]?.n).toBe(0)
  })
})

it('an operator who is also assessor declares as everybody does', async () => {
  await sql`update people set staff_roles = '{operator,assessor}' where id = ${idOf('lee')}`
  const id = await caseIn('desk_review', 'yamada', await anotherEmployer('見本'))
  await assigned(id, 'sato')
  await assigned(id, 'lee', { declared: false })
  await as('sato').post(`/applications/${id}/clarifications`, { criterion: 'RE-01.1', question: '？' })
  const refused = [await as('lee').get(`/applications/${id}/assessment`), await as('lee').post(`/applications/${id}/assessment/RE-01.1`, { rating: 'conforms' }),
    await as('lee').post(`/applications/${id}/clarifications/sending`, { version: 3 })]
  expect(refused.map(({ body }) => body.code)).toEqual(['interests_not_declared', 'interests_not_declared', 'interests_not_declared'])
  expect((await as('lee').get(`/applications/${id}/clarifications`)).body).toMatchObject({ side: 'reads', drafts: [] })
  await sql`update people set staff_roles = '{assessor}' where id = ${idOf('lee')}`
})

describe('declared free of ties', () => {
  it('the review begins in the same moment, with its due date', async () => {
    const id = await waiting()
    const { status, body, location } = await as('sato').post(at(id), none)
    expect([status, body, location]).toEqual([201, { free: true, stage: 'desk_review' }, `/applications/${id}/assessment`])
    expect(await stageOf(id)).toEqual({ stage: 'desk_review', version: 3 })
    expect((await sql`select operation, after from journal where application_id = ${id} order by id`).map(row => [row.operation, row.after]))
      .toEqual([['interests.declare', { ties: [] }], ['applications.begin_review', { stage: 'desk_review' }]])
    expect((await as('sato').get(`/applications/${id}/assessment`)).status).toBe(200)
  })

  it('a second assessor joins without a step', async () => {
    const id = await waiting()
    await as('sato').post(at(id), none)
    await assigned(id, 'lee', { declared: false })
    expect((await as('lee').post(at(id), none)).body).toEqual({ free: true, stage: 'desk_review' })
    expect(await stageOf(id)).toEqual({ stage: 'desk_review', version: 3 })
  })

  it('is declared once: a double submit has one effect, a second declaration is refused', async () => {
    const id = await waiting(), form = { ...none, once: randomUUID() }
    const [first, second] = await Promise.all([as('sato').post(at(id), form), as('sato').post(at(id), form)])
    expect([first.body, second.body]).toEqual([{ free: true, stage: 'desk_review' }, { free: true, stage: 'desk_review' }])
    expect((await as('sato').post(at(id), { ...none, paid: 'yes', statement: '後から' })).body.code).toBe('already_exists')
    expect((await as('sato').get(at(id))).body.declared.answers).toEqual(interestQuestions.map(question => ({ question, tied: false })))
    expect((await as('sato').page(at(id))).text).toContain('書面審査へ')
  })
})

describe('a declared tie', () => {
  it.each(interestQuestions)('%s takes the case away, and the declaration stays on record', async question => {
    const id = await waiting()
    const { status, body, location } = await as('sato').post(at(id), { ...none, [question]: 'yes', statement: '2025年に関係がありました。' })
    expect([status, body, location]).toEqual([201, { free: false, stage: null }, '/assessments'])
    expect((await stageOf(id))?.stage).toBe('accepted')
    const statuses = []
    for (const url of [at(id), ...secrets(id), `/applications/${id}`]) statuses.push((await as('sato').get(url)).status)
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404])
    expect((await as('sato').get('/assessments')).body.rows.map((row: { application: { id: string } }) => row.application.id)).not.toContain(id)
    expect((await sql`select after from journal where application_id = ${id} and operation = 'interests.declare'`)[0]?.after).toEqual({ ties: [question] })
  })

  it('is seen by the operator, by kind and not in its wording, and somebody else can be assigned', async () => {
    const id = await waiting()
    await as('sato').post(at(id), { ...none, family_tie: 'yes', statement: '兄が工場長です。' })
    const { body, text } = await as('suzuki').get(`/applications/${id}/assignments`)
    expect([body.assignments[0].ties, text.includes('兄が')]).toEqual([['family_tie'], false])
    expect((await as('suzuki').page(`/applications/${id}/assignments`)).text).toContain('利害関係あり')
    expect((await as('suzuki').get('/pipeline')).body.rows.find((row: { application: { id: string } }) => row.application.id === id)?.task).toBe('assign')
    expect((await as('suzuki').post(`/applications/${id}/assignments`, { personId: idOf('lee'), part: 'assessor' })).status).toBe(201)
    expect((await as('lee').post(at(id), none)).body).toEqual({ free: true, stage: 'desk_review' })
  })

  it('needs a word of explanation', async () => {
    const id = await waiting()
    const { status, body } = await as('sato').post(at(id), { ...none, trained: 'yes' })
    expect([status, body.errors]).toEqual([422, [{ field: 'statement', message: '入力してください。' }]])
  })

  it('cannot be taken back or changed, not even in the database', async () => {
    const id = await waiting()
    await as('sato').post(at(id), { ...none, paid: 'yes', statement: '顧問料' })
    await expect(sql`update interest_declarations set paid = false where application_id = ${id}`).rejects.toThrow('append-only')
  })
})

it('wants an answer to every question, and keeps what was answered', async () => {
  const id = await waiting()
  const { employed: _, ...five } = none
  expect((await as('sato').post(at(id), five)).body.errors).toEqual([{ field: 'employed', message: '入力してください。' }])
  const { status, text } = await as('sato').submit(at(id), { paid: 'yes', statement: '<script>x</script>' })
  expect([status, /name="paid" value="yes" checked/.test(text), text.includes('&lt;script&gt;x'), text.includes('<script>x')]).toEqual([422, true, true, false])
})

describe('who may declare', () => {
  it('nobody who is not assigned: another assessor gets 404 for this case as for one that does not exist', async () => {
    const id = await waiting('sato')
    expect([(await as('lee').get(at(id))).status, (await as('lee').post(at(id), none)).status, (await as('lee').post(at(randomUUID()), none)).status]).toEqual([404, 404, 404])
  })

  it.each([['yamada'], ['suzuki'], ['tanaka']] as const)('not %s', async who => {
    const id = await waiting()
    expect([(await as(who).get(at(id))).status, (await as(who).post(at(id), none)).status]).toEqual([403, 403])
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

// C8: the client objects to an assessor once, with a reason; the secretariat answers with reasons.
const theatre = await stage()
const { as, idOf, mails, runJobs, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer, stageOf } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/objection`
const reasons = '競合会社の顧問だと聞きました。'

async function assessed(): Promise<{ id: string; assignmentId: string }> {
  await sql`update applications set stage = 'withdrawn' where stage in ('accepted', 'desk_review', 'visit_planned', 'submitted') and employer_id = (select employer_id from memberships where person_id = ${idOf('yamada')})`
  const id = await caseIn('desk_review')
  return { id, assignmentId: await assigned(id, 'sato') }
}
const answered = async (outcome: 'upheld' | 'dismissed') => {
  const one = await assessed()
  await as('yamada').post(at(one.id), { assignmentId: one.assignmentId, reasons })
  expect((await as('suzuki').post(`${at(one.id)}/answer`, { outcome, reasons: '事実を確かめました。' })).status).toBe(201)
  return one
}

describe('the client', () => {
  it('sees who assesses, and objects once; the secretariat hears of it by mail, an operator with a tie does not', async () => {
    const { id, assignmentId } = await assessed()
    const before = (await as('yamada').get(at(id))).body
    expect([before.team, before.mayObject, (await as('yamada').page(at(id))).text.includes('一度だけ'), (await as('yamada').page(at(id), 'en')).text.includes('you may object once')])
      .toEqual([[{ assignmentId, name: '佐藤 誠', organisation: { nameJa: '佐藤社会保険労務士事務所', nameEn: 'Sato Labour and Social Security Attorneys' } }], true, true, true])
    await sql`insert into people (id, email, name, staff_roles) values ('019a0000-0000-7000-8000-0000000000aa', 'tied@akashi.example', 'T', '{operator}')`
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values (${randomUUID()}, '019a0000-0000-7000-8000-0000000000aa', '4012301000013', 'paid', 'x', ${idOf('suzuki')})`
    const form = { assignmentId, reasons, once: randomUUID() }
    const [first, second] = [await as('yamada').post(at(id), form), await as('yamada').post(at(id), form)]
    expect([first.status, second.body, (await as('yamada').post(at(id), { ...form, once: randomUUID() })).body.code]).toEqual([201, first.body, 'already_exists'])
    await runJobs()
    expect(mails.filter(({ subject }) => subject.includes('異議')).map(({ to }) => to)).toEqual(['suzuki@akashi.example'])
  })

  it.each([['no reason', (id: string) => ({ assignmentId: id, reasons: ' ' })], ['nobody', () => ({ assignmentId: '', reasons })], ['somebody not on the case', () => ({ assignmentId: randomUUID(), reasons })]])('cannot object with %s', async (_, form) => {
    const { id, assignmentId } = await assessed()
    expect([(await as('yamada').post(at(id), form(assignmentId))).status, (await as('yamada').get(at(id))).body.objection]).toEqual([422, null])
  })

  it('keeps what was typed when something is missing', async () => {
    const { id } = await assessed()
    expect((await as('yamada').submit(at(id), { reasons, assignmentId: '', form: 'objection' })).text).toContain(reasons)
  })

  it('cannot object once the visit is over, nor hears of an assessor who left for a tie', async () => {
    const late = await caseIn('correcting', 'yamada', await anotherEmployer('遅い会社'))
    const { id, assignmentId } = await assessed()
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values (${randomUUID()}, ${idOf('sato')}, '4012301000013', 'paid', 'x', ${idOf('sato')}, '2019-01-01')`
    expect([(await as('yamada').get(at(id))).body.team, (await as('suzuki').get(at(late))).body.mayAnswer]).toEqual([[], false])
    await sql`update recorded_ties set ended_on = '2020-01-01' where person_id = ${idOf('sato')}`
    await sql`update applications set stage = 'visit_planned' where id = ${id}`
    await sql`update applications set stage = 'correcting' where id = ${id}`
    expect((await as('yamada').post(at(id), { assignmentId, reasons })).body.code).toBe('closed_for_changes')
    await sql`insert into recommendations (id, application_id, outcome, summary, written_by) values (${randomUUID()}, ${id}, 'refuse', 's', ${idOf('sato')})`
    await sql`update applications set stage = 'withdrawn' where id = ${id}`
  })

  it('alone, and in its own case', async () => {
    const { id, assignmentId } = await assessed()
    expect([(await as('outsider').get(at(id))).status, (await as('outsider').post(at(id), { assignmentId, reasons })).status, (await as('sato').get(at(id))).status, (await as('suzuki').post(at(id), { assignmentId, reasons })).status, (await as('yamada').post(`${at(id)}/answer`, { outcome: 'upheld', reasons })).status]).toEqual([404, 404, 403, 403, 403])
  })
})

describe('the answer', () => {
  it('upheld: the assessor leaves the case in the same moment and is refused afterwards; the stage stays', async () => {
    const { id } = await answered('upheld')
    expect([(await as('sato').get(`/applications/${id}/assessment`)).status, (await stageOf(id))?.stage]).toEqual([404, 'desk_review'])
    const again = await as('suzuki').post(`/applications/${id}/assignments`, { personId: idOf('sato'), part: 'assessor' })
    expect([again.status, again.body.code, (await as('suzuki').get(`/applications/${id}/assignments`)).body.assessors.find((row: { personId: string }) => row.personId === idOf('sato')).excluded]).toEqual([403, 'was_objected_to', 'objected'])
    expect((await sql`select operation from journal where application_id = ${id} and operation ~ '^(objections|assignments)' order by id`).map(row => row.operation)).toEqual(['objections.raise', 'objections.answer', 'assignments.end', 'assignments.assign.refused'])
  })

  it('dismissed: the assessor stays; the client reads why, not who answered', async () => {
    const { id } = await answered('dismissed')
    const { body } = await as('yamada').get(at(id))
    expect([(await as('sato').get(`/applications/${id}/assessment`)).status, body.objection.answer.upheld, body.objection.answer.reasons, body.objection.answer.by, (await as('suzuki').get(at(id))).body.objection.answer.by]).toEqual([200, false, '事実を確かめました。', null, '鈴木 恵'])
    await runJobs()
    expect(mails.some(({ to, subject }) => to.includes('yamada') && subject === '異議に回答しました')).toBe(true)
    expect((await as('suzuki').post(`${at(id)}/answer`, { outcome: 'upheld', reasons })).body.code).toBe('already_exists')
  })

  it('is counted for the committee', async () => expect((await as('ito').get('/impartiality')).body.objections).toMatchObject({ raised: 3, upheld: 1, dismissed: 1, open: 1 }))
})

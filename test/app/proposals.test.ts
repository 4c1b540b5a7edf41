import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

// C20, C3: who is proposed for a case, why, and what it takes to choose otherwise.
const theatre = await stage()
const { as, idOf, world, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/assignments`
const accepted = async (industry = 'food') => {
  const employer = await anotherEmployer('見本製作所')
  await sql`update employers set industry = ${industry} where id = ${employer}`
  return caseIn('accepted', 'yamada', employer)
}
type Row = { personId: string; name: string; excluded: string | null; ties: string[]; gaps: string[]; spoken: string[]; unspoken: string[]; distance: string; load: number }
const proposed = async (id: string): Promise<Row[]> => (await as('suzuki').get(at(id))).body.assessors
const of = async (id: string, who: 'sato' | 'lee') => (await proposed(id)).find(({ personId }) => personId === idOf(who))

describe('a proposal', () => {
  it('says what the case asks for and how far each assessor has it', async () => {
    const id = await accepted('textile')
    const { body } = await as('suzuki').get(at(id))
    expect(body.needed).toEqual({ industry: { nameJa: '繊維・衣服製造業', nameEn: 'Textile and apparel manufacturing' }, languages: ['vi'] })
    expect((await proposed(id)).map(({ name, gaps, spoken, distance }) => ({ name, gaps, spoken, distance }))).toEqual([
      { name: 'Lee Ji-won', gaps: [], spoken: ['vi'], distance: 'nothing_known' }, { name: '佐藤 誠', gaps: ['sector'], spoken: ['vi'], distance: 'nothing_known' },
    ])
    const page = await as('suzuki').page(at(id)), english = await as('suzuki').page(at(id), 'en')
    expect([page.text.includes('この業種の登録がない'), page.text.includes('話せる：ベトナム語'), english.text.includes('Not registered for this sector'), english.text.includes('Speaks Vietnamese')]).toEqual([true, true, true, true])
  })

  it('knows who has assessed the client before, and whose tie has ended', async () => {
    const employer = await anotherEmployer('二度目の会社'), number = '8000000000001'
    await sql`update employers set corporate_number = ${number} where id = ${employer}`
    await assigned(await caseIn('withdrawn', 'yamada', employer), 'sato')
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, ended_on, recorded_by, recorded_at) values (${randomUUID()}, ${idOf('lee')}, ${number}, 'paid', '顧問', '2023-01-01', ${idOf('lee')}, '2022-12-31')`
    const id = await caseIn('accepted', 'yamada', employer)
    expect((await proposed(id)).map(({ name, distance }) => [name, distance])).toEqual([['佐藤 誠', 'assessed_before'], ['Lee Ji-won', 'tie_ended']])
  })

  it('shows who is tied, by kind and never in words, and offers no button', async () => {
    const employer = await anotherEmployer('関係のある会社'), number = '8000000000002'
    await sql`update employers set corporate_number = ${number} where id = ${employer}`
    const id = await caseIn('accepted', 'yamada', employer)
    expect((await as('lee').post('/ties', { corporateNumber: '4012301000013', kind: 'paid', statement: '別の会社' })).status).toBe(201)
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values (${randomUUID()}, ${idOf('lee')}, ${number}, 'family_tie', '兄が工場長', ${idOf('lee')})`
    const { text } = await as('suzuki').page(at(id))
    expect([await of(id, 'lee'), text.includes('家族・親族がいる'), text.includes('兄が'), text.includes(`name="personId" value="${idOf('lee')}"`)]).toEqual([expect.objectContaining({ excluded: 'tied', ties: ['family_tie'] }), true, false, false])
    const refused = await as('suzuki').post(at(id), { personId: idOf('lee'), part: 'assessor', justification: '急いでいる' })
    expect([refused.status, refused.body.code, (await sql`select after from journal where application_id = ${id} and operation = 'assignments.assign.refused'`)[0]?.after]).toEqual([403, 'has_interest', { refused: 'has_interest', part: 'assessor' }])
  })

  it('costs the same number of statements for two assessors and for five', async () => {
    const id = await accepted(), few = await countQueries(world, () => as('suzuki').get(at(id)))
    await sql`insert into people (id, email, name, staff_roles) select gen_random_uuid(), 'a' || n || '@x.test', 'A' || n, '{assessor}' from generate_series(1, 3) n`
    expect([await countQueries(world, () => as('suzuki').get(at(id))), (await proposed(id)).length]).toEqual([few, 5])
    await sql`delete from people where email like '%@x.test'`
  })
})

describe('choosing somebody who lacks competence', () => {
  it('needs a reason, keeps what was typed beside them, and leaves the reason to the committee', async () => {
    const id = await accepted('textile')
    const refused = await as('suzuki').submit(at(id), { personId: idOf('sato'), part: 'assessor', form: idOf('sato'), justification: ' ' })
    expect([refused.status, refused.text.includes('求められる力量の一部がありません'), refused.text.includes('<details open>')]).toEqual([409, true, true])
    expect((await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor', justification: '繊維の専門家が同行する。' })).status).toBe(201)
    expect((await as('ito').get('/impartiality')).body.gaps).toMatchObject([{ employer: { nameJa: '見本製作所' }, assessor: '佐藤 誠', by: '鈴木 恵', gaps: ['sector'], justification: '繊維の専門家が同行する。' }])
  })

  it('asks for none where nothing is lacking', async () => expect((await as('suzuki').post(at(await accepted()), { personId: idOf('sato'), part: 'assessor' })).status).toBe(201))
})

describe('the register', () => {
  const form = { kind: 'sector', subject: 'care', evidence: '介護の研修 2026', obtainedOn: '2026-06-01', validUntil: '2028-05-31' }

  it('is kept by the secretariat: recorded, it closes the gap; taken back, it opens it again', async () => {
    const id = await accepted('care'), page = `/competences/${idOf('sato')}`
    expect((await of(id, 'sato'))?.gaps).toEqual(['sector'])
    const { status, body } = await as('suzuki').post(page, form)
    expect([status, (await of(id, 'sato'))?.gaps, (await as('suzuki').page(page)).text.includes('介護・福祉')]).toEqual([201, [], true])
    expect((await as('suzuki').post(`${page}/${body.id}/ending`)).status).toBe(201)
    expect([(await of(id, 'sato'))?.gaps, (await as('suzuki').post(`${page}/${body.id}/ending`)).status, (await as('ito').get(page)).body.competences.find((row: { id: string }) => row.id === body.id).state]).toEqual([['sector'], 404, 'ended'])
  })

  it.each([['subject', { subject: 'no such trade' }], ['subject', { kind: 'language', subject: 'tlh' }], ['validUntil', { validUntil: '2026-06-01' }], ['evidence', { evidence: '' }], ['kind', { kind: 'charm' }]])('refuses %s: %j', async (field, change) => {
    const { status, body } = await as('suzuki').post(`/competences/${idOf('sato')}`, { ...form, ...change })
    expect([status, body.errors.map((error: { field: string }) => error.field)]).toEqual([422, [field]])
  })

  it('is written by nobody for themselves, nor for one who assesses nothing, nor for a day to come', async () => {
    await sql`update people set staff_roles = '{operator,assessor}' where id = ${idOf('lee')}`
    expect([(await as('lee').post(`/competences/${idOf('lee')}`, form)).body.code, (await as('suzuki').post(`/competences/${idOf('tanaka')}`, form)).status, (await as('suzuki').post(`/competences/${idOf('sato')}`, { ...form, obtainedOn: '2026-11-25' })).body.code])
      .toEqual(['not_independent', 404, 'day_unusable'])
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('lee')}`
  })

  it('is read by the committee and written by it not; an assessor reads only what is proposed of them nowhere', async () => {
    expect([(await as('ito').get('/competences')).status, (await as('ito').post(`/competences/${idOf('sato')}`, form)).status, (await as('sato').get('/competences')).status]).toEqual([200, 403, 403])
    expect((await as('suzuki').page('/competences', 'en')).text).toContain('Competence register')
  })
})

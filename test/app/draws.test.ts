import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { assigned } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/visit/sample`

type Row = [nationality: string, programme: string, shift: string, sex: string, dormitory: string, people: string]
const formOf = (rows: Row[], more: object = {}) => Object.assign({ difference: '派遣の人を入れた' }, ...rows.map((row, index) => Object.fromEntries(['nationality', 'programme', 'shift', 'sex', 'dormitory', 'people'].map((name, nth) => [`${name}_${index + 1}`, row[nth]]))), more)
const housingOf = async (id: string): Promise<string> => (await sql`select site->>'id' as id from applications, jsonb_array_elements(scope->'sites') site where applications.id = ${id} and site->>'kind' = 'housing'`)[0]?.id
const rowsFor = async (id: string): Promise<Row[]> => {
  const housing = await housingOf(id)
  return [['VN', 'technical_intern', 'day', 'female', housing, '９'], ['VN', 'technical_intern', 'night', 'male', housing, '6'], ['NP', 'specified_skilled_1', 'day', 'male', 'elsewhere', '5'], ['', '', '', '', '', '']]
}

describe('the interview sample', () => {
  it('is drawn by the table with a kept seed, covers what is to be covered, and names nobody', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), formOf(await rowsFor(id)))).status).toBe(201)
    const { draws: [draw] } = (await as('sato').get(at(id))).body
    expect(draw).toMatchObject({ number: 1, people: 20, size: 8, again: true, uncovered: [], algorithm: 'xoshiro128starstar-cover-1', seed: expect.stringMatching(/^[0-9a-f]{32}$/), populationSha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    for (const aspect of ['nationality', 'programme', 'shift', 'dormitory'] as const) expect([aspect, new Set(draw.drawn.map((person: Record<string, string>) => person[aspect])).size]).toEqual([aspect, 2])
    const page = (await as('sato').page(at(id))).text
    expect([page.includes('同じ結果になりました'), page.includes(draw.seed), page.includes('ベトナム'), page.includes('A-08')]).toEqual([true, true, true, true])
    expect((await as('sato').page(`${at(id)}?lang=en`)).text).toContain('Viet Nam')
  })

  it('is drawn again with a reason only; the first one stays', async () => {
    const id = await caseAt('visit_planned'), rows = await rowsFor(id)
    await as('sato').post(at(id), formOf(rows))
    const [first] = await sql`select seed, drawn from interview_draws where application_id = ${id}`
    const { status, body } = await as('sato').post(at(id), formOf(rows))
    expect([status, body.missing]).toEqual([409, ['reason_to_draw_again']])
    expect((await as('sato').post(at(id), formOf(rows, { reason: '二人が帰国した' }))).body.number).toBe(2)
    const kept = await sql`select seed, drawn, reason from interview_draws where application_id = ${id} order by number`
    expect([kept.length, kept[0]?.seed, kept[0]?.drawn, kept[1]?.reason, kept[1]?.seed === first?.seed]).toEqual([2, first?.seed, first?.drawn, '二人が帰国した', false])
  })

  it('says on the page when somebody drew other people than the seed gives', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), formOf(await rowsFor(id)))
    await sql`alter table interview_draws disable trigger interview_draws_is_append_only`
    await sql`update interview_draws set seed = ${'ab'.repeat(16)} where application_id = ${id}`
    await sql`alter table interview_draws enable always trigger interview_draws_is_append_only`
    expect((await as('sato').get(at(id))).body.draws[0].again).toBe(false)
  })

  it('keeps what was typed when a cell is missing, and says which', async () => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), formOf([['VN', '', 'day', 'female', 'elsewhere', '3'], ['NP', 'student', 'day', 'male', 'elsewhere', 'x']]))
    expect([status, body.errors.map(({ field }: { field: string }) => field)]).toEqual([422, ['programme_1', 'people_2']])
    const page = await as('sato').submit(at(id), { ...formOf([['NP', '', 'night', 'female', 'elsewhere', '37']]), form: 'draw' })
    expect([page.status, page.text.includes('value="37"'), /value="NP" selected/.test(page.text)]).toEqual([422, true, true])
    expect((await as('sato').post(at(id), formOf([['VN', 'student', 'day', 'male', '00000000-0000-7000-8000-000000000000', '3']]))).body.missing).toEqual(['known_sites'])
    expect((await as('sato').post(at(id), {})).status).toBe(422)
  })

  it('begins from the head counts of the application; more rows keep what is typed', async () => {
    const id = await caseAt('visit_planned')
    const { rows } = (await as('sato').get(at(id))).body
    expect([rows[0].nationality, rows[0].people, rows.length]).toEqual(['VN', '3', 6])
    const more = (await as('sato').get(`${at(id)}?rows=12&nationality_2=NP&people_2=4`)).body.rows
    expect([more.length, more[1].nationality, more[1].people]).toEqual([12, 'NP', '4'])
  })

  it('is for the assessors of the case: the employer and everybody else get no row of it', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), formOf(await rowsFor(id)))
    for (const [who, status] of [['yamada', 403], ['suzuki', 403], ['tanaka', 403], ['ito', 403], ['minato', 403], ['lee', 404]] as const) expect([who, (await as(who).get(at(id))).status, (await as(who).post(at(id), {})).status >= 400]).toEqual([who, status, true])
    expect((await anybody.get(at(id))).status).toBe(401)
    const [entry] = await sql`select after from journal where application_id = ${id} and operation = 'draws.draw'`
    expect(entry?.after).toEqual({ number: 1, size: 8, reason: '', difference: '派遣の人を入れた' })
  })

  it('goes on with the next assessor when one is removed in the middle, and with the company under another name', async () => {
    const id = await caseAt('visit_planned'), rows = await rowsFor(id)
    await as('sato').post(at(id), formOf(rows))
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('sato')} and ended_at is null`
    expect((await as('sato').get(at(id))).status).toBe(404)
    await assigned(id, 'lee')
    await sql`update employers set name_ja = '山田新社' where id = (select employer_id from applications where id = ${id})`
    const { body } = await as('lee').get(at(id))
    expect([body.head.nameJa, body.draws[0].size, body.draws[0].again]).toEqual(['山田新社', 8, true])
    expect((await as('lee').post(at(id), formOf(rows, { reason: '審査員が代わった' }))).body.number).toBe(2)
    await sql`update employers set name_ja = '山田プレス工業株式会社' where id = (select employer_id from applications where id = ${id})`
  })

  it('is drawn from other head counts than the application’s with a written reason only, which stays and is shown; the same number needs none', async () => {
    const id = await caseAt('visit_planned'), five: Row[] = [['VN', 'technical_intern', 'day', 'female', 'elsewhere', '5']]
    const refused = await as('sato').post(at(id), formOf(await rowsFor(id), { difference: ' ' }))
    expect([refused.status, refused.body.missing]).toEqual([409, ['reason_for_other_head_counts']])
    expect((await as('sato').post(at(id), formOf(five, { difference: '' }))).status).toBe(201)
    await as('sato').post(at(id), formOf(await rowsFor(id), { reason: '派遣の人を忘れた' }))
    expect((await as('sato').get(at(id))).body.draws.map(({ people, told, difference, again }: Record<string, unknown>) => [people, told, difference, again])).toEqual([[20, 5, '派遣の人を入れた', true], [5, 5, '', true]])
    const page = (await as('sato').page(at(id))).text
    expect([page.includes('申請では5人、ここでは20人'), page.includes('派遣の人を入れた')]).toEqual([true, true])
  })

  it('is not drawn again below the interviews of the plan', async () => {
    const id = await caseAt('visit_planned'), two: Row[] = [['VN', 'technical_intern', 'day', 'female', 'elsewhere', '2']]
    await as('sato').post(at(id), formOf(await rowsFor(id)))
    const { status, body } = await as('sato').post(at(id), formOf(two, { reason: '三人が帰国した' }))
    expect([status, body.missing]).toEqual([409, ['interviews_of_the_plan']])
  })

  it('takes JSON numbers as head counts, and drops no cell that it cannot read', async () => {
    const id = await caseAt('visit_planned')
    const group = { nationality_1: 'VN', programme_1: 'student', shift_1: 'day', sex_1: 'male', dormitory_1: 'elsewhere' }
    expect((await as('sato').post(at(id), { ...group, people_1: 5 })).status).toBe(201)
    expect((await as('sato').get(at(id))).body.draws[0].people).toBe(5)
    for (const [people_2, message] of [[{ much: 3 }, 'field_format'], [2.5, 'field_number'], ['x'.repeat(101), 'field_too_big']] as const) {
      const { status, body } = await as('sato').post(at(id), { ...group, people_1: 5, people_2, ...Object.fromEntries(Object.entries(group).map(([name, value]) => [name.replace('1', '2'), value])) })
      expect([status, body.errors.map(({ field }: { field: string }) => field)], message).toEqual([422, ['people_2']])
    }
  })

  it('is closed once the visit is over', async () => {
    const id = await caseAt('correcting')
    expect((await as('sato').post(at(id), formOf([['VN', 'student', 'day', 'male', 'elsewhere', '3']]))).body.code).toBe('closed_for_changes')
    expect((await as('sato').get(at(id))).body.mayDraw).toBe(false)
  })
})

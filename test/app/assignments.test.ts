import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { asIfEarlier } from '../support/as-if.ts'
import { casesOn } from '../support/cases.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, world, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/assignments`
const accepted = async () => caseIn('accepted', 'yamada', await anotherEmployer('見本製作所'))
const onRecord = async (id: string) => (await sql`select operation, after->>'refused' as refused from journal where application_id = ${id} and operation like 'assignments.%' order by id`).map(row => [row.operation, row.refused])
const partsIn = async (id: string) => (await sql`select p.name, a.part, a.ended_at is not null as ended from assignments a join people p on p.id = a.person_id where application_id = ${id} order by a.id`).map(row => [row.name, row.part, row.ended])

describe('whom the operator may choose', () => {
  it('shows assessors with their organisation and their open cases, the least loaded first', async () => {
    const id = await accepted()
    await assigned(await caseIn('desk_review', 'yamada', await anotherEmployer('別の会社')), 'sato')
    await assigned(await caseIn('withdrawn', 'yamada', await anotherEmployer('終わった会社')), 'lee')
    const { body } = await as('suzuki').get(at(id))
    expect(body.assessors.map((row: { name: string; load: number; taken: boolean; organisation: { nameJa: string } }) => [row.name, row.load, row.taken, row.organisation.nameJa]))
      .toEqual([['Lee Ji-won', 0, false, '一般財団法人 見本検査協会'], ['佐藤 誠', 1, false, '佐藤社会保険労務士事務所']])
  })

  it('proposes as interpreter, adviser or salesperson nobody of an employer or a buyer, by name, and a long list is searched', async () => {
    const id = await accepted(), namesFor = async (name = '') => (await as('suzuki').get(`${at(id)}?name=${encodeURIComponent(name)}`)).body
    const all = await namesFor(), names = all.others.map(({ name }: { name: string }) => name)
    expect([['山田 花子', '森 健一', '渡辺 さくら', '林 健太'].filter(name => names.includes(name)), names.includes('伊藤 直美'), all.moreOthers]).toEqual([[], true, false])
    expect((await namesFor('LEE')).others).toEqual([{ personId: idOf('lee'), name: 'Lee Ji-won', me: false }])
    await sql`insert into people (id, name, email) select gen_random_uuid(), '通訳 ' || n, 'interpreter' || n || '@words.example' from generate_series(1, 30) n`
    expect([(await namesFor()).others.length, (await namesFor()).moreOthers, (await namesFor('通訳 17')).others.map(({ name }: { name: string }) => name)]).toEqual([20, true, ['通訳 17']])
    expect((await as('suzuki').page(`${at(id)}?name=${encodeURIComponent('誰も')}`)).text).toContain('この名前の人はいません')
    await sql`delete from people where email like 'interpreter%@words.example'`
  })

  it('lets an operator make herself the adviser only when she says that she gives the case up, and takes her to what is left', async () => {
    const id = await accepted(), self = { personId: idOf('suzuki'), part: 'adviser' }
    const warned = await as('suzuki').submit(at(id), { ...self, form: 'others' })
    expect([warned.status, warned.text.includes('この案件はあなたから見えなくなります'), (await as('suzuki').post(at(id), self)).body.missing, await partsIn(id)]).toEqual([409, true, ['own_case_given_up'], []])
    expect((await as('suzuki').post(at(id), { ...self, part: 'interpreter' })).status).toBe(201) // interpreting is no tie
    const gone = await as('suzuki').submit(at(id), { ...self, giveUp: 'yes', form: 'others' })
    expect([gone.status, gone.location, (await as('suzuki').get(at(id))).status]).toEqual([303, expect.stringMatching(/^\/pipeline/), 404])
  })

  it('asks for a fixed number of statements, with one assignment and with three', async () => {
    const id = await accepted()
    await assigned(id, 'sato', { declared: false })
    const one = await countQueries(world, () => as('suzuki').get(at(id)))
    await assigned(id, 'lee', { declared: false })
    await as('suzuki').post(at(id), { personId: idOf('kobayashi'), part: 'interpreter' })
    expect((await as('suzuki').get(at(id))).body.assignments.length).toBe(3)
    expect(await countQueries(world, () => as('suzuki').get(at(id)))).toBe(one)
  })
})

describe('assigning', () => {
  it('puts an assessor on the case, who then waits to declare', async () => {
    const id = await accepted()
    const { status, body, location } = await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor' })
    expect([status, Object.keys(body), location]).toEqual([201, ['assignmentId'], at(id)])
    const page = await as('suzuki').page(at(id))
    expect([page.status, page.text.includes('利害関係の申告を待っています')]).toEqual([200, true])
    expect((await as('suzuki').page(at(id), 'en')).text).toContain('Waiting for the declaration of interests')
    expect(await onRecord(id)).toEqual([['assignments.assign', null]])
  })

  it('has one effect when sent twice, and refuses the same person in the same part again', async () => {
    const id = await accepted(), form = { personId: idOf('sato'), part: 'assessor', once: randomUUID() }
    const [first, second] = [await as('suzuki').post(at(id), form), await as('suzuki').post(at(id), form)]
    expect(second.body).toEqual(first.body)
    expect((await as('suzuki').post(at(id), { ...form, once: randomUUID() })).body.code).toBe('already_exists')
    expect(await partsIn(id)).toEqual([['佐藤 誠', 'assessor', false]])
  })

  it('refuses a member of the client, in whatever part, and keeps the attempt on record', async () => {
    const id = await caseIn('accepted', 'outsider')
    const { status, body } = await as('suzuki').post(at(id), { personId: idOf('outsider'), part: 'interpreter' })
    expect([status, body.code, await partsIn(id), await onRecord(id)]).toEqual([403, 'has_interest', [], [['assignments.assign.refused', 'has_interest']]])
  })

  it('refuses as assessor whoever is no assessor, and people who do not exist', async () => {
    const id = await accepted()
    const codes = []
    for (const personId of [idOf('tanaka'), idOf('yamada'), randomUUID(), 'x', '']) codes.push((await as('suzuki').post(at(id), { personId, part: 'assessor' })).status)
    expect([codes, await partsIn(id)]).toEqual([[422, 422, 422, 422, 422], []])
  })

  it('refuses an assessor who advised this client within 24 months, and lets one through whose advice is older', async () => {
    const employer = await anotherEmployer('助言を受けた会社')
    const before = await caseIn('withdrawn', 'yamada', employer)
    await sql`insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at, ended_at) values (${randomUUID()}, ${before}, ${idOf('lee')}, 'adviser', ${idOf('suzuki')}, now(), '2024-12-01'), (${randomUUID()}, ${before}, ${idOf('sato')}, 'adviser', ${idOf('suzuki')}, now(), '2024-11-01')`
    const id = await caseIn('accepted', 'yamada', employer)
    const late = await as('suzuki').post(at(id), { personId: idOf('lee'), part: 'assessor' })
    expect([late.status, late.body.code, await onRecord(id)]).toEqual([403, 'has_interest', [['assignments.assign.refused', 'has_interest']]])
    expect((await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor' })).status).toBe(201)
  })

  it('does not send a case back to somebody who has declared a tie for this client', async () => {
    const id = await accepted()
    await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor' })
    await as('sato').post(`/applications/${id}/interests`, { employed: 'no', paid: 'yes', advised: 'no', trained: 'no', family_tie: 'no', financial_tie: 'no', statement: '顧問料' })
    const [assignment] = (await as('suzuki').get(at(id))).body.assignments
    expect((await as('suzuki').post(`${at(id)}/${assignment.id}/ending`)).status).toBe(201)
    expect((await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor' })).body.code).toBe('has_interest')
  })

  it.each([['submitted'], ['awaiting_decision'], ['declined']] as const)('is closed in stage %s', async from => {
    const id = await caseIn(from, 'yamada', await anotherEmployer('見本'))
    expect([(await as('suzuki').post(at(id), { personId: idOf('sato'), part: 'assessor' })).body.code, await partsIn(id)]).toEqual(['closed_for_changes', []])
  })

  it('refuses the decider of the case afterwards: Postgres says it, we tell it', async () => {
    const employer = await anotherEmployer('判定済み')
    const id = await caseIn('correcting', 'yamada', employer)
    await asIfEarlier(sql, 'decisions', () => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${id}, 'refuse', '理由', '', ${idOf('tanaka')})`)
    const { status, body } = await as('suzuki').post(at(id), { personId: idOf('tanaka'), part: 'adviser' })
    expect([status, body.code, await onRecord(id)]).toEqual([403, 'not_independent', [['assignments.assign.refused', 'not_independent']]])
  })
})

describe('ending', () => {
  it('takes the case from the assessor at once, and keeps the part on record', async () => {
    const id = await caseIn('desk_review', 'yamada', await anotherEmployer('見本'))
    const assignment = await assigned(id, 'sato')
    expect((await as('sato').get(`/applications/${id}/assessment`)).status).toBe(200)
    expect((await as('suzuki').post(`${at(id)}/${assignment}/ending`)).status).toBe(201)
    expect((await as('sato').get(`/applications/${id}/assessment`)).status).toBe(404)
    expect([await partsIn(id), (await sql`select parts_taken(${id}, ${idOf('sato')}) as parts`)[0]?.parts]).toEqual([[['佐藤 誠', 'assessor', true]], ['desk_reviewer']])
    expect((await as('suzuki').post(`${at(id)}/${assignment}/ending`)).status).toBe(404)
  })

  it('does not reach into another case', async () => {
    const [id, other] = [await accepted(), await accepted()]
    const assignment = await assigned(other, 'sato')
    expect([(await as('suzuki').post(`${at(id)}/${assignment}/ending`)).status, await partsIn(other)]).toEqual([404, [['佐藤 誠', 'assessor', false]]])
  })
})

it.each([['yamada'], ['sato'], ['tanaka']] as const)('is closed to %s', async who => {
  const id = await accepted()
  expect([(await as(who).get(at(id))).status, (await as(who).post(at(id), { personId: idOf('lee'), part: 'assessor' })).status]).toEqual([403, 403])
})

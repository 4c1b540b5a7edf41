import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world: { database: { sql } }, mails, runJobs } = theatre
const { caseIn, stageOf, anotherEmployer } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/screening`
const submitted = async () => caseIn('submitted', 'yamada', await anotherEmployer('見本製作所'))
const screeningsOf = (id: string) => sql`select outcome, reasons from screenings where application_id = ${id}`

describe('what the operator sees', () => {
  it('lays out the company, the agreements and the answers, and says what is missing', async () => {
    const id = await caseIn('submitted')
    const { status, body } = await as('suzuki').get(at(id))
    expect([status, body.open, body.company.nameJa, body.company.foreignWorkers]).toEqual([200, true, '山田プレス工業株式会社', 5])
    expect(body.checks).toEqual([
      { need: 'profile_complete', holds: true }, { need: 'agreements_signed', holds: true }, { need: 'answers_complete', holds: true }, { need: 'evidence_complete', holds: false },
    ])
    expect(body.signs.map((sign: { holds: boolean }) => sign.holds)).toEqual([true, true, true])
    expect(body.agreements.map((agreement: { kind: string }) => agreement.kind).toSorted()).toEqual(['certification_agreement', 'code_of_conduct'])
    expect([body.sections.length, body.totals]).toEqual([14, { criteria: 60, answered: 60, yes: 60, partly: 0, no: 0, notApplicable: 0, documents: 0 }])
    expect(body.sections[0]).toMatchObject({ id: 'S01', criteria: 5, answered: 5, yes: 5, documents: 0 })
  })

  it('reads in both languages', async () => {
    const id = await submitted()
    expect((await as('suzuki').page(at(id))).text).toContain('必要な証拠資料がついている')
    expect((await as('suzuki').page(at(id), 'en')).text).toContain('The documents that are needed are attached')
  })
})

describe('the outcome', () => {
  it('accepts: the stage moves on, the screening is kept, the journal has both', async () => {
    const id = await submitted()
    const answer = await as('suzuki').post(at(id), { outcome: 'accept', version: 1 })
    expect([answer.status, answer.location, answer.body]).toEqual([201, `/applications/${id}/assignments`, { stage: 'accepted' }])
    expect(await stageOf(id)).toEqual({ stage: 'accepted', version: 2 })
    expect([...await screeningsOf(id)]).toEqual([{ outcome: 'accept', reasons: '' }])
    expect((await sql`select operation, actor_role from journal where application_id = ${id} order by id`).map(row => [row.operation, row.actor_role]))
      .toEqual([['applications.accept', 'operator'], ['screenings.screen', 'operator']])
  })

  it('returns with reasons, and the employer hears of it by mail and reads the reasons', async () => {
    mails.length = 0
    const id = await caseIn('submitted', 'outsider')
    expect((await as('suzuki').post(at(id), { outcome: 'return', reasons: '賃金台帳の写しをつけてください。', version: 1 })).body).toEqual({ stage: 'returned' })
    await runJobs()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([['mori@mori-shokuhin.example', '申請をお戻ししました']])
    expect((await as('suzuki').get(at(id))).body.screenings.map((row: { outcome: string; reasons: string; by: string }) => [row.outcome, row.reasons, row.by]))
      .toEqual([['return', '賃金台帳の写しをつけてください。', '鈴木 恵']])
  })

  it('declines with reasons, and that is the end', async () => {
    const id = await submitted()
    expect((await as('suzuki').post(at(id), { outcome: 'decline', reasons: '外国人を雇っていません。', version: 1 })).body).toEqual({ stage: 'declined' })
    expect((await as('suzuki').post(at(id), { outcome: 'accept', version: 2 })).body.code).toBe('no_such_step')
  })

  it.each(['return', 'decline'])('does not %s without reasons', async outcome => {
    const id = await submitted()
    const { status, body } = await as('suzuki').post(at(id), { outcome, reasons: ' \n ', version: 1 })
    expect([status, body.errors]).toEqual([422, [{ field: 'reasons', message: '入力してください。' }]])
    expect(await stageOf(id)).toEqual({ stage: 'submitted', version: 1 })
  })

  it('tells of somebody else who moved on, and keeps what was typed', async () => {
    const id = await submitted()
    await as('suzuki').post(at(id), { outcome: 'return', reasons: '先の理由', version: 1 })
    const { status, text } = await as('suzuki').submit(at(id), { outcome: 'accept', reasons: '後の<b>理由</b>', version: '1' })
    expect(status).toBe(409)
    expect(text).toContain('ほかの人が先に変更しました')
    expect((await screeningsOf(id)).length).toBe(1)
  })

  it('has one effect when sent twice', async () => {
    const id = await submitted(), form = { outcome: 'accept', version: 1, once: randomUUID() }
    const [first, second] = await Promise.all([as('suzuki').post(at(id), form), as('suzuki').post(at(id), form)])
    expect([first.status, second.status, first.body, second.body]).toEqual([201, 201, { stage: 'accepted' }, { stage: 'accepted' }])
    expect((await screeningsOf(id)).length).toBe(1)
  })

  it.each([['accepted'], ['desk_review'], ['withdrawn']] as const)('is refused in stage %s', async from => {
    const id = await caseIn(from, 'yamada', await anotherEmployer('見本'))
    const before = await stageOf(id)
    expect((await as('suzuki').post(at(id), { outcome: 'decline', reasons: '理由', version: before?.version })).body.code).toBe('no_such_step')
    expect([await stageOf(id), (await screeningsOf(id)).length]).toEqual([before, 0])
  })

  it.each([
    ['an unknown outcome', { outcome: 'certify', version: 1 }], ['no outcome', { version: 1 }], ['no version', { outcome: 'accept' }], ['NUL', { outcome: 'return', reasons: 'a\u0000b', version: 1 }],
    ['a lone surrogate', { outcome: 'return', reasons: '\ud800', version: 1 }], ['a flood of words', { outcome: 'return', reasons: 'あ'.repeat(4001), version: 1 }],
  ])('is refused with %s', async (_, form) => {
    const id = await submitted()
    expect((await as('suzuki').post(at(id), form)).status).toBe(422)
    expect((await stageOf(id))?.stage).toBe('submitted')
  })
})

describe('who may screen', () => {
  it.each([['yamada', 403], ['sato', 403], ['tanaka', 403]] as const)('not %s', async (who, status) => {
    const id = await submitted()
    expect([(await as(who).get(at(id))).status, (await as(who).post(at(id), { outcome: 'accept', version: 1 })).status]).toEqual([status, status])
    expect((await stageOf(id))?.stage).toBe('submitted')
  })

  it('and not even the operator before the employer submits', async () => {
    const id = await caseIn('draft', 'yamada', await anotherEmployer('見本'))
    expect([(await as('suzuki').get(at(id))).status, (await as('suzuki').get(at(randomUUID()))).status, (await as('suzuki').get(at('x'))).status]).toEqual([404, 404, 404])
  })
})

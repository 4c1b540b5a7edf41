import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world: { database: { sql } } } = theatre
const { caseAt, stageOf } = benchOn(theatre)
const at = (id: string, more = '') => `/applications/${id}/visit${more}`
const dayOf = (change: Record<string, unknown> = {}) =>
  ({ heldOn: '2026-11-24', openingMeeting: '社長と班長が出席', closingMeeting: '指摘2件を伝えた', workersInvited: '５', workersAgreed: '4', fees: 'no_fees', version: 1, ...change })

describe('closing the visit', () => {
  async function heldVisit(rated: Parameters<typeof caseAt>[1] = {}) {
    const id = await caseAt('visit_planned', rated)
    await as('sato').post(at(id, '/record'), dayOf({ workersAgreed: 1 }))
    await as('sato').post(`/applications/${id}/interviews`, { code: 'A-01', kind: 'single', people: 1, language: 'vi', minutes: 20, heldOn: '2026-11-24' })
    return id
  }

  it('says what is missing, on the page and to programs', async () => {
    const id = await caseAt('visit_planned', { 'RE-08.2': 'minor' })
    await as('sato').post(at(id, '/record'), dayOf())
    const { status, body } = await as('sato').post(at(id, '/closing'), { version: 4 })
    expect([status, body.missing]).toEqual([409, ['interviews_held', 'findings_raised']])
    const { text } = await as('sato').page(at(id))
    expect([text.includes('聞き取りの人数か、一対一の割合が足りません'), text.includes('不適合とした項目に、指摘が書かれていません'), text.includes('訪問を閉じて、是正の段階に進む')]).toEqual([true, true, false])
  })

  it('goes on to correction, due when the employer first owes something', async () => {
    const id = await heldVisit({ 'RE-08.2': 'minor', 'RE-07.3': 'major' })
    for (const [criterion, grade] of [['RE-08.2', 'minor'], ['RE-07.3', 'major']]) await as('sato').post(`/applications/${id}/findings`, { criterion, grade, statement: '手順書が古い。' })
    expect((await as('sato').post(at(id, '/closing'), { version: 4 })).body).toEqual({ stage: 'correcting' })
    const [row] = await sql`select stage, due_at at time zone 'Asia/Tokyo' as due_at from applications where id = ${id}`
    expect(row).toEqual({ stage: 'correcting', due_at: '2026-12-08 23:59:59.999' })
  })

  it('does not go on while workers carry a debt that no finding names (decisions.md 2)', async () => {
    const id = await caseAt('visit_planned', { 'RE-03.4': 'minor' })
    await as('sato').post(at(id, '/record'), dayOf({ workersAgreed: 0, fees: 'disclosed_with_plan' }))
    await as('sato').post(`/applications/${id}/findings`, { criterion: 'RE-03.4', grade: 'observation', statement: '計画がある。' })
    const { body } = await as('sato').post(at(id, '/closing'), { version: 4 })
    expect(body.missing).toEqual(['findings_raised', 'fee_debt_raised'])
    expect((await as('sato').page(at(id))).text).toContain('採用時の手数料を負担しているのに')
    await as('sato').post(`/applications/${id}/findings`, { criterion: 'RE-03.4', grade: 'minor', statement: '返済の計画が始まったばかりである。' })
    expect((await as('sato').post(at(id, '/closing'), { version: 4 })).body).toEqual({ stage: 'correcting' })
  })

  it('is done once, and not from a stale page', async () => {
    const id = await heldVisit()
    expect((await as('sato').post(at(id, '/closing'), { version: 3 })).body.code).toBe('stale')
    const once = randomUUID()
    const [first, second] = await Promise.all([as('sato').post(at(id, '/closing'), { version: 4, once }), as('sato').post(at(id, '/closing'), { version: 4, once })])
    expect([first.status, second.status, (await stageOf(id))?.version]).toEqual([201, 201, 5])
    expect((await as('sato').post(at(id, '/closing'), { version: 5 })).body.code).toBe('no_such_step')
    expect((await as('sato').post(at(id, '/record'), dayOf({ version: 2 }))).body.code).toBe('closed_for_changes')
  })

  it('can be taken back with a reason, so that more people are heard; what was recorded stays', async () => {
    const id = await heldVisit()
    await as('sato').post(at(id, '/closing'), { version: 4 })
    const silent = await as('sato').post(at(id, '/reopening'), { version: 5, reasons: ' ' })
    const reopened = await as('sato').post(at(id, '/reopening'), { version: 5, reasons: '夜勤の方の話をまだ聞いていない。' })
    const [row] = await sql`select after from journal where application_id = ${id} and operation = 'visits.reopen'`
    expect([silent.status, reopened.body, row?.after]).toEqual([422, { stage: 'visit_planned' }, { reasons: '夜勤の方の話をまだ聞いていない。' }])
    expect((await as('sato').post(at(id, '/closing'), { version: 6 })).body).toEqual({ stage: 'correcting' })
  })

  it('is not taken back by anybody else', async () => {
    const id = await heldVisit()
    await as('sato').post(at(id, '/closing'), { version: 4 })
    expect([(await as('yamada').post(at(id, '/reopening'), { version: 5, reasons: 'x' })).status, (await as('lee').post(at(id, '/reopening'), { version: 5, reasons: 'x' })).status]).toEqual([403, 404])
  })
})

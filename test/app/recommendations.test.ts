import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world: { database: { sql } } } = theatre
const { caseAt, stageOf } = benchOn(theatre)
const at = (id: string) => `/applications/${id}/recommendation`
const word = (change: Record<string, unknown> = {}) => ({ outcome: 'certify', summary: '基準を満たしている。', strengths: '母語の明細', exclusions: '夜勤は見ていない', version: 5, ...change })
const rowsOf = (id: string) => sql`select outcome, summary, strengths, exclusions from recommendations where application_id = ${id}`
const raise = (id: string, criterion: string, grade: string) => as('sato').post(`/applications/${id}/findings`, { criterion, grade, statement: '手順書が古い。' })

describe('before the word is given', () => {
  it('shows the findings in the way, the voice gate and the fee gate', async () => {
    const id = await caseAt('correcting', { 'RE-07.3': 'major', 'RE-08.2': 'minor' })
    await raise(id, 'RE-07.3', 'major')
    await raise(id, 'RE-08.2', 'minor')
    const { body } = await as('sato').get(at(id))
    expect(body.blocks.map(({ block, findings }: { block: string; findings: { criterion: string }[] }) => [block, findings.map(({ criterion }) => criterion)]))
      .toEqual([['open_major', ['RE-07.3']], ['minor_without_accepted_plan', ['RE-08.2']]])
    expect([body.mayWrite, body.voice.gate, body.fees, body.open, body.closed, body.written]).toEqual([true, false, { answer: null, passed: false }, 2, 0, null])
    const { text } = await as('sato').page(at(id))
    expect([text.includes('重大な不適合が残っています'), text.includes('「認証しない」の推薦だけを出せます'), text.includes('value="refuse"'), text.includes('value="certify"')]).toEqual([true, true, true, false])
  })

  it.each([['no_fees', true], ['disclosed_with_plan', true], ['undisclosed_or_unplanned', false]])('judges the fee answer %s', async (fees, passed) => {
    const id = await caseAt('visit_planned')
    await as('sato').post(`/applications/${id}/visit/record`, { heldOn: '2026-11-24', openingMeeting: '社長', closingMeeting: '社長', workersInvited: 5, workersAgreed: 0, fees, version: 1 })
    expect((await as('sato').get(at(id))).body.fees).toEqual({ answer: fees, passed })
  })
})

describe('the recommendation', () => {
  it('is written and hands the case to the decision maker in one step', async () => {
    const id = await caseAt('correcting')
    const answer = await as('sato').post(at(id), word())
    expect([answer.status, answer.body.stage]).toEqual([201, 'awaiting_decision'])
    expect([...await rowsOf(id)]).toEqual([{ outcome: 'certify', summary: '基準を満たしている。', strengths: '母語の明細', exclusions: '夜勤は見ていない' }])
    const operations = (await sql`select operation from journal where application_id = ${id} order by id`).map(({ operation }) => operation)
    expect(operations).toEqual(['applications.recommend', 'recommendations.write'])
    expect((await as('sato').get(at(id))).body.written).toMatchObject({ outcome: 'certify', writtenBy: '佐藤 誠' })
  })

  it('to certify is refused over an open major, and leaves no row behind; to refuse is not', async () => {
    const id = await caseAt('correcting', { 'RE-07.3': 'major' })
    await raise(id, 'RE-07.3', 'major')
    const { status, body } = await as('sato').post(at(id), word())
    expect([status, body.missing, [...await rowsOf(id)]]).toEqual([409, ['no_blocking_findings'], []])
    expect((await as('sato').post(at(id), word({ outcome: 'refuse' }))).body.stage).toBe('awaiting_decision')
  })

  it('is given once: a second tap, a second word and a stale page change nothing', async () => {
    const id = await caseAt('correcting')
    expect((await as('sato').post(at(id), word({ version: 4 }))).body.code).toBe('stale')
    const once = randomUUID()
    const [first, second] = await Promise.all([as('sato').post(at(id), word({ once })), as('sato').post(at(id), word({ once }))])
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
    expect((await as('sato').post(at(id), word({ version: 6 }))).body.code).toBe('no_such_step')
    expect((await rowsOf(id)).length).toBe(1)
  })

  it.each([['no outcome', { outcome: '' }, 'outcome'], ['a condition', { outcome: 'certify_with_condition' }, 'outcome'], ['no summary', { summary: ' \u3000\n' }, 'summary'], ['half a character', { strengths: '\ud842' }, 'strengths']])('is refused with %s', async (_, change, field) => {
    const id = await caseAt('correcting')
    const { status, body } = await as('sato').post(at(id), word(change))
    expect([status, body.errors.map((error: { field: string }) => error.field), (await stageOf(id))?.stage]).toEqual([422, [field], 'correcting'])
  })

  it('is not written before the visit is closed', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), word({ version: 4 }))).body.code).toBe('no_such_step')
    expect((await as('sato').page(at(id))).text).toContain('訪問を閉じて是正の段階になってから')
  })

  it.each([['yamada', 403], ['outsider', 403], ['suzuki', 403], ['tanaka', 403], ['lee', 404]] as const)('is neither read here nor written by %s (%i)', async (who, status) => {
    const id = await caseAt('correcting')
    expect([(await as(who).get(at(id))).status, (await as(who).post(at(id), word())).status, [...await rowsOf(id)]]).toEqual([status, status, []])
  })

  it('comes back with what was typed when it is refused', async () => {
    const id = await caseAt('correcting')
    const { status, text } = await as('sato').submit(at(id), { outcome: 'certify', summary: '髙橋さんの工場は整っている。', version: '4' })
    expect([status, text.includes('髙橋さんの工場は整っている。')]).toEqual([409, true])
  })

  it('reads in both languages', async () => {
    const id = await caseAt('correcting')
    expect((await as('sato').page(at(id))).text).toContain('推薦を出し、判定者に渡す')
    expect((await as('sato').page(at(id), 'en')).text).toContain('Give it to the decision maker')
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, clock, world, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const morning = clock.now // 24 November 2026, 10:00 in Japan
beforeEach(() => { clock.now = morning })

const rated = { 'RE-03.1': 'zero_tolerance', 'RE-07.3': 'major', 'RE-08.2': 'minor' } as const
const at = (id: string) => `/applications/${id}/findings`
const raise = (id: string, change: Record<string, unknown> = {}) => as('sato').post(at(id), { criterion: 'RE-08.2', grade: 'minor', statement: '手順書のベトナム語版が旧版のままである。', ...change })
const plan = { cause: '改訂の担当を決めていなかった', correction: '班長が立ち会う', correctiveAction: '翻訳の手順を規程に加える', done: 'planned' }
const respond = (finding: string) => as('yamada').post(`/findings/${finding}/responses`, plan)
const review = (finding: string, responseId: string, outcome: string) => as('sato').post(`/findings/${finding}/reviews`, { outcome, responseId })
const shown = async (finding: string) => (await as('yamada').get(`/findings/${finding}`)).body

async function raisedOn(change: Record<string, unknown> = {}) {
  const id = await caseAt('correcting', rated)
  return { id, finding: (await raise(id, change)).body.findingId as string }
}

describe('dates and lists', () => {
  it('is in time until the last moment of the Japanese day and overdue after it, in words', async () => {
    const { id, finding } = await raisedOn({ criterion: 'RE-07.3', grade: 'major' })
    clock.now = new Date('2026-12-08T14:59:59.999Z')
    expect([(await shown(finding)).finding.overdue, (await as('yamada').page(at(id))).text.includes('今日が期限です')]).toEqual([false, true])
    clock.now = new Date('2026-12-08T15:00:00Z')
    expect([(await shown(finding)).finding.overdue, (await as('yamada').page(at(id))).text.includes('期限を1日過ぎています')]).toEqual([true, true])
    expect((await as('yamada').page(at(id), 'en')).text).toContain('Days overdue: 1')
  })

  it('moves the due date of the case with every answer and every word on it', async () => {
    const { id, finding } = await raisedOn()
    const due = async () => (await sql`select due_at at time zone 'Asia/Tokyo' as due from applications where id = ${id}`)[0]?.due
    const dues = [await due()]
    const answer = (await respond(finding)).body.responseId
    dues.push(await due())
    await review(finding, answer, 'plan_accepted')
    dues.push(await due())
    expect(dues).toEqual(['2026-12-24 23:59:59.999', '2026-12-08 23:59:59.999', '2027-05-23 23:59:59.999'])
  })

  it('lists the most urgent first, tells the assessor what is still to be raised, and counts', async () => {
    const id = await caseAt('visit_planned', rated)
    await raise(id)
    await raise(id, { criterion: 'RE-03.1', grade: 'zero_tolerance' })
    const { findings, counts, bench } = (await as('sato').get(at(id))).body
    expect([findings.map((one: { criterion: string }) => one.criterion), counts, bench.unraised.map((one: { id: string; rating: string }) => [one.id, one.rating])])
      .toEqual([['RE-03.1', 'RE-08.2'], { all: 2, open: 2, closed: 0, overdue: 0, yours: 0 }, [['RE-07.3', 'major']]])
    expect((await as('yamada').get(at(id))).body).toMatchObject({ bench: null, viewer: 'applicant', counts: { yours: 2 } })
    expect((await as('sato').page(at(id))).text).toContain('RE-07.3 の指摘を書く')
  })

  it('asks the database no more often for three findings than for one', async () => {
    const id = await caseAt('correcting', rated)
    await raise(id)
    const one = await countQueries(world, () => as('yamada').get(at(id)))
    await raise(id, { criterion: 'RE-07.3', grade: 'major' })
    await raise(id, { criterion: 'RE-12.1', grade: 'observation' })
    expect([await countQueries(world, () => as('yamada').get(at(id))), one > 0]).toEqual([one, true])
  })

  it('says when there is nothing', async () => {
    const id = await caseAt('correcting')
    expect((await as('yamada').page(at(id))).text).toContain('指摘はありません。')
  })

  it('reads for both sides in both languages, at every state, with the form of the one whose move it is', async () => {
    const { finding } = await raisedOn()
    const at = `/findings/${finding}`
    const seen = async (who: 'yamada' | 'sato' | 'suzuki', lang?: string) => {
      const { status, text } = await as(who).page(at, lang)
      return [status, text.includes(`action="${at}/responses"`), text.includes(`action="${at}/reviews"`)]
    }
    expect([await seen('yamada'), await seen('yamada', 'en'), await seen('sato'), await seen('suzuki')]).toEqual([[200, true, false], [200, true, false], [200, false, false], [200, false, false]])
    const answer = (await respond(finding)).body.responseId
    expect([await seen('yamada'), await seen('sato'), await seen('sato', 'en')]).toEqual([[200, false, false], [200, false, true], [200, false, true]])
    await review(finding, answer, 'plan_accepted')
    expect([await seen('yamada'), await seen('sato')]).toEqual([[200, true, false], [200, false, false]])
    const { text } = await as('yamada').page(at)
    expect([text.includes('直したことを報告する'), text.includes('改訂の担当を決めていなかった')]).toEqual([true, true])
  })
})

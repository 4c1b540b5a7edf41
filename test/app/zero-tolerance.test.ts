import { beforeEach, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

// The grading table's gravest row, and what follows a closing. Times are Japan's.
const theatre = await stage()
const { as, clock, mails, runJobs, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const morning = clock.now // 24 November 2026, 10:00
beforeEach(() => { clock.now = morning })
type Who = Parameters<typeof as>[0]

const shown = async (finding: string, who: Who = 'yamada') => (await as(who).get(`/findings/${finding}`)).body
const duty = async (finding: string, name: string) => (await shown(finding)).dues.find((due: { what: string }) => due.what === name)
const step = (finding: string, name: string, who: Who, words = '通報を受け、保護を始めた') => as(who).post(`/findings/${finding}/steps`, { step: name, words })
async function report(finding: string, done = 'done') {
  const after = (await shown(finding)).latest?.id ?? ''
  return (await as('yamada').post(`/findings/${finding}/responses`, { cause: '監督がなかった', correction: '預かっていた旅券を返した', correctiveAction: '預かりを禁じた', done, after })).body.responseId as string
}
const review = (finding: string, responseId: string, outcome: string, note = '本人に会って確かめた') => as('sato').post(`/findings/${finding}/reviews`, { outcome, note, responseId })
const close = async (finding: string, who: Who, outcome = 'closed') => as(who).post(`/findings/${finding}/closures`, { outcome, reasons: '記録と面談で確かめた', reviewId: (await shown(finding, 'sato')).verified?.id ?? '00000000-0000-4000-8000-000000000000' })

async function raised(grade: 'zero_tolerance' | 'major', criterion = 'RE-06.1') {
  const id = await caseAt('correcting', { [criterion]: grade })
  const { body } = await as('sato').post(`/applications/${id}/findings`, { criterion, grade, statement: '旅券を事務所で預かっていた。' })
  return { id, finding: body.findingId as string }
}
async function verified() {
  const made = await raised('zero_tolerance')
  await review(made.finding, await report(made.finding), 'verified')
  return made
}

describe('zero tolerance', () => {
  it('alerts the secretariat at once and asks it to take note within 24 hours; a late note is seen', async () => {
    await runJobs()
    mails.length = 0
    const { finding } = await raised('zero_tolerance')
    await runJobs()
    const alert = mails.find(({ to }) => to === 'suzuki@akashi.example')
    expect([alert?.subject, alert?.text.includes(`/findings/${finding}`), alert?.text.includes('旅券')]).toEqual(['ゼロ・トレランスの指摘：24時間以内に確認してください', true, false])
    clock.now = new Date('2026-11-25T01:00:00.001Z')
    expect(await duty(finding, 'alert')).toMatchObject({ who: 'operator', met: false, overdue: true })
    expect((await step(finding, 'alert', 'suzuki')).status).toBe(201)
    expect(await duty(finding, 'alert')).toMatchObject({ met: true, overdue: false })
    expect((await shown(finding)).entries[0]).toMatchObject({ kind: 'step', outcome: 'alert', who: '鈴木 恵', note: '通報を受け、保護を始めた' })
  })

  it('each step has its own date, form and record, and is taken once, by whom it is asked', async () => {
    const { finding } = await raised('zero_tolerance')
    expect([(await shown(finding)).steps, (await shown(finding, 'suzuki')).steps, (await shown(finding, 'sato')).steps]).toEqual([['protection_plan', 'containment'], ['alert'], []])
    expect([(await step(finding, 'alert', 'yamada')).body.code, (await step(finding, 'containment', 'suzuki')).body.code, (await step(finding, 'containment', 'sato')).status, (await step(finding, 'containment', 'yamada', ' ')).status]).toEqual(['not_your_step', 'not_your_step', 403, 422])
    expect((await as('yamada').page(`/findings/${finding}`)).text).toContain('働く人を守る計画を出す')
    expect([(await step(finding, 'protection_plan', 'yamada')).status, (await step(finding, 'protection_plan', 'yamada')).body.code]).toEqual([201, 'no_such_step'])
    expect((await shown(finding)).finding.due).toBe('2026-12-01T14:59:59.999Z') // the containment is owed next
    expect((await step(finding, 'containment', 'yamada')).status).toBe(201)
    expect([(await shown(finding)).steps, (await shown(finding)).finding.due]).toEqual([[], '2026-12-24T14:59:59.999Z'])
  })

  it('is closed by two who decide, neither with a part in the case: the first signs, the second sees it and closes', async () => {
    const { id, finding } = await verified()
    expect((await shown(finding)).finding).toMatchObject({ state: 'second_look', open: true, move: 'decision_maker' })
    await runJobs()
    expect(mails.filter(({ subject, text }) => subject.includes('判定者') && text.includes(finding)).map(({ to }) => to).toSorted()).toEqual(['ishii', 'kobayashi', 'nakamura', 'tanaka'].map(who => `${who}@akashi.example`))
    expect((await as('tanaka').get('/findings-to-close')).body.findings.map((one: { id: string }) => one.id)).toContain(finding)
    expect([(await close(finding, 'sato')).status, (await close(finding, 'yamada')).status, (await close(finding, 'suzuki')).status]).toEqual([403, 403, 403])
    expect((await as('tanaka').page(`/findings/${finding}`)).text).toContain('判定者として確かめる')
    await runJobs()
    mails.length = 0
    expect((await close(finding, 'tanaka')).body).toMatchObject({ outcome: 'signed' })
    expect((await shown(finding)).finding).toMatchObject({ state: 'second_look', open: true })
    expect([(await close(finding, 'tanaka')).body.missing, (await as('tanaka').page(`/findings/${finding}`)).text.includes('/closures"')]).toEqual([['second_signature'], false])
    await runJobs()
    expect(mails.filter(({ text }) => text.includes(finding)).map(({ to }) => to).includes('tanaka@akashi.example')).toBe(false)
    expect(mails.filter(({ text }) => text.includes(finding)).map(({ to }) => to)).toContain('kobayashi@akashi.example')
    const signedFor = async (who: Who) => (await as(who).get('/findings-to-close')).body.findings.find((one: { id: string }) => one.id === finding).signed
    expect([await signedFor('tanaka'), await signedFor('kobayashi')]).toMatchObject([{ name: '田中 明', mine: true }, { name: '田中 明', mine: false }])
    expect([(await as('kobayashi').page('/findings-to-close')).text.includes('田中 明さんが一人目として署名しました'), (await as('kobayashi').page(`/findings/${finding}`)).text.includes('一人目の判定者が署名しました')]).toEqual([true, true])
    expect((await close(finding, 'kobayashi')).body).toMatchObject({ outcome: 'closed' })
    expect((await shown(finding)).finding).toMatchObject({ state: 'verified', open: false })
    expect((await as('tanaka').get(`/findings/${finding}`)).status).toBe(404) // the case was theirs to see only for as long as it waited
    expect((await as('tanaka').get('/findings-to-close')).body.findings.map((one: { id: string }) => one.id)).not.toContain(finding)
    expect((await sql`select actor_role, after->>'outcome' as outcome from journal where application_id = ${id} and operation = 'findings.close'`)[0]).toEqual({ actor_role: 'decision_maker', outcome: 'signed' })
  })

  it('whoever took part has nothing to close: not in the list, no page, no word', async () => {
    const { id, finding } = await verified()
    await sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (gen_random_uuid(), ${id}, (select id from people where email = 'tanaka@akashi.example'), 'adviser', (select id from people where email = 'suzuki@akashi.example'))`
    expect([(await as('tanaka').get('/findings-to-close')).body.findings.map((one: { id: string }) => one.id).includes(finding), (await as('tanaka').get(`/findings/${finding}`)).status, (await close(finding, 'tanaka')).status]).toEqual([false, 404, 404])
    expect((await shown(finding)).finding.open).toBe(true)
  })

  it('the second may return it: then the employer answers again, and both look again', async () => {
    const { finding } = await verified()
    expect((await close(finding, 'kobayashi', 'returned')).status).toBe(201)
    expect((await shown(finding)).finding).toMatchObject({ state: 'returned', open: true, move: 'applicant' })
    clock.now = new Date('2026-11-25T01:00:00Z')
    await review(finding, await report(finding), 'verified')
    expect([(await shown(finding)).finding.state, (await close(finding, 'kobayashi')).status, (await close(finding, 'nakamura')).status, (await shown(finding)).finding.state]).toEqual(['second_look', 201, 201, 'verified'])
    expect((await shown(finding)).entries.slice(0, 2).map(({ kind, outcome, who }: Record<string, string>) => [kind, outcome, who])).toEqual([['closure', 'closed', '中村 修'], ['closure', 'signed', '小林 由美']])
  })

  it('counts no signature of somebody who has come to be tied since: another one signs', async () => {
    const { finding } = await verified()
    await sql`update people set staff_roles = '{decision_maker}' where id = ${theatre.idOf('lee')}`
    expect((await close(finding, 'lee')).body.outcome).toBe('signed')
    await as('lee').post('/ties', { corporateNumber: '4012301000013', kind: 'family_tie', statement: '兄が入社した。' })
    expect([(await close(finding, 'nakamura')).body.outcome, (await shown(finding)).finding.state, (await close(finding, 'kobayashi')).body.outcome]).toEqual(['signed', 'second_look', 'closed'])
  })

  it('stands in the way of a recommendation until both have looked', async () => {
    const { id } = await verified()
    const blocks = (await as('sato').get(`/applications/${id}/recommendation`)).body
    expect(JSON.stringify(blocks)).toContain('open_zero_tolerance')
  })
})

describe('whether it works', () => {
  async function closed() {
    const made = await raised('major', 'RE-07.3')
    const answer = await report(made.finding)
    await review(made.finding, answer, 'verified')
    return { ...made, answer }
  }

  it('is asked after thirty days, by an assessor, and ends the finding', async () => {
    const { finding, answer } = await closed()
    expect((await review(finding, answer, 'effective')).body.missing).toEqual(['effect_after_time'])
    clock.now = new Date('2026-12-23T14:59:59.999Z')
    expect((await review(finding, answer, 'effective')).body.missing).toEqual(['effect_after_time'])
    clock.now = new Date('2026-12-23T15:00:00Z') // the thirtieth day
    expect(await duty(finding, 'effectiveness')).toMatchObject({ who: 'assessor', at: '2027-02-22T14:59:59.999Z', met: false })
    expect((await as('sato').page(`/findings/${finding}`)).text).toContain('効果を確かめる')
    expect([(await review(finding, answer, 'effective')).status, (await shown(finding)).finding.state, (await review(finding, answer, 'effective')).body.code]).toEqual([201, 'effective', 'no_such_step'])
  })

  it('when it does not, a new finding of the same grade takes its place with dates from that day', async () => {
    const { id, finding, answer } = await closed()
    clock.now = new Date('2027-01-12T01:00:00Z')
    expect([(await review(finding, answer, 'not_effective', '')).status, (await review(finding, answer, 'not_effective', '夜勤の記録に同じ漏れがある')).status]).toEqual([422, 201])
    const newer = (await shown(finding)).supersededBy
    expect((await shown(newer)).finding).toMatchObject({ grade: 'major', state: 'raised', open: true, escalation: 'ineffective', repeats: finding, due: '2027-01-26T14:59:59.999Z' })
    expect((await as('yamada').get(`/applications/${id}/findings`)).body.counts).toMatchObject({ all: 1, open: 1 })
    expect((await as('yamada').page(`/findings/${newer}`, 'en')).text).toContain('The corrective action did not work')
  })
})

describe('a repeat', () => {
  it('of what was closed on the same criterion is recognised, also from the cycle before; what is still open is no repeat', async () => {
    const first = await raised('major', 'RE-12.1')
    const again = async (id: string) => (await as('sato').post(`/applications/${id}/findings`, { criterion: 'RE-12.1', grade: 'major', statement: '別の工場でも同じ。' })).body.findingId
    expect((await shown(await again(first.id))).finding.repeats).toBeNull()
    await review(first.finding, await report(first.finding), 'verified')
    expect((await shown(await again(first.id))).finding.repeats).toBe(first.finding)
    const next = await caseAt('correcting', { 'RE-12.1': 'major' })
    const found = await again(next)
    expect((await shown(found)).finding.repeats).toBe(first.finding)
    expect((await as('sato').page(`/findings/${found}`)).text).toContain('以前の指摘と同じことの繰り返しです。')
  })
})

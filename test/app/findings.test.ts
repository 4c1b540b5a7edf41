import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { pdf } from '../support/evidence-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, clock, mails, runJobs, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const morning = clock.now // 24 November 2026, 10:00 in Japan
beforeEach(() => { clock.now = morning })

const rated = { 'RE-03.1': 'zero_tolerance', 'RE-07.3': 'major', 'RE-08.2': 'minor' } as const
const at = (id: string) => `/applications/${id}/findings`
const statement = '手順書のベトナム語版が旧版のままである。'
const codes = (answers: { body: { code?: string } }[]) => answers.map(({ body }) => body.code)
const raise = (id: string, change: Record<string, unknown> = {}) => as('sato').post(at(id), { criterion: 'RE-08.2', grade: 'minor', statement, evidenceReference: '3号機横の掲示', ...change })
const answer = { cause: '改訂の担当を決めていなかった', correction: '班長が立ち会う', correctiveAction: '翻訳の手順を規程に加える', done: 'planned' }
const respond = (finding: string, change: Record<string, unknown> = {}) => as('yamada').post(`/findings/${finding}/responses`, { ...answer, ...change })
const review = (finding: string, responseId: string, outcome: string, note = '') => as('sato').post(`/findings/${finding}/reviews`, { outcome, note, responseId })
const shown = async (finding: string) => (await as('yamada').get(`/findings/${finding}`)).body
const upload = async (finding: string) => as('yamada').upload(`/findings/${finding}/documents`, { name: '改訂した手順書.pdf', type: 'application/pdf', bytes: await pdf() })

async function raisedOn(stageName: 'visit_planned' | 'correcting' = 'correcting', change: Record<string, unknown> = {}) {
  const id = await caseAt(stageName, rated)
  return { id, finding: (await raise(id, change)).body.findingId as string }
}
const inJapan = (at: unknown) => (at ? new Date(String(at)).toLocaleString('sv-SE', { timeZone: 'Asia/Tokyo' }) : null)

describe('raising a finding', () => {
  it.each([
    ['RE-03.1', 'zero_tolerance', { alert: '2026-11-25 10:00:00', protection_plan: '2026-11-27 10:00:00', containment: '2026-12-01 23:59:59', verified: '2026-12-24 23:59:59' }],
    ['RE-07.3', 'major', { plan: '2026-12-08 23:59:59', evidence: '2027-02-22 23:59:59', verified: '2027-03-24 23:59:59' }],
    ['RE-08.2', 'minor', { plan: '2026-12-24 23:59:59', evidence: '2027-05-23 23:59:59' }],
    ['RE-12.1', 'collaborative', { plan: '2027-01-23 23:59:59' }],
    ['RE-12.1', 'observation', {}],
  ])('%s as %s is due at the end of the Japanese day that the standard sets', async (criterion, grade, dues) => {
    const { finding } = await raisedOn('visit_planned', { criterion, grade })
    const told = (await shown(finding)).dues as { what: string; at: string }[]
    expect(Object.fromEntries(told.map(({ what, at }) => [what, inJapan(at)]))).toEqual(dues)
  })

  it('mails the employer, with the first date and not a word of the finding', async () => {
    await runJobs()
    mails.length = 0
    const { finding } = await raisedOn('visit_planned', { criterion: 'RE-07.3', grade: 'major' })
    await runJobs()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([['yamada@yamada-press.example', '指摘があります']])
    expect([mails[0]?.text.includes('2026年12月8日'), mails[0]?.text.includes(`/findings/${finding}`), mails[0]?.text.includes('手順書')]).toEqual([true, true, false])
  })

  it('keeps the version of the criterion and is raised once by a double tap', async () => {
    const id = await caseAt('visit_planned', rated)
    const once = randomUUID()
    const [first, second] = await Promise.all([raise(id, { once }), raise(id, { once })])
    expect([first.status, second.body]).toEqual([201, first.body])
    expect([...await sql`select criterion, criterion_version, grade, statement, evidence_reference from findings where application_id = ${id}`])
      .toEqual([{ criterion: 'RE-08.2', criterion_version: '1', grade: 'minor', statement, evidence_reference: '3号機横の掲示' }])
  })

  it('is refused when the grade is not the rating, and when it names an interview', async () => {
    const id = await caseAt('visit_planned', rated)
    await as('sato').post(`/applications/${id}/interviews`, { code: 'A-01', kind: 'single', people: 1, language: 'vi', minutes: 20, heldOn: '2026-11-24' })
    const refused = [await raise(id, { grade: 'major' }), await raise(id, { criterion: 'RE-08.3' }), await raise(id, { statement: 'ａ－０１の話による。' }), await raise(id, { evidenceReference: 'A-01' })]
    expect(refused.map(({ status, body }) => [status, body.missing])).toEqual([[409, ['grade_as_rated']], [409, ['grade_as_rated']], [409, ['no_interview_code']], [409, ['no_interview_code']]])
    expect((await raise(id, { statement: 'A-011 型の機械' })).status).toBe(201)
  })

  it.each([['no words', { statement: ' ' }, 422], ['an unknown grade', { grade: 'critical' }, 422], ['an unknown criterion', { criterion: 'RE-99.1', grade: 'observation' }, 404], ['another kind of id', { criterion: 'x' }, 422], ['a finding of nowhere to replace', { supersedes: randomUUID() }, 404]])('is refused with %s', async (_, change, status) => {
    expect((await raise(await caseAt('visit_planned', rated), change)).status).toBe(status)
  })

  it('waits for the visit and ends with the recommendation', async () => {
    expect((await raise(await caseAt('desk_review', rated))).body.code).toBe('closed_for_changes')
    expect((await raise(await caseAt('awaiting_decision', rated))).body.code).toBe('closed_for_changes')
  })

  it.each([['yamada', 403], ['outsider', 403], ['suzuki', 403], ['tanaka', 403], ['lee', 404]] as const)('is not for %s (%i)', async (who, status) => {
    const id = await caseAt('visit_planned', rated)
    expect((await as(who).post(at(id), { criterion: 'RE-08.2', grade: 'minor', statement })).status).toBe(status)
  })
})

describe('replacing a finding', () => {
  it('keeps the old one on record and its dates, and asks for a new answer', async () => {
    const { id, finding } = await raisedOn()
    await respond(finding)
    clock.now = new Date('2026-12-10T01:00:00Z')
    const newer = (await raise(id, { statement: '3号機の手順書だけが旧版である。', supersedes: finding })).body.findingId
    const page = (await as('yamada').get(at(id))).body
    expect([page.findings.map((one: { id: string }) => one.id), page.superseded.map((one: { id: string }) => one.id)]).toEqual([[newer], [finding]])
    expect([(await shown(finding)).supersededBy, (await shown(newer)).supersedes, (await shown(newer)).finding.state, inJapan((await shown(newer)).finding.due)]).toEqual([newer, finding, 'raised', '2026-12-24 23:59:59'])
    expect((await respond(finding, { after: (await shown(finding)).latest.id })).body.code).toBe('closed_for_changes')
    await expect(sql`delete from findings where id = ${finding}`).rejects.toThrow('append-only')
  })

  it('cannot turn a nonconformity into a remark while it is rated as one', async () => {
    const { id, finding } = await raisedOn()
    expect((await raise(id, { grade: 'observation', supersedes: finding })).body.missing).toEqual(['grade_as_rated'])
    await sql`update ratings set rating = 'conforms', version = version + 1 where application_id = ${id} and criterion = 'RE-08.2'`
    expect((await raise(id, { grade: 'observation', supersedes: finding })).status).toBe(201)
  })

  it('is done once: the replaced one cannot be replaced again', async () => {
    const { id, finding } = await raisedOn()
    await raise(id, { supersedes: finding })
    expect((await raise(id, { supersedes: finding })).status).toBe(404)
  })
})

describe('answering and closing', () => {
  it('goes from the answer through the accepted plan to verified, with every hand on record', async () => {
    const { id, finding } = await raisedOn('correcting', { criterion: 'RE-07.3', grade: 'major' })
    const states = [(await shown(finding)).finding.state]
    const plan = (await respond(finding)).body.responseId
    states.push((await shown(finding)).finding.state)
    await review(finding, plan, 'plan_accepted')
    states.push((await shown(finding)).finding.state)
    await upload(finding)
    const done = (await respond(finding, { done: 'done', after: plan })).body.responseId
    states.push((await shown(finding)).finding.state)
    await review(finding, done, 'verified', '支払いの記録を確かめた')
    const last = await shown(finding)
    states.push(last.finding.state)
    expect(states).toEqual(['raised', 'answered', 'plan_accepted', 'answered', 'verified'])
    expect([last.finding.open, last.finding.move, last.dues.filter((due: { met: boolean }) => !due.met).map((due: { what: string }) => due.what), last.documents.map((one: { name: string }) => one.name)]).toEqual([false, null, ['effectiveness'], ['改訂した手順書.pdf']])
    expect((await sql`select operation, actor_role from journal where application_id = ${id} and operation like 'findings.%' order by id`).map(row => `${row.operation} ${row.actor_role}`))
      .toEqual(['findings.raise assessor', 'findings.respond applicant', 'findings.review assessor', 'findings.upload applicant', 'findings.respond applicant', 'findings.review assessor'])
  })

  it('returns a plan and an unproven deed only with a reason, and it is the employer’s move again', async () => {
    const { finding } = await raisedOn()
    const plan = (await respond(finding)).body.responseId
    const bare = await review(finding, plan, 'plan_returned', ' \u3000 ')
    expect([bare.status, bare.body.errors.map((error: { field: string }) => error.field)]).toEqual([422, ['note']])
    await review(finding, plan, 'plan_returned', '担当者と期日がない。')
    clock.now = new Date('2026-11-25T01:00:00Z')
    expect((await shown(finding)).finding).toMatchObject({ state: 'returned', move: 'applicant', planAccepted: false })
    const second = (await respond(finding, { done: 'done', after: plan })).body.responseId
    expect((await review(finding, second, 'not_verified')).status).toBe(422)
    await review(finding, second, 'not_verified', '掲示が旧版のまま。')
    expect((await shown(finding)).entries[0]).toMatchObject({ kind: 'review', outcome: 'not_verified', note: '掲示が旧版のまま。', who: '佐藤 誠' })
  })

  it('keeps an accepted plan in force while the deed is being proved', async () => {
    const { finding } = await raisedOn()
    const plan = (await respond(finding)).body.responseId
    await review(finding, plan, 'plan_accepted')
    const done = (await respond(finding, { done: 'done', after: plan })).body.responseId
    expect((await shown(finding)).finding).toMatchObject({ state: 'answered', planAccepted: true })
    await review(finding, done, 'not_verified', '記録が足りない。')
    expect((await shown(finding)).finding).toMatchObject({ state: 'returned', planAccepted: true, open: true })
  })

  it('verifies nothing without a document or a word on how', async () => {
    const { finding } = await raisedOn()
    const done = (await respond(finding, { done: 'done' })).body.responseId
    expect((await review(finding, done, 'verified')).body.missing).toEqual(['verified_by_something'])
    await upload(finding)
    expect((await review(finding, done, 'verified')).status).toBe(201)
  })

  it('never verifies a mere plan, and never accepts a plan for what is reported done', async () => {
    const { finding } = await raisedOn()
    const plan = (await respond(finding)).body.responseId
    expect((await review(finding, plan, 'verified', 'よい')).body.code).toBe('no_such_step')
    await review(finding, plan, 'plan_returned', '期日がない')
    const done = (await respond(finding, { done: 'done', after: plan })).body.responseId
    expect((await review(finding, done, 'plan_accepted')).body.code).toBe('no_such_step')
  })

  it('takes turns: no second answer while the assessor looks, no second word, no word on an old answer', async () => {
    const { finding } = await raisedOn()
    const plan = (await respond(finding)).body.responseId
    expect(codes([await respond(finding), await respond(finding, { after: plan }), await review(finding, randomUUID(), 'plan_accepted')])).toEqual(['stale', 'not_your_step', 'stale'])
    await review(finding, plan, 'plan_accepted')
    expect(codes([await review(finding, plan, 'plan_returned', '考え直した')])).toEqual(['not_your_step'])
  })

  it('answers once when the button is pressed twice', async () => {
    const { finding } = await raisedOn()
    const once = randomUUID()
    const [first, second] = await Promise.all([respond(finding, { once }), respond(finding, { once })])
    expect([first.status, second.body, (await sql`select count(*)::int as kept from finding_responses where finding_id = ${finding}`)[0]?.kept]).toEqual([201, first.body, 1])
  })

  it('lets each side do only its own part', async () => {
    const { finding } = await raisedOn()
    const plan = (await respond(finding)).body.responseId
    const wrong = [
      await as('sato').post(`/findings/${finding}/responses`, answer), await as('yamada').post(`/findings/${finding}/reviews`, { outcome: 'plan_accepted', responseId: plan }),
      await as('outsider').post(`/findings/${finding}/responses`, { ...answer, after: plan }), await as('lee').post(`/findings/${finding}/reviews`, { outcome: 'plan_accepted', responseId: plan }),
      await as('outsider').get(`/findings/${finding}`), await as('outsider').get(at(randomUUID())), await as('suzuki').post(`/findings/${finding}/reviews`, { outcome: 'plan_accepted', responseId: plan }),
    ]
    expect(wrong.map(({ status }) => status)).toEqual([403, 403, 404, 404, 404, 404, 403])
    expect((await as('outsider').upload(`/findings/${finding}/documents`, { name: 'a.pdf', type: 'application/pdf', bytes: await pdf() })).status).toBe(404)
  })

  it('asks nothing for an observation', async () => {
    const { finding } = await raisedOn('correcting', { criterion: 'RE-12.1', grade: 'observation' })
    expect((await shown(finding)).finding).toMatchObject({ open: false, move: null, due: null })
    expect(codes([await respond(finding), await upload(finding)])).toEqual(['not_your_step', 'closed_for_changes'])
  })

  it.each(['cause', 'correction', 'correctiveAction', 'done'])('is refused without %s and gives back what was typed', async field => {
    const { finding } = await raisedOn()
    const { status, text } = await as('yamada').submit(`/findings/${finding}/responses`, { ...answer, [field]: '', form: 'response' })
    expect([status, text.includes(`href="#field-response-${field}"`), text.includes(field === 'cause' ? answer.correction : answer.cause)]).toEqual([422, true, true])
  })

  it('is over once the recommendation is written', async () => {
    const { id, finding } = await raisedOn()
    await as('sato').post(`/applications/${id}/recommendation`, { outcome: 'refuse', summary: '是正されていない。', version: 5 })
    expect(codes([await respond(finding), await upload(finding)])).toEqual(['closed_for_changes', 'closed_for_changes'])
  })
})

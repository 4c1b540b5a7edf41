import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { sweep } from '../../server/jobs/sweep.ts'
import { benchOn } from '../support/bench.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { notebookOn, type Captured } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, clock, idOf, world } = theatre
const { sql } = world.database
const { caseAt } = benchOn(theatre)
const { opened, version, sync, outcomes } = notebookOn(theatre)
const { behindTheBack } = logLinesOn(theatre)
const morning = clock.now
beforeEach(() => { clock.now = morning })
const notesOf = async (id: string) => (await sql`select note from visit_notes where application_id = ${id} order by written_at, id`).map(({ note }) => note)
const pageOf = async (id: string) => (await as('sato').get(`/applications/${id}/visit/notebook`)).body
const close = (id: string) => sql`update applications set stage = 'correcting' where id = ${id}`.then(() => sql`update applications set stage = 'awaiting_decision' where id = ${id}`)
const remove = (id: string) => sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('sato')} and ended_at is null`

describe('what comes late', () => {
  it('because the visit was closed is kept and shown, and not merged in silence', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, { content: { text: '間に合った' } })])
    await close(id)
    const late = version(phone, { content: { text: '遅れて届いた' } })
    expect(outcomes(await sync(phone, [late]))).toEqual([['late'], []])
    expect([await notesOf(id), (await pageOf(id)).late.map(({ hash }: Captured) => hash)]).toEqual([['間に合った'], [late.hash]])
    const page = (await as('sato').page(`/applications/${id}/visit/notebook`)).text
    expect([page.includes('遅れて届いた'), page.includes('案件の記録には入りません')]).toEqual([true, true])
  })

  it('because the assessor was removed is confirmed, and nothing else is told', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), late = version(phone, { kind: 'photo', content: { text: '' }, files: [{ part: 'original', sha256: 'b'.repeat(64), size: 5, type: 'image/jpeg' }] })
    await sync(phone, [version(phone)])
    await remove(id)
    const answer = await sync(phone, [late])
    expect([outcomes(answer), answer.body.versions, answer.body.more, answer.body.filesWanted]).toEqual([[['late'], []], [], false, ['b'.repeat(64)]])
    expect([(await as('sato').get('/notebook/audits')).body.audits.length, (await as('sato').post(`/notebook/audits/${id}`, { device: phone.device })).status, (await as('sato').get(`/applications/${id}/visit/notebook`)).status]).toEqual([0, 404, 404])
  })

  it('because the assessor is tied by now is late too', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) select ${randomUUID()}, ${idOf('sato')}, e.corporate_number, 'family_tie', '親族', ${idOf('sato')}, '2026-11-01' from employers e join applications a on a.employer_id = e.id where a.id = ${id}`
    const answer = await sync(phone, [version(phone)])
    await behindTheBack('recorded_ties', 'delete from recorded_ties')
    expect([outcomes(answer), answer.body.versions]).toEqual([[['late'], []], []])
  })

  it('is an interview once the visit is over, while notes are still taken', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sql`update applications set stage = 'correcting' where id = ${id}`
    const answer = await sync(phone, [version(phone), version(phone, { kind: 'interview', content: { code: 'A-01', kind: 'single', people: 1, language: 'my', minutes: 30, notes: '', heldOn: '2026-11-24' } })])
    expect(answer.body.confirmed.map(({ arrived }: { arrived: string }) => arrived).toSorted()).toEqual(['late', 'merged'])
    expect((await sql`select count(*)::int as interviews from interviews where application_id = ${id}`)[0]).toEqual({ interviews: 0 })
  })
})

describe('what lands', () => {
  const interview = (content: Record<string, unknown> = {}) => ({ kind: 'interview' as const, criterion: '', content: { code: 'A-01', kind: 'single', people: 1, language: 'my', minutes: 30, notes: '給与明細は読める', heldOn: '2026-11-24', answers: { 'RE-02.1': 'yes' }, ...content } as never })

  it('is each version of a note, and says what it is', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    const one = version(phone, { content: { text: '扉が開かない' } }), two = version(phone, { item: one.version.item, over: [one.hash], content: { text: '扉は開く' } }), three = version(phone, { item: one.version.item, over: [two.hash], content: { text: '扉は開く' }, struck: true })
    await sync(phone, [one])
    await sync(phone, [two, three])
    expect(await notesOf(id)).toEqual(['扉が開かない', '訂正 / corrected: 扉は開く', '取消し / struck: 扉は開く'])
    const [item] = (await pageOf(id)).groups[0].items
    expect([item.heads.map(({ struck }: { struck: boolean }) => struck), item.earlier.length]).toEqual([[true], 2])
  })

  it('is both of two versions that did not know of each other, side by side until somebody joins them', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), tablet = await opened('sato', id), item = v7()
    const one = version(phone, { item, content: { text: '電話で' } }), other = version(tablet, { item, content: { text: 'タブレットで' } })
    await sync(phone, [one])
    await sync(tablet, [other])
    expect([(await notesOf(id)).toSorted(), (await pageOf(id)).conflicts.map((conflict: { heads: unknown[] }) => conflict.heads.length)]).toEqual([['タブレットで', '電話で'].toSorted(), [2]])
    const page = (await as('sato').page(`/applications/${id}/visit/notebook`)).text
    expect([page.includes('電話で'), page.includes('タブレットで'), page.includes('同じものに二つの版')]).toEqual([true, true, true])
    await sync(phone, [version(phone, { item, over: [one.hash, other.hash], content: { text: '一つに' } })])
    expect((await pageOf(id)).conflicts).toEqual([])
  })

  it('is an interview by its code, once; a code in use and a name stay in the notebook and are shown', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    const [first, clash, named, ahead] = [version(phone, interview()), version(phone, interview({ notes: '同じ符号' })), version(phone, interview({ code: 'A-02', notes: 'タンさんの話' })), version(phone, interview({ code: 'A-03', heldOn: '2026-11-30' }))]
    await sync(phone, [first, clash, named, ahead])
    const landed = async () => (await sql`select landed from notebook_landings where application_id = ${id} order by landed`).map(row => row.landed)
    expect([(await sql`select code, notes, written_by from interviews where application_id = ${id}`).map(row => ({ ...row })), await landed()]).toEqual([[{ code: 'A-01', notes: '給与明細は読める', written_by: idOf('sato') }], ['clash', 'interview', 'names']])
    expect((await pageOf(id)).unlanded.map(({ landed }: { landed: string }) => landed).toSorted()).toEqual(['clash', 'names'])
    clock.now = new Date('2026-11-30T03:00:00Z')
    await sync(phone, [version(phone)])
    expect(await landed()).toEqual(['clash', 'interview', 'interview', 'names', 'note'])
  })

  const heard = async (id: string) => (await sql`select code, notes from interviews where application_id = ${id} order by code`).map(({ code, notes }) => [code, notes])

  it('is the version of an interview that stands: none that was struck, and a correction in its own words', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    const one = version(phone, interview()), struck = version(phone, { ...interview(), item: one.version.item, over: [one.hash], struck: true })
    const two = version(phone, interview({ code: 'A-02', notes: '賃金は不足' })), fixed = version(phone, { ...interview({ code: 'A-02', notes: '賃金は足りている' }), item: two.version.item, over: [two.hash] })
    await sync(phone, [one, struck, two, fixed])
    expect([await heard(id), (await pageOf(id)).unlanded]).toEqual([[['A-02', '賃金は足りている']], []])
  })

  it('is an interview once: what corrects or strikes it afterwards is shown as that, and never as a code in use', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), one = version(phone, interview())
    await sync(phone, [one])
    const fixed = version(phone, { ...interview({ notes: '明細は読めない' }), item: one.version.item, over: [one.hash] })
    await sync(phone, [fixed])
    const waits = async () => (await pageOf(id)).groups.flatMap(({ items }: { items: { heads: { waits: string }[] }[] }) => items.flatMap(({ heads }) => heads.map(head => head.waits)))
    expect([await heard(id), (await pageOf(id)).unlanded, await waits()]).toEqual([[['A-01', '給与明細は読める']], [], ['corrected_after']])
    expect((await as('sato').page(`/applications/${id}/visit/notebook`)).text).toContain('聞き取りに入ったあとの訂正です')
    await sync(phone, [version(phone, { ...interview(), item: one.version.item, over: [fixed.hash], struck: true })])
    expect([await heard(id), await waits()]).toEqual([[['A-01', '給与明細は読める']], ['struck_after']])
  })

  it('is neither of two versions of an interview before somebody wrote one over both', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), item = v7()
    const one = version(phone, { ...interview(), item }), other = version(phone, { ...interview({ notes: '明細は読めない' }), item })
    await sync(phone, [one, other])
    expect([await heard(id), (await pageOf(id)).conflicts[0].heads.map(({ waits }: { waits: string }) => waits)]).toEqual([[], ['two_versions', 'two_versions']])
    await sync(phone, [version(phone, { ...interview({ notes: '明細は一部だけ読める' }), item, over: [one.hash, other.hash] })])
    expect(await heard(id)).toEqual([['A-01', '明細は一部だけ読める']])
  })

  it('is an interview of a phone whose clock is ahead once its day has come, by itself; until then the page says what it waits for', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, interview({ heldOn: '2026-11-25' }))])
    const waiting = async () => (await pageOf(id)).waiting.map(({ waits }: { waits: string }) => waits)
    await sweep(world)
    expect([await heard(id), await waiting(), (await as('sato').page(`/applications/${id}/visit/notebook`)).text.includes('この日はまだ来ていません')]).toEqual([[], ['day_to_come'], true])
    clock.now = new Date('2026-11-24T15:01:00Z') // past midnight in Japan
    await Promise.all([sweep(world), sweep(world)])
    expect([await heard(id), await waiting()]).toEqual([[['A-01', '給与明細は読める']], []])
  })

  it('is no interview of a day before the visit: told in its own words, and landing once the day is corrected', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), early = version(phone, interview({ heldOn: '2019-01-01' }))
    expect(outcomes(await sync(phone, [early]))).toEqual([['merged'], []])
    expect([await heard(id), (await pageOf(id)).unlanded.map(({ landed }: { landed: string }) => landed), (await as('sato').page(`/applications/${id}/visit/notebook`)).text.includes('現地審査が始まる前の日付です')]).toEqual([[], ['before_visit'], true])
    await sync(phone, [version(phone, { ...interview(), item: early.version.item, over: [early.hash] })])
    expect([(await heard(id)).length, (await pageOf(id)).unlanded]).toEqual([1, []])
  })

  it('is no interview once the visit is over, and the page says so until it is opened again', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, interview({ heldOn: '2026-11-25' }))])
    await sql`update applications set stage = 'correcting' where id = ${id}`
    expect((await pageOf(id)).waiting.map(({ waits }: { waits: string }) => waits)).toEqual(['closed'])
  })

  it('is nothing under a criterion that is not asked: shown in the notebook alone', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, { criterion: 'RE-99.9' }), version(phone, { criterion: '', kind: 'signature', content: { name: '山田 太郎', role: '社長', strokes: [[[0, 0], [5, 9], [7, 1]]] } })])
    expect([await notesOf(id), (await pageOf(id)).unlanded.map(({ landed }: { landed: string }) => landed)]).toEqual([[], ['unfit']])
    expect((await as('sato').page(`/applications/${id}/visit/notebook`)).text).toMatch(/<path d="M[\dL ]+"/)
  })

  it('is no finding: its draft is shown, and the form to raise it begins with it', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, { kind: 'finding', criterion: 'RE-09.2', content: { grade: 'major', statement: '非常口が施錠されていた', evidenceReference: '写真 3' } })])
    const [{ heads: [{ findingHref }] }] = (await pageOf(id)).groups[0].items
    const form = (await as('sato').get(findingHref)).body.bench.draft
    expect([form, (await sql`select count(*)::int as findings from findings where application_id = ${id}`)[0]]).toEqual([{ criterion: 'RE-09.2', grade: 'major', supersedes: '', statement: '非常口が施錠されていた', evidenceReference: '写真 3' }, { findings: 0 }])
  })
})

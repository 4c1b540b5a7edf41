import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { atTheBench } from '../support/at-the-bench.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, clock, world, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const { onBench, attach, ratingsOf, at } = atTheBench(theatre)

describe('the worklist', () => {
  it('says what to do when there is nothing', async () => {
    expect((await as('lee').get('/assessments')).body).toMatchObject({ rows: [], ended: [] })
    expect((await as('lee').page('/assessments', 'en')).text).toContain('You have no cases')
  })

  it('shows each case with what is next, the most urgent first, by a fixed number of statements', async () => {
    const ids = [await onBench('desk_review')]
    const one = await countQueries(world, () => as('sato').get('/assessments'))
    const undeclared = await caseIn('accepted', 'yamada', await anotherEmployer('申告前の会社'))
    await assigned(undeclared, 'sato', { declared: false })
    ids.push(undeclared, await onBench('visit_planned'), await onBench('withdrawn'))
    const { body } = await as('sato').get('/assessments')
    expect(await countQueries(world, () => as('sato').get('/assessments'))).toBe(one)
    expect(body.rows.map((row: { task: string; href: string }) => [row.task, row.href])).toEqual([
      ['declare', `/applications/${ids[1]}/interests`], ['review', `/applications/${ids[0]}/assessment`], ['visit', `/applications/${ids[2]}/visit`],
    ])
    expect([body.load.filter((row: { count: number }) => row.count > 0).length, body.ended.map(({ id }: { id: string }) => id)]).toEqual([3, [ids[3]]])
    expect((await as('sato').page('/assessments')).text).toContain('利害関係を申告する')
    expect((await as('lee').get('/assessments')).body.rows).toEqual([])
  })
})

it('counts a reply as unread until its criterion is rated again', async () => {
  const id = await onBench()
  const unread = async () => (await as('sato').get('/assessments')).body.rows.find((row: { application: { id: string } }) => row.application.id === id).replies
  await sql`insert into clarifications (id, application_id, criterion, question, asked_by, sent_at, reply, closed_at) values (${randomUUID()}, ${id}, 'RE-01.1', '？', ${idOf('sato')}, ${clock.now.toISOString()}, 'はい', ${clock.now.toISOString()})`
  expect(await unread()).toBe(1)
  await as('sato').post(at(id, 'RE-01.1'), { rating: 'conforms' })
  expect(await unread()).toBe(0)
})

describe('the bench', () => {
  it('counts by section and puts what is doubtful first', async () => {
    const id = await onBench()
    await asIfEarlier(sql, 'answers', () => sql`update answers set answer = 'no' where application_id = ${id} and criterion = 'RE-05.4'`)
    await asIfEarlier(sql, 'answers', () => sql`update answers set answer = 'partly' where application_id = ${id} and criterion = 'RE-01.1'`)
    await attach(id, 'RE-01.1', '賃金台帳（3月分）.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    const { body } = await as('sato').get(at(id))
    expect([body.open, body.rated, body.next]).toEqual([true, 0, 'RE-05.4'])
    expect(body.doubtful.slice(0, 2).map((row: { criterion: string; doubts: string[]; documents: number }) => [row.criterion, row.doubts, row.documents]))
      .toEqual([['RE-05.4', ['said_no'], 0], ['RE-01.1', ['said_partly'], 1]])
    expect(body.doubtful[2].criticality).toBe('zero_tolerance')
    expect(body.sections.reduce((sum: number, section: { rows: unknown[] }) => sum + section.rows.length, 0)).toBe(body.all)
    expect((await as('sato').page(at(id))).text).toContain('「いいえ」と答えています')
    expect((await as('sato').page(at(id), 'en')).text).toContain('Answered no')
  })

  it('lays one criterion out with law, answer, documents and thread', async () => {
    const id = await onBench()
    const photo = await attach(id, 'RE-05.4', '出勤簿.jpg', 'image/jpeg')
    await attach(id, 'RE-05.4', '悪い.png', 'image/png', 'infected')
    const { body } = await as('sato').get(at(id, 'RE-05.4'))
    expect([body.criterion.id, body.answer.answer, body.answer.explanation, body.version, body.rating]).toEqual(['RE-05.4', 'yes', '毎月、記録を確かめています。', 0, null])
    expect(body.criterion.law.length).toBeGreaterThan(0)
    expect(body.documents.map((document: { name: string; image: boolean }) => [document.name, document.image])).toEqual([['出勤簿.jpg', true], ['悪い.png', false]])
    expect([body.previous, body.next]).toEqual(['RE-05.3', 'RE-05.5'])
    const { text } = await as('sato').page(at(id, 'RE-05.4'))
    expect([text.includes(`<img src="/documents/${photo}"`), text.includes('ウイルス')]).toEqual([true, true])
    expect((await as('sato').page(at(id, 'RE-05.4'), 'en')).status).toBe(200)
  })

  it('asks for a fixed number of statements, with one answer and with all', async () => {
    const [few, all] = [await onBench(), await onBench()]
    await asIfEarlier(sql, 'answers', () => sql`delete from answers where application_id = ${few} and criterion <> 'RE-01.1'`)
    for (const criterion of ['RE-01.1', 'RE-01.2', 'RE-01.3']) await as('sato').post(at(all, criterion), { rating: 'conforms' })
    expect(await countQueries(world, () => as('sato').get(at(few)))).toBe(await countQueries(world, () => as('sato').get(at(all))))
  })
})

describe('rating', () => {
  it('keeps rating and note with a version, on record, and leads to the most doubtful of the rest', async () => {
    const id = await onBench()
    await asIfEarlier(sql, 'answers', () => sql`update answers set answer = 'no' where application_id = ${id} and criterion = 'RE-07.2'`)
    const { status, body, location } = await as('sato').post(at(id, 'RE-01.1'), { rating: 'minor', note: '4月の手当に差があります。' })
    expect([status, body, location]).toEqual([201, { criterion: 'RE-01.1', rating: 'minor', version: 1 }, at(id, 'RE-07.2')])
    expect((await as('sato').get(at(id, 'RE-01.1'))).body.rating).toMatchObject({ rating: 'minor', note: '4月の手当に差があります。', by: '佐藤 誠' })
    await as('sato').post(at(id, 'RE-01.1'), { rating: 'conforms', version: 1 })
    expect(await ratingsOf(id)).toEqual([['RE-01.1', 'conforms', '', 2]])
    expect((await sql`select before, after from journal where application_id = ${id} and operation = 'assessments.rate' order by id`).map(row => [row.before?.rating ?? null, row.after.rating])).toEqual([[null, 'minor'], ['minor', 'conforms']])
  })

  it('leads back to the overview when everything is rated', async () => {
    const id = await onBench()
    const all = (await as('sato').get(at(id))).body.sections.flatMap((section: { rows: { criterion: string }[] }) => section.rows.map(({ criterion }) => criterion)) as string[]
    let location = ''
    for (const criterion of all) location = (await as('sato').post(at(id, criterion), { rating: 'conforms' })).location
    expect(location).toBe(at(id))
    const { body } = await as('sato').get(at(id))
    expect([body.rated, body.next, body.doubtful]).toEqual([all.length, null, []])
    expect((await as('sato').page(at(id))).text).toContain('現地審査を計画する')
  })

  it.each(['minor', 'major', 'zero_tolerance', 'not_applicable'])('%s needs a note', async rating => {
    const id = await onBench()
    const { status, body } = await as('sato').post(at(id, 'RE-01.1'), { rating, note: '　 ' })
    expect([status, body.errors, await ratingsOf(id)]).toEqual([422, [{ field: 'note', message: '入力してください。' }], []])
  })

  it('never lets two assessors overwrite each other: the second is told, what was typed comes back', async () => {
    const id = await onBench('desk_review', 'sato', 'lee')
    const [first, second] = await Promise.all([as('sato').post(at(id, 'RE-01.1'), { rating: 'minor', note: '佐藤' }), as('lee').post(at(id, 'RE-01.1'), { rating: 'major', note: 'Lee' })])
    expect([first.status, second.status].toSorted()).toEqual([201, 409])
    expect((await ratingsOf(id)).length).toBe(1)
    const { status, text } = await as('lee').submit(at(id, 'RE-01.1'), { rating: 'major', note: '所見を<b>残す</b>', form: 'rating' })
    expect([status, text.includes('ほかの人が先に変更しました'), text.includes('所見を&lt;b&gt;残す'), /name="version" value="1"/.test(text)]).toEqual([409, true, true, true])
  })

  it('refuses a note of two hundred pages in words, and gives it back', async () => {
    const id = await onBench(), note = '所見'.repeat(50_000)
    const { status, text } = await as('sato').submit(at(id, 'RE-01.1'), { rating: 'minor', note, form: 'rating' })
    expect([status, text.includes('長すぎる'), text.includes(note.slice(0, 10_000)), await ratingsOf(id)]).toEqual([422, true, true, []])
  })

  it('has one effect when sent twice', async () => {
    const id = await onBench(), form = { rating: 'major', note: '記録がありません。', once: randomUUID() }
    const [first, second] = [await as('sato').post(at(id, 'RE-01.1'), form), await as('sato').post(at(id, 'RE-01.1'), form)]
    expect([first.body, await ratingsOf(id)]).toEqual([second.body, [['RE-01.1', 'major', '記録がありません。', 1]]])
  })

  it.each([['desk_review', 201], ['clarifying', 201], ['visit_planned', 201], ['correcting', 409], ['awaiting_decision', 409], ['withdrawn', 409]] as const)('in stage %s answers %i', async (from, status) => {
    const id = await onBench(from)
    expect((await as('sato').post(at(id, 'RE-01.1'), { rating: 'conforms' })).status).toBe(status)
    expect((await as('sato').page(at(id, 'RE-01.1'))).text.includes('保存して次へ')).toBe(status === 201)
  })

  it.each([
    ['an unknown rating', 'RE-01.1', { rating: 'excellent' }, 422], ['no rating', 'RE-01.1', {}, 422], ['a criterion that does not exist', 'RE-99.9', { rating: 'conforms' }, 404],
    ['a criterion that is not asked of this employer', 'RE-09.1', { rating: 'conforms' }, 404], ['no criterion at all', 'x', { rating: 'conforms' }, 404], ['NUL', 'RE-01.1', { rating: 'minor', note: 'a\u0000' }, 422],
    ['too long a note', 'RE-01.1', { rating: 'minor', note: 'あ'.repeat(4001) }, 422], ['a version that is no number', 'RE-01.1', { rating: 'conforms', version: 'x' }, 422], ['a version from the future', 'RE-01.1', { rating: 'conforms', version: 9 }, 409],
  ])('is refused with %s', async (_, criterion, form, status) => {
    const id = await onBench()
    expect([(await as('sato').post(at(id, criterion), form)).status, await ratingsOf(id)]).toEqual([status, []])
  })

  it('keeps emoji, right-to-left letters and rare kanji as they were typed', async () => {
    const id = await onBench(), note = '髙橋さん 葛󠄀城 ✅ שלום'
    await as('sato').post(at(id, 'RE-01.1'), { rating: 'minor', note })
    expect((await as('sato').get(at(id, 'RE-01.1'))).body.rating.note).toBe(note)
  })
})

describe('who may sit at the bench', () => {
  it('not another assessor, for whom the case does not exist', async () => {
    const id = await onBench()
    expect([(await as('lee').get(at(id))).status, (await as('lee').get(at(id, 'RE-01.1'))).status, (await as('lee').post(at(id, 'RE-01.1'), { rating: 'conforms' })).status]).toEqual([404, 404, 404])
    expect(await ratingsOf(id)).toEqual([])
  })

  it.each([['yamada'], ['suzuki'], ['tanaka']] as const)('not %s', async who => {
    const id = await caseIn('desk_review', 'yamada', await anotherEmployer('見本'))
    expect([(await as(who).get('/assessments')).status, (await as(who).get(at(id))).status, (await as(who).post(at(id, 'RE-01.1'), { rating: 'conforms' })).status]).toEqual([403, 403, 403])
  })
})

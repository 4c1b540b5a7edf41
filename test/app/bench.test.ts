import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { asIfEarlier } from '../support/as-if.ts'
import { atTheBench } from '../support/at-the-bench.ts'
import { casesOn } from '../support/cases.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 5, the bench: its cost, and two people at it.
const theatre = await stage()
const { as, idOf, world, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const { onBench, attach, at } = atTheBench(theatre)

describe('60 criteria and 120 documents', () => {
  // Housing and intern trainees: everything in the standard is asked of this company.
  async function everything() {
    const employer = await anotherEmployer('全部の会社')
    await sql`insert into employer_sites (id, employer_id, kind, name_ja, address_ja, people) values (${randomUUID()}, ${employer}, 'housing', '寮', '愛知県豊田市見本2', 6)`
    await sql`insert into employer_populations (id, employer_id, nationality, residence_status, people) values (${randomUUID()}, ${employer}, 'VN', 'technical_intern_1', 4)`
    const id = await caseIn('desk_review', 'yamada', employer)
    await assigned(id, 'sato')
    return id
  }

  it('are opened by as many statements as one criterion without documents', async () => {
    const [few, all] = [await onBench(), await everything()]
    await asIfEarlier(sql, 'answers', () => sql`delete from answers where application_id = ${few} and criterion <> 'RE-01.1'`)
    const { body } = await as('sato').get(at(all))
    const criteria: string[] = body.sections.flatMap((section: { rows: { criterion: string }[] }) => section.rows.map(({ criterion }) => criterion))
    expect(criteria.length).toBe(60)
    for (const criterion of criteria) for (const nth of [1, 2]) await attach(all, criterion, `証拠${nth}.pdf`, 'application/pdf')
    for (let nth = 0; nth < 120; nth += 1) await attach(all, 'RE-05.4', `出勤簿${nth}.pdf`, 'application/pdf')
    for (const criterion of criteria.slice(0, 20)) await as('sato').post(at(all, criterion), { rating: 'conforms' })
    const opened = async (id: string, criterion = '') => countQueries(world, () => as('sato').page(at(id, criterion)))
    const statements = [await opened(few), await opened(few, 'RE-05.4')]
    expect([await opened(all), await opened(all, 'RE-05.4')]).toEqual(statements)
    expect(Math.max(...statements)).toBeLessThanOrEqual(20)
    expect((await as('sato').get(at(all, 'RE-05.4'))).body.documents.length).toBe(122)
  })
})

it('shows the second both texts: the mark that stands, and what they wrote; and keeps every mark that was replaced', async () => {
  const id = await onBench('desk_review', 'sato', 'lee')
  await as('sato').post(at(id, 'RE-01.1'), { rating: 'minor', note: '佐藤の所見' })
  const refused = await as('lee').submit(at(id, 'RE-01.1'), { rating: 'major', note: 'Leeの所見', form: 'rating', version: '0' })
  expect([refused.status, refused.text.includes('佐藤の所見'), /<textarea[^>]*name="note"[^>]*>\s*Leeの所見/.test(refused.text)]).toEqual([409, true, true])
  await as('lee').post(at(id, 'RE-01.1'), { rating: 'major', note: 'Leeの所見', version: 1 })
  const { rating, marks, version } = (await as('sato').get(at(id, 'RE-01.1'))).body
  expect([rating.note, rating.by, rating.mine, version]).toEqual(['Leeの所見', 'Lee Ji-won', false, 2])
  expect(marks.map((mark: { note: string; by: string; mine: boolean }) => [mark.note, mark.by, mark.mine])).toEqual([['佐藤の所見', '佐藤 誠', true]])
  expect((await as('sato').get(`${at(id, 'RE-01.1')}/mark`)).body).toMatchObject({ version: 2, rating: 'major', by: 'Lee Ji-won' })
  expect((await as('sato').page(at(id, 'RE-01.1'), 'en')).text).toContain('Earlier marks (1)')
})

describe('the place', () => {
  it('is kept on the server, for each by themselves, and colleagues see it', async () => {
    const id = await onBench('desk_review', 'sato', 'lee')
    expect((await as('sato').get(at(id))).body).toMatchObject({ place: null, colleagues: [{ name: 'Lee Ji-won', criterion: null }] })
    await as('sato').get(at(id, 'RE-05.4'))
    await as('sato').get(at(id, 'RE-05.5'))
    await as('lee').get(at(id, 'RE-02.1'))
    expect((await as('sato').get(at(id))).body).toMatchObject({ place: 'RE-05.5', colleagues: [{ name: 'Lee Ji-won', criterion: 'RE-02.1' }] })
    expect((await as('lee').get(at(id, 'RE-02.1'))).body.colleagues).toMatchObject([{ name: '佐藤 誠', criterion: 'RE-05.5' }])
    expect((await as('sato').page(at(id))).text).toContain('前回の続きから（RE-05.5）')
    await as('sato').get(at(id, 'RE-99.9'))
    expect((await as('sato').get(at(id))).body.place).toBe('RE-05.5')
  })

  it('and the bench are gone for whoever is taken off in the middle; what they rated stays', async () => {
    const id = await onBench('visit_planned', 'sato', 'lee')
    await as('lee').post(at(id, 'RE-01.1'), { rating: 'minor', note: '見たこと' })
    await as('lee').get(at(id, 'RE-01.2'))
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('lee')}`
    expect([(await as('lee').get(at(id, 'RE-01.2'))).status, (await as('lee').get(`${at(id, 'RE-01.2')}/mark`)).status, (await as('lee').submit(at(id, 'RE-01.2'), { rating: 'major', note: 'あとから', form: 'rating' })).status]).toEqual([404, 404, 404])
    expect((await as('sato').get(at(id))).body.colleagues).toEqual([])
    expect((await as('sato').get(at(id, 'RE-01.1'))).body.rating).toMatchObject({ note: '見たこと', by: 'Lee Ji-won' })
  })
})

it('shows the law of the day that is asked about', async () => {
  const id = await onBench()
  const all = (await as('sato').get(at(id))).body.sections.flatMap((section: { rows: { criterion: string }[] }) => section.rows.map(({ criterion }) => criterion)) as string[]
  const read = async (on: string) => Promise.all(all.map(async criterion => (await as('sato').get(`${at(id, criterion)}?on=${on}`)).body.criterion as { lawOn: string; law: { effectiveFrom: string | null }[]; lawLater: unknown[] }))
  const [before, after] = [await read('2026-11-24'), await read('2030-01-01')]
  const count = (criteria: typeof before) => criteria.reduce((sum, { lawLater }) => sum + lawLater.length, 0)
  expect([before[0]?.lawOn, count(before) > 0, count(after)]).toEqual(['2026-11-24', true, 0])
  for (const { law } of before) for (const { effectiveFrom } of law) expect((effectiveFrom ?? '') <= '2026-11-24').toBe(true)
  expect((await as('sato').get(`${at(id, 'RE-01.1')}?on=yesterday`)).body.criterion.lawOn).toBe('2026-11-24')
})

it('shows how the criterion ended in the cycle before', async () => {
  const { issued } = sealedFilesOn(theatre)
  const before = await issued({ nameJa: '前の周期の会社', rated: { 'RE-08.2': 'minor' } })
  const [first] = await sql`select employer_id from applications where id = ${before.id}`
  const id = await caseIn('desk_review', 'yamada', String(first?.employer_id))
  await assigned(id, 'lee')
  expect((await as('lee').get(at(id, 'RE-08.2'))).body.earlier).toMatchObject([{ cycle: 1, rating: 'minor', answer: 'yes' }])
  expect((await as('lee').page(at(id, 'RE-08.2'))).text).toContain('以前の認証サイクル')
})

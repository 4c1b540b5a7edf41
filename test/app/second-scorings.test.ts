import { randomUUID } from 'node:crypto'
import { expect, describe, it, beforeAll } from 'vitest'
import { inOrderOf } from '../../server/second-scorings/draw.ts'
import { atTheBench } from '../support/at-the-bench.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C28: a share of the files is scored by a second assessor who does not see the first one's marks.
const theatre = await stage()
const { as, idOf, clock, world: { database: { sql } } } = theatre
const { onBench, attach, at } = atTheBench(theatre)
const { awaiting } = sealedFilesOn(theatre)
const cases: string[] = []
let scoring = '', file = '', evidence = ''
const mine = (criterion = '') => `/second-scorings/${scoring}${criterion && `/${criterion}`}`

beforeAll(async () => {
  for (let nth = 0; nth < 11; nth += 1) {
    const id = await onBench('desk_review')
    await as('sato').post(at(id, 'RE-01.1'), { rating: 'minor', note: '第一審査員の所見' })
    await as('sato').post(at(id, 'RE-01.2'), { rating: 'conforms', note: '' })
    cases.push(id)
  }
  const moved = cases.slice(0, 10) // the eleventh is still being reviewed
  await sql`update applications set stage = 'visit_planned' where id in ${sql(moved)}`
}, 120_000)

describe('the draw', () => {
  it('takes a tenth of the reviewed files by a seed on record, and gives each to somebody without a hand in it', async () => {
    expect((await as('suzuki').get('/calibration')).body).toMatchObject({ share: 10, waiting: 10, open: 0, finished: 0, overall: { pairs: 0, kappa: null } })
    const { status, body } = await as('suzuki').post('/calibration/draws')
    expect([status, body.drawn, body.pool]).toEqual([201, 1, 10])
    const [row] = await sql`select s.id, s.application_id, s.scorer_id, d.seed, d.pool from second_scorings s join second_draws d on d.id = s.draw_id`
    expect([row?.scorer_id, row?.application_id]).toEqual([idOf('lee'), inOrderOf(body.seed, row?.pool)[0]]) // anybody can draw again
    expect(row?.pool.toSorted()).toEqual(cases.slice(0, 10).toSorted())
    scoring = row?.id
    file = row?.application_id
    evidence = await attach(file, 'RE-01.1', '出勤簿.pdf', 'application/pdf')
  })

  it('draws no file twice from, and says so when none is left', async () => {
    expect((await as('suzuki').post('/calibration/draws')).status).toBe(409)
    expect((await sql`select count(*)::int as n from second_draws`)[0]?.n).toBe(1)
  })

  it.each(['yamada', 'sato', 'tanaka', 'ito'] as const)('is not for %s', async who => expect((await as(who).post('/calibration/draws')).status).toBe(403))
})

describe('the second scorer', () => {
  it('joins the case in no part, and whoever tries it stays on record', async () => {
    expect((await as('suzuki').post(`/applications/${file}/assignments`, { personId: idOf('lee'), part: 'assessor', justification: '人手が足りない', once: randomUUID() })).body.code).toBe('not_independent')
    expect((await sql`select count(*)::int as n from journal where operation = 'assignments.assign.refused' and subject_id = ${idOf('lee')}`)[0]?.n).toBe(1)
  })

  it('sees nothing before declaring, and nobody else sees it at all', async () => {
    expect((await as('lee').get(mine())).body.rows).toEqual([])
    expect([(await as('lee').get(mine('RE-01.1'))).body.code, (await as('lee').post(mine('RE-01.1'), { rating: 'conforms' })).body.code, (await as('lee').get(`/documents/${evidence}`)).status]).toEqual(['interests_not_declared', 'interests_not_declared', 404])
    expect([(await as('sato').get(mine())).status, (await as('sato').get(mine('RE-01.1'))).status, (await as('sato').get('/second-scorings')).body.rows]).toEqual([404, 404, []])
  })

  it('reads answers and evidence, and never a mark, note or question of the first', async () => {
    expect((await as('lee').post(`${mine()}/declaration`)).status).toBe(201)
    for (const lang of ['ja', 'en']) {
      const pages = [await as('lee').page(mine(), lang), await as('lee').page(mine('RE-01.1'), lang), await as('lee').page('/second-scorings', lang)]
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 200])
      for (const { text } of pages) expect(text).not.toMatch(/第一審査員|佐藤/)
    }
    const { body } = await as('lee').get(mine('RE-01.1'))
    expect([body.answer.answer, body.documents.length, body.rating, 'marks' in body, 'thread' in body, 'earlier' in body]).toEqual(['yes', 1, null, false, false, false])
    expect((await as('lee').get(mine())).body.rows.every(({ rating }: { rating: string | null }) => rating === null)).toBe(true)
    expect([await as('lee').get(at(file)), await as('lee').get(at(file, 'RE-01.1')), await as('lee').get(`${at(file, 'RE-01.1')}/mark`), await as('lee').get(`/applications/${file}`), await as('lee').get(`/applications/${file}/clarifications`)].map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect((await as('lee').get(`/documents/${evidence}`)).status).not.toBe(404) // the evidence is theirs to read
  })

  it('marks each criterion, may change their mind, and finishes once all are marked', async () => {
    const criteria = ((await as('lee').get(mine())).body.rows as { criterion: string }[]).map(({ criterion }) => criterion)
    expect((await as('lee').submit(mine('RE-01.1'), { rating: 'minor', note: '', form: 'rating' })).status).toBe(422)
    await as('lee').post(mine('RE-01.1'), { rating: 'major', note: '考え中' })
    expect((await as('lee').post(`${mine()}/end`)).body.missing).toEqual(['criteria_rated'])
    for (const criterion of criteria) await as('lee').post(mine(criterion), criterion === 'RE-01.1' ? { rating: 'minor', note: '別の所見' } : { rating: 'conforms' })
    expect((await as('lee').post(`${mine()}/end`)).status).toBe(201)
    expect((await as('lee').post(mine('RE-01.1'), { rating: 'conforms' })).body.code).toBe('closed_for_changes')
    expect((await as('lee').get(`/documents/${evidence}`)).status).toBe(404)
  })

  it('leaves no trace that the first assessor reads', async () => {
    expect((await sql`select count(*)::int as n from journal where application_id = ${file} and operation like 'second_scorings.%'`)[0]?.n).toBe(0)
    expect((await as('sato').get(at(file, 'RE-01.1'))).text).not.toContain('別の所見')
  })
})

describe('calibration', () => {
  it('compares with the first mark as it stood when the file was drawn, by criterion and by person, naming no company', async () => {
    clock.now = new Date(clock.now.getTime() + 3_600_000)
    await as('sato').post(at(file, 'RE-01.1'), { rating: 'conforms', version: 1 }) // changed on site afterwards
    const { body, text } = await as('suzuki').get('/calibration')
    expect(body.draws).toMatchObject([{ pool: 10, drawn: 1 }])
    expect([body.finished, body.overall]).toEqual([1, { pairs: 2, observed: 1, expected: 0.5, kappa: 1 }])
    expect(body.criteria.map((row: { criterion: string; pairs: number; kappa: number | null }) => [row.criterion, row.pairs, row.kappa])).toEqual([['RE-01.1', 1, null], ['RE-01.2', 1, null]])
    expect(body.assessors.map((row: { name: string; kappa: number }) => [row.name, row.kappa]).toSorted()).toEqual([['Lee Ji-won', 1], ['佐藤 誠', 1]].toSorted())
    expect(text).not.toContain('見本製作所')
    expect([(await as('ito').page('/calibration')).text.includes('評価のそろい方'), (await as('ito').page('/calibration', 'en')).text.includes('Kappa')]).toEqual([true, true])
    expect((await as('sato').get('/calibration')).status).toBe(403)
  })

  it('stands in the record of the assessor that the decider reads', async () => {
    const id = await awaiting(), page = `/applications/${id}/decision`
    expect((await as('tanaka').get(page)).body.dossier.parts.map(({ name, calibration }: { name: string; calibration: object }) => [name, calibration])).toEqual([['佐藤 誠', { pairs: 2, kappa: 1 }]])
    expect([(await as('tanaka').page(page)).text.includes('κ 1（2 項目）'), (await as('tanaka').page(page, 'en')).text.includes('kappa 1 over 2 items')]).toEqual([true, true])
  })
})

it('is gone for a scorer whose tie came to light', async () => {
  const [row] = await sql`select employer_id from applications where id = ${file}`
  await sql`update employers set corporate_number = '7000000000099' where id = ${row?.employer_id}`
  await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values (gen_random_uuid(), ${idOf('lee')}, '7000000000099', 'family_tie', '兄', ${idOf('lee')})`
  expect([(await as('lee').get(mine())).status, (await as('lee').get('/second-scorings')).body.rows]).toEqual([404, []])
})

import { expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, world } = theatre
const { sql } = world.database
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const counts = (body: { stages: { stage: string; count: number; overdue: number }[] }) => Object.fromEntries(body.stages.filter(({ count }) => count > 0).map(row => [row.stage, row.count]))

it('says what will appear when nothing has been submitted, and shows no draft', async () => {
  await caseIn('draft', 'outsider')
  const { body } = await as('suzuki').get('/pipeline')
  expect([body.all, body.rows]).toEqual([0, []])
  expect((await as('suzuki').page('/pipeline')).text).toContain('まだ申請はありません')
})

it('asks for a fixed number of statements, with one case and with three', async () => {
  const id = await caseIn('submitted', 'yamada')
  const one = await countQueries(world, () => as('suzuki').get('/pipeline'))
  await caseIn('desk_review', 'yamada', await anotherEmployer('見本製作所'))
  await assigned(await caseIn('accepted', 'yamada', await anotherEmployer('見本食品')), 'sato')
  const { body } = await as('suzuki').get('/pipeline')
  expect(await countQueries(world, () => as('suzuki').get('/pipeline'))).toBe(one)
  expect(counts(body)).toEqual({ submitted: 1, accepted: 1, desk_review: 1 })
  expect(body.rows.map((row: { application: { nameJa: string }; task: string | null; assessors: string[] }) => [row.application.nameJa, row.task, row.assessors])).toEqual([
    ['見本食品', null, ['佐藤 誠']], ['山田プレス工業株式会社', 'screen', []], ['見本製作所', 'assign', []],
  ])
  expect(body.waiting).toBe(2)
  expect(body.rows[1].application.id).toBe(id)
})

it('shows one stage when asked for it, and everything when the stage is none of ours', async () => {
  const only = await as('suzuki').get('/pipeline?stage=desk_review')
  expect([only.body.stage, only.body.rows.length, only.body.all]).toEqual(['desk_review', 1, 3])
  expect((await as('suzuki').get('/pipeline?stage=draft&after=nonsense')).body.rows.length).toBe(3)
})

it('says in words what is overdue, and how long it has been in its stage', async () => {
  await sql`update applications set stage_since = stage_since - interval '26 days', due_at = due_at - interval '26 days' where stage = 'accepted'`
  const { body } = await as('suzuki').get('/pipeline')
  expect([body.overdue, body.rows[0].application.overdue, body.rows[0].application.ageDays]).toEqual([1, true, 26])
  const { text } = await as('suzuki').page('/pipeline')
  expect(text).toContain('期限（2026年11月5日）を過ぎています')
  expect((await as('suzuki').page('/pipeline', 'en')).text).toContain('Overdue since 5 November 2026')
})

it('turns the page after fifty without losing or repeating a case', async () => {
  for (let nth = 0; nth < 50; nth += 1) await caseIn('submitted', 'yamada', await anotherEmployer(`会社${nth}`))
  const first = (await as('suzuki').get('/pipeline')).body
  const second = (await as('suzuki').get(`/pipeline?after=${first.next}`)).body
  const ids = [...first.rows, ...second.rows].map((row: { application: { id: string } }) => row.application.id)
  expect([first.rows.length, second.rows.length, second.next, new Set(ids).size]).toEqual([50, 3, null, 53])
})

it.each([['yamada', 403], ['sato', 403], ['tanaka', 403]] as const)('is closed to %s', async (who, status) => {
  expect((await as(who).get('/pipeline')).status).toBe(status)
})

it('asks a stranger to sign in', async () => {
  expect((await anybody.get('/pipeline')).status).toBe(401)
})

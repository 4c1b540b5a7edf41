import { beforeAll, describe, expect, it } from 'vitest'
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

describe('ten thousand cases', () => {
  const last = () => sql`select count(*)::int as n from applications where stage <> 'draft'`.then(([row]) => row?.n as number)
  const key = (row: { application: { dueAt: string | null } }) => row.application.dueAt ?? '~'
  beforeAll(async () => {
    await sql`alter table applications disable trigger user`
    for (let round = 0; round < 10; round += 1) {
      await sql`with e as (insert into employers (id, name_ja) select gen_random_uuid(), '会社' || n from generate_series(1, 1000) n returning id, substr(name_ja, 3)::int as nth)
        insert into applications (id, employer_id, standard_id, opened_by, stage, stage_since, due_at, submitted_at, scope)
        select gen_random_uuid(), e.id, a.standard_id, a.opened_by, 'submitted', a.stage_since, case when nth % 10 = 7 then null else a.submitted_at + make_interval(days => nth % 90) + (nth * interval '1 microsecond') end, a.submitted_at, a.scope
        from e, (select * from applications where stage = 'submitted' limit 1) a`
    }
    await sql`alter table applications enable trigger user`
    await sql`analyze applications`
  }, 120_000)

  it('come page by page, each once, in order, while others arrive, move and leave', async () => {
    const all = await last()
    expect(all).toBeGreaterThanOrEqual(10_000)
    const seen: string[] = []
    const keys: string[] = []
    let after: string | null = null, page = 0
    do {
      const { body }: { body: { rows: { application: { id: string; dueAt: string | null } }[]; next: string | null } } = await as('suzuki').get(`/pipeline${after ? `?after=${encodeURIComponent(after)}` : ''}`)
      seen.push(...body.rows.map(row => row.application.id))
      keys.push(...body.rows.map(key))
      after = body.next
      page += 1
      if (page === 2) await caseIn('submitted', 'yamada', await anotherEmployer('あとから来た会社'))
      if (page === 3) await sql`update applications set due_at = null where id = ${seen.at(-1) ?? ''}` // the case that ends the page moves to the end of everything
    } while (after && page < 30)
    expect([page, seen.length, new Set(seen).size]).toEqual([30, 1500, 1500])
    expect(keys).toEqual(keys.toSorted())
  })

  it('are found by the index, the last page like the first, by as many statements', async () => {
    const [from] = await sql`select due_at, id from applications where stage <> 'draft' order by coalesce(due_at, 'infinity'::timestamptz) desc, id desc limit 1 offset 20`
    const near = `infinity_${from?.id}`
    const { body } = await as('suzuki').get(`/pipeline?after=${near}`)
    expect([body.rows.length, body.next]).toEqual([20, null])
    expect(await countQueries(world, () => as('suzuki').get(`/pipeline?after=${near}`))).toBe(await countQueries(world, () => as('suzuki').get('/pipeline')))
    const plan = await sql`explain select id from applications where stage <> 'draft' and (coalesce(due_at, 'infinity'::timestamptz), id) > ('2026-12-01'::timestamptz, ${from?.id}::uuid) order by coalesce(due_at, 'infinity'::timestamptz), id limit 51`
    expect(plan.map(row => row['QUERY PLAN']).join('\n')).toContain('applications_by_urgency')
  })

  it.each(['infinity_x', '2026-13-45T99:99:99Z_00000000-0000-0000-0000-000000000000', "infinity_'; drop", 'x'.repeat(5000)])('begin anew at a place that is none: %.20s', async place => {
    const { status, body } = await as('suzuki').get(`/pipeline?after=${encodeURIComponent(place)}`)
    expect([status, body.rows.length]).toEqual([200, 50])
  })
})

it.each([['yamada', 403], ['sato', 403], ['tanaka', 403]] as const)('is closed to %s', async (who, status) => {
  expect((await as(who).get('/pipeline')).status).toBe(status)
})

it('asks a stranger to sign in', async () => {
  expect((await anybody.get('/pipeline')).status).toBe(401)
})

import { expect, it } from 'vitest'
import { knownStatements } from '../../server/adapters/known-statements.ts'
import { stage } from '../support/world.ts'

it('a statement is remembered from the second time on', () => {
  const isKnown = knownStatements()
  expect([isKnown('select 1'), isKnown('select 2'), isKnown('select 1'), isKnown('select 1')]).toEqual([false, false, true, true])
})

it('what is long is a list of rows, and is never remembered', () => {
  const isKnown = knownStatements(), long = 'x'.repeat(10_001)
  expect([isKnown(long), isKnown(long), isKnown(long)]).toEqual([false, false, false])
})

it('texts without end do not fill the memory', () => {
  const isKnown = knownStatements(), texts = Array.from({ length: 2_000 }, (_, nth) => `select ${nth}`)
  for (const text of texts) isKnown(text)
  for (const text of texts.toReversed()) isKnown(text)
  for (const text of texts) isKnown(text)
  expect(texts.filter(isKnown).length).toBeLessThanOrEqual(500)
})

it('the driver knows what its server knows: a page asked for again sends no new statement', async () => {
  const theatre = await stage(), { world: { database: { sql } } } = theatre
  for (let nth = 0; nth < 25; nth += 1) await theatre.as('sato').get('/bench')
  const [prepared] = await sql`select count(*)::int as statements, bool_or(statement like '%sessions%') as who from pg_prepared_statements`
  expect([Number(prepared?.statements) > 0, prepared?.who]).toEqual([true, true])
})

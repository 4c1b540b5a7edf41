import { expect, it } from 'vitest'
import { journal } from '../../schema/journal.ts'
import { insertMany } from '../../server/adapters/insert-many.ts'
import { stage } from '../support/world.ts'

const { world: { database: { db, sql } }, idOf } = await stage()
const row = { actorId: idOf('sato'), actorRole: 'assessor' as const }

it('keeps each value as it was, in the order given; what a row does not name is null, what none names has its default', async () => {
  const at = new Date('2026-11-24T03:04:05.678Z')
  await insertMany(db, journal, [
    { ...row, operation: 'a', requestId: `it's "quoted", \\ and 賃金`, after: { nested: ['一', { deep: null }], n: 1.5 }, at },
    { ...row, operation: 'b', requestId: null, before: [], at },
  ])
  expect((await sql`select operation, request_id, before, after, at, actor_id, application_id, id > 0 as numbered from journal where request_id is not null and operation in ('a', 'b') or operation = 'b' order by id`).map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() }))).toEqual([
    { operation: 'a', request_id: `it's "quoted", \\ and 賃金`, before: null, after: { nested: ['一', { deep: null }], n: 1.5 }, at: at.toISOString(), actor_id: idOf('sato'), application_id: null, numbered: true },
    { operation: 'b', request_id: null, before: [], after: null, at: at.toISOString(), actor_id: idOf('sato'), application_id: null, numbered: true },
  ])
})

it('none is none, and a wrong one takes the others with it', async () => {
  await insertMany(db, journal, [])
  await expect(insertMany(db, journal, [{ ...row, operation: 'c' }, { ...row, operation: 'd', actorId: 'nobody' }])).rejects.toThrow()
  expect([...await sql`select from journal where operation in ('c', 'd')`]).toEqual([])
})

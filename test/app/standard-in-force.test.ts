import { expect, it } from 'vitest'
import { loadStandard } from '../../server/standard/load.ts'
import { standardText } from '../support/standard.ts'
import { stage } from '../support/world.ts'

const { world: { database: { db, sql } }, clock } = await stage()
const kept = async () => (await sql`select id, source_sha256 from standards order by id`).map(row => ({ ...row }))

it('a version in force is loaded once', async () => {
  const before = await kept()
  await loadStandard(db, 're-0.1.0', standardText, clock.now)
  expect(await kept()).toEqual(before)
})

it('a version in force refuses another text, be it one letter, and stays as it was', async () => {
  const before = await kept()
  await expect(loadStandard(db, 're-0.1.0', `${standardText}# x\n`, clock.now)).rejects.toThrow('is in force and cannot change')
  expect(await kept()).toEqual(before)
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { notebookOn } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { opened, version, sync } = notebookOn(theatre)

describe('a device that took an audit out', () => {
  it('brings its notes home once, however often it sends them', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    const one = version(phone, { content: { text: '非常口は開く' } })
    const first = await sync(phone, [one])
    expect(first.body).toMatchObject({ wipe: false, confirmed: [{ hash: one.hash, arrived: 'merged' }], refused: [], more: false, filesWanted: [], filesRefused: [] })
    expect(first.body.versions).toEqual([expect.objectContaining({ hash: one.hash, version: one.version, by: '佐藤 誠', arrived: 'merged' })])
    const again = await sync(phone, [one, one], { after: first.body.after })
    expect([again.body.confirmed, again.body.versions, again.body.after]).toEqual([first.body.confirmed, [], first.body.after])
    expect(await sql`select note from visit_notes where application_id = ${id}`).toMatchObject([{ note: '非常口は開く' }])
    expect((await as('sato').get(`/applications/${randomUUID()}/visit/notes`)).status).toBe(404)
  })
})

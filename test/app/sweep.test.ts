import { randomUUID } from 'node:crypto'
import { utimes } from 'node:fs/promises'
import { globSync } from 'node:fs'
import path from 'node:path'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { newDocumentKey } from '../../server/adapters/documents.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { stage } from '../support/world.ts'

const { world, mails, runJobs, clock, idOf } = await stage()
const { sql } = world.database
const scope = JSON.stringify({ nameJa: '山田プレス工業株式会社' })

/** An application that waits for the employer until `due`. */
async function clarifying(due: Date): Promise<string> {
  const [row] = await sql`insert into applications (id, employer_id, standard_id, opened_by) select ${randomUUID()}, employer_id, 're-0.1.0', person_id from memberships where person_id = ${idOf('yamada')} returning id`
  await sql`update applications set submitted_at = now(), scope = ${scope}::jsonb where id = ${row?.id}`
  for (const next of ['submitted', 'accepted', 'desk_review', 'clarifying']) await sql`update applications set stage = ${next} where id = ${row?.id}`
  await sql`update applications set due_at = ${due.toISOString()}::timestamptz where id = ${row?.id}`
  return row?.id
}
const days = (many: number) => new Date(clock.now.getTime() + many * 86_400_000)
const end = (id: string) => sql`update applications set stage = 'withdrawn' where id = ${id}`

describe('a reminder', () => {
  it('goes out once a week before and once a day before', async () => {
    const id = await clarifying(days(7))
    mails.length = 0
    for (let run = 0; run < 3; run++) await sweep(world).then(runJobs)
    const week = mails.length
    clock.now = days(6)
    for (let run = 0; run < 3; run++) await sweep(world).then(runJobs)
    expect([week, mails.length, mails[0]?.to]).toEqual([1, 2, 'yamada@yamada-press.example'])
    await end(id)
  })

  it('is not sent when the answer came in the meantime', async () => {
    const id = await clarifying(days(1))
    mails.length = 0
    await sweep(world)
    await sql`update applications set stage = 'desk_review' where id = ${id}`
    await runJobs()
    const [row] = await sql`select sent_at, dropped_at is not null as dropped from mails where application_id = ${id}`
    expect([mails.length, row?.sent_at, row?.dropped]).toEqual([0, null, true])
    await end(id)
  })

  it('is not written when nothing is near', async () => {
    const id = await clarifying(days(12))
    await sweep(world)
    const [row] = await sql`select count(*)::int as mails from mails where application_id = ${id}`
    expect(row?.mails).toBe(0)
    await end(id)
  })
})

describe('stored bytes that no row knows', () => {
  it('are removed after a day and not before', async () => {
    const [old, young] = [newDocumentKey(), newDocumentKey()]
    for (const key of [old, young]) await world.documents.put(key, (async function* () { yield Buffer.from('x') })(), { type: 'text/plain' })
    const [file = ''] = globSync(`akashi-files-*/documents/**/${old}`, { cwd: tmpdir() })
    const twoDaysAgo = new Date(clock.now.getTime() - 2 * 86_400_000)
    const now = new Date(clock.now.getTime() - 3_600_000)
    await utimes(path.join(tmpdir(), file), twoDaysAgo, twoDaysAgo)
    const [fresh = ''] = globSync(`akashi-files-*/documents/**/${young}`, { cwd: tmpdir() })
    await utimes(path.join(tmpdir(), fresh), now, now)
    await sweep(world)
    expect([await world.documents.head(old), await world.documents.head(young)]).toEqual([undefined, { size: 1 }])
  })
})

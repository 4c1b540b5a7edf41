import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

// Issue 5: the employer hears of the days of its visit, and of every change to them; of a visit without notice, nothing.
const theatre = await stage()
const { as, idOf, mails, runJobs, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)

const plan = async (id: string, change: Record<string, unknown> = {}) => {
  const { body: { sites, head } } = await as('sato').get(`/applications/${id}/visit`)
  return as('sato').post(`/applications/${id}/visit`, { startsOn: '2026-12-01', endsOn: '2026-12-02', siteIds: sites.map((site: { id: string }) => site.id), team: '佐藤 誠', interpreterLanguages: 1, version: head.version, ...change })
}
const written = async (id: string) => (await sql<{ template: string; to_email: string }[]>`select template, to_email from mails where application_id = ${id} and template like 'visit\\_%' order by created_at, template`).map(({ template }) => template)

describe('days that are planned', () => {
  it('are told to the employer once, without the days, with what to do next and where', async () => {
    const id = await caseAt('desk_review'), once = randomUUID(), { body: { sites, head } } = await as('sato').get(`/applications/${id}/visit`)
    const form = { startsOn: '2026-12-01', endsOn: '2026-12-02', siteIds: sites.map((site: { id: string }) => site.id), team: '佐藤 誠', interpreterLanguages: 1, version: head.version, once }
    expect((await Promise.all([as('sato').post(`/applications/${id}/visit`, form), as('sato').post(`/applications/${id}/visit`, form)])).map(({ status }) => status)).toEqual([201, 201])
    const members = await sql`select 1 from memberships m join applications a on a.employer_id = m.employer_id where a.id = ${id}`
    expect(await written(id)).toEqual(members.map(() => 'visit_planned'))
    await runJobs()
    await runJobs()
    const told = mails.filter(({ subject }) => subject === '現地審査の日が決まりました')
    expect([told.length, told[0]?.text.includes('別の日を提案できます'), told[0]?.text.includes(`/applications/${id}/visit/dates`), told[0]?.text.includes('2026-12-01') || told[0]?.text.includes('12月1日')]).toEqual([members.length, true, true, false])
    const leads = await as('yamada').page(`/applications/${id}/visit/dates`)
    expect([leads.status, leads.text.includes('12月1日')]).toEqual([200, true])
  })

  it('are told again when they change, in the reader’s language; not when only the team does', async () => {
    const id = await caseAt('desk_review')
    await plan(id)
    expect((await plan(id, { team: 'Lee' })).status).toBe(201)
    expect(new Set(await written(id))).toEqual(new Set(['visit_planned']))
    await sql`update people set locale = 'en' where id = ${idOf('yamada')}`
    await runJobs()
    mails.length = 0
    expect([(await plan(id, { startsOn: '2026-12-03', endsOn: '2026-12-04' })).status, (await plan(id, { startsOn: '2026-12-08', endsOn: '2026-12-09' })).status]).toEqual([201, 201])
    await runJobs()
    await sql`update people set locale = 'ja' where id = ${idOf('yamada')}`
    expect(mails.map(({ subject }) => subject)).toEqual(['Days for the on-site audit have changed', 'Days for the on-site audit have changed'])
  })

  it('without notice are told by no mail, not when planned and not when changed', async () => {
    const id = await caseAt('desk_review')
    mails.length = 0
    for (const startsOn of ['2026-12-01', '2026-12-02']) expect((await plan(id, { startsOn, announcement: 'unannounced' })).status).toBe(201)
    await runJobs()
    expect([await written(id), mails.filter(({ text }) => text.includes(id))]).toEqual([[], []])
  })
})

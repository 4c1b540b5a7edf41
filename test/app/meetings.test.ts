import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const at = (id: string) => `/applications/${id}/visit/meetings`
const meeting = (change: object = {}) => ({ kind: 'closing', heldOn: '2026-11-24', heldTime: '09:30', who_employer: '山田 花子', who_worker_representative: '木村 一\n\n 高橋 二 ', who_assessor: '佐藤 誠', disagreements: '残業の数え方：会社は15分単位でよいと言う。', ...change })

describe('opening and closing meeting', () => {
  it('keep who attended, by part, the time and what stayed disputed; the employer reads it without the writer', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), meeting({ kind: 'opening', disagreements: '' }))).status).toBe(201)
    expect((await as('sato').post(at(id), meeting())).status).toBe(201)
    const { meetings } = (await as('yamada').get(at(id))).body
    expect(meetings.map(({ kind, heldAt, writtenBy, counts }: Record<string, unknown>) => [kind, heldAt, writtenBy, counts])).toEqual([['closing', '2026-11-24T00:30:00.000Z', null, true], ['opening', '2026-11-24T00:30:00.000Z', null, true]])
    expect(meetings[0].attendees).toEqual([{ role: 'employer', name: '山田 花子' }, { role: 'worker_representative', name: '木村 一' }, { role: 'worker_representative', name: '高橋 二' }, { role: 'assessor', name: '佐藤 誠' }])
    const page = (await as('yamada').page(at(id))).text
    expect([page.includes('15分単位'), page.includes('労働者の代表'), page.includes('/visit/meetings" ')]).toEqual([true, true, false])
    expect((await as('suzuki').get(at(id))).body.meetings[0].writtenBy).toBe('佐藤 誠')
    expect((await sql`select after from journal where application_id = ${id} and operation = 'meetings.keep'`).map(({ after }) => JSON.stringify(after)).join()).not.toMatch(/山田|15分/)
  })

  it('are put right by writing them anew; the earlier one stays and says so', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), meeting())
    await as('sato').post(at(id), meeting({ disagreements: '' }))
    expect((await as('sato').get(at(id))).body.meetings.map(({ counts, disagreements }: { counts: boolean; disagreements: string }) => [counts, disagreements === ''])).toEqual([[true, true], [false, false]])
    expect((await as('sato').page(at(id))).text).toContain('新しい記録に替わりました')
  })

  it.each([
    ['before the first day of the visit', 'opening', '2026-11-23', '18:00', ['meeting_in_the_visit']], ['the closing one before the opening one', 'closing', '2026-11-24', '07:59', ['meetings_in_order']],
    ['at the same time', 'closing', '2026-11-24', '08:00', undefined], ['later the same day', 'closing', '2026-11-24', '09:00', undefined],
  ])('are %s: %s on %s %s', async (_, kind, heldOn, heldTime, missing) => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), meeting({ kind: 'opening', heldTime: '08:00' }))
    expect((await as('sato').post(at(id), meeting({ kind, heldOn, heldTime }))).body.missing).toEqual(missing)
  })

  it('keep their order when the opening one is put right, until the visit is opened again', async () => {
    const id = await caseAt('visit_planned')
    for (const [kind, heldTime] of [['opening', '08:00'], ['closing', '09:00']] as const) await as('sato').post(at(id), meeting({ kind, heldTime }))
    const later = () => as('sato').post(at(id), meeting({ kind: 'opening', heldTime: '09:10' }))
    expect([(await later()).body.missing, (await as('sato').post(at(id), meeting({ kind: 'opening', heldTime: '08:30' }))).status]).toEqual([['meetings_in_order'], 201])
    await sql`update applications set stage_since = stage_since + interval '1 minute' where id = ${id}` // as a visit that was opened again has it
    expect((await later()).status).toBe(201)
  })

  it.each([
    ['nobody of the employer', { who_employer: ' ' }, 'who_employer'], ['no assessor', { who_assessor: '' }, 'who_assessor'], ['no time', { heldTime: '25:00' }, 'heldTime'], ['no such day', { heldOn: '2026-02-30' }, 'heldOn'], ['no kind', { kind: 'lunch' }, 'kind'],
  ])('are refused with %s, and what was typed comes back', async (_, change, field) => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), meeting(change))
    expect([status, body.errors.map((error: { field: string }) => error.field)]).toEqual([422, [field]])
    const page = await as('sato').submit(at(id), { ...meeting(change) as Record<string, string>, form: 'meeting' })
    expect([page.status, page.text.includes('15分単位'), page.text.includes('木村 一')]).toEqual([422, true, true])
  })

  it('are not written ahead, by others, or when the visit is closed', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), meeting({ heldOn: '2026-11-25' }))).body.missing).toEqual(['visit_over'])
    for (const [who, status] of [['yamada', 403], ['suzuki', 403], ['lee', 404]] as const) expect([who, (await as(who).post(at(id), meeting())).status]).toEqual([who, status])
    expect((await as('outsider').get(at(id))).status).toBe(404)
    expect((await as('sato').post(at(await caseAt('correcting')), meeting())).body.code).toBe('closed_for_changes')
  })
})

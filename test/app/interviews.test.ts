import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const at = (id: string) => `/applications/${id}/interviews`
const interview = (change: Record<string, unknown> = {}) =>
  ({ code: 'A-01', kind: 'single', people: 1, language: 'vi', minutes: 25, heldOn: '2026-11-24', notes: '給与明細は母語で読める。班長は親切。', ...change })
const fieldsOf = (body: { errors: { field: string }[] }) => body.errors.map(({ field }) => field)
const keptIn = async (id: string) => (await sql`select count(*)::int as kept from interviews where application_id = ${id}`)[0]?.kept

describe('an interview', () => {
  it('is kept by its code, as typed full-width and in small letters', async () => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), interview({ code: 'ａ－０１', minutes: '２５' }))
    expect([status, body.code]).toEqual([201, 'A-01'])
    expect((await as('sato').get(at(id))).body.interviews).toEqual([expect.objectContaining({ code: 'A-01', kind: 'single', people: 1, language: 'vi', minutes: 25, heldOn: '2026-11-24', writtenBy: '佐藤 誠' })])
  })

  it.each(['グエン', 'Nguyen Van An', 'A01', 'ABC-01', 'A-1', 'A-0001', 'A-01 タン', ''])('is refused under a name or a malformed code: %s', async code => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), interview({ code }))
    expect([status, fieldsOf(body), await keptIn(id)]).toEqual([422, ['code'], 0])
  })

  it.each([
    'タンさんは手数料を払っていない。', '山田氏に同席してもらった。', 'NGUYEN VAN AN は寮に住む。', 'Ms Tran said so.', '在留カード AB12345678CD を見た。', '電話 090-1234-5678', 'tran@mail.example に送る', '氏名：グエン',
  ])('is refused with a person in its notes: %s', async notes => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), interview({ notes }))
    expect([status, fieldsOf(body), await keptIn(id)]).toEqual([422, ['notes'], 0])
  })

  it.each(['班長さんと通訳さんは親切。皆さんに説明があった。', 'A-02 と同じ話。', 'The minimum wage is posted. OK.', '2026-11-24 の 22:00 から。'])('is kept when roles and codes stand for people: %s', async notes => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), interview({ notes }))).status).toBe(201)
  })

  it.each([
    ['two people in a one-to-one talk', { people: 2 }, 'people'], ['a group of two', { kind: 'group', people: 2 }, 'people'], ['a group of six', { kind: 'group', people: 6 }, 'people'],
    ['a language nobody offered', { language: 'fr' }, 'language'], ['no minutes', { minutes: '' }, 'minutes'], ['another form', { kind: 'phone' }, 'kind'], ['no date', { heldOn: '昨日' }, 'heldOn'],
  ])('is refused with %s', async (_, change, field) => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id), interview(change))
    expect([status, fieldsOf(body)]).toEqual([422, [field]])
  })

  it('uses a code once, and a form sent twice keeps one', async () => {
    const id = await caseAt('visit_planned')
    const once = randomUUID()
    const [first, second] = await Promise.all([as('sato').post(at(id), interview({ once })), as('sato').post(at(id), interview({ once }))])
    expect([first.status, second.status, await keptIn(id)]).toEqual([201, 201, 1])
    expect((await as('sato').post(at(id), interview())).body.code).toBe('already_exists')
  })

  it('is not written before it is held, nor before the visit is planned, nor after it is closed', async () => {
    expect((await as('sato').post(at(await caseAt('visit_planned')), interview({ heldOn: '2026-11-25' }))).body.missing).toEqual(['visit_over'])
    expect((await as('sato').post(at(await caseAt('desk_review')), interview())).body.code).toBe('closed_for_changes')
    expect((await as('sato').post(at(await caseAt('correcting')), interview())).body.code).toBe('closed_for_changes')
  })

  it('stays as it is', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), interview())
    await expect(sql`update interviews set notes = '' where application_id = ${id}`).rejects.toThrow('append-only')
    await expect(sql`delete from interviews where application_id = ${id}`).rejects.toThrow('append-only')
  })

  it('gives back what was typed when it is refused, with the reason at the field', async () => {
    const id = await caseAt('visit_planned')
    const { status, text } = await as('sato').submit(at(id), { code: 'A-01', kind: 'single', people: '1', language: 'vi', minutes: '25', heldOn: '2026-11-24', notes: 'タンさんは元気。' })
    expect([status, text.includes('タンさんは元気。'), text.includes('人の名前・電話番号'), text.includes('href="#field-notes"')]).toEqual([422, true, true, true])
  })
})

describe('how far the interviews are', () => {
  it('counts foreign workers alone and in groups, peers and representative apart', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(`/applications/${id}/visit/record`, { heldOn: '2026-11-24', openingMeeting: '社長', closingMeeting: '社長', workersInvited: 5, workersAgreed: 5, fees: 'no_fees', version: 1 })
    for (const code of ['A-01', 'A-02']) await as('sato').post(at(id), interview({ code }))
    await as('sato').post(at(id), interview({ code: 'G-01', kind: 'group', people: 3 }))
    await as('sato').post(at(id), interview({ code: 'P-01', kind: 'peer', people: 2, language: 'ja' }))
    await as('sato').post(at(id), interview({ code: 'R-01', kind: 'representative', language: 'ja' }))
    const { voice, nextCode, peersNeeded, representativesNeeded } = (await as('sato').get(at(id))).body
    expect({ ...voice, nextCode, peersNeeded, representativesNeeded }).toEqual({
      foreignWorkers: 5, workersInvited: 5, workersAgreed: 5, interviewedAlone: 2, interviewedInGroups: 3, sample: 5, asked: 5, heard: 5, aloneNeeded: 3, peers: 2, representatives: 1,
      held: false, gate: false, nextCode: 'A-03', peersNeeded: 2, representativesNeeded: 1,
    })
    await as('sato').post(at(id), interview({ code: 'A-03' }))
    expect((await as('sato').get(at(id))).body.voice).toMatchObject({ heard: 6, interviewedAlone: 3, aloneNeeded: 4, held: false })
  })

  it('holds the sample with 60 % alone, and passes the voice gate when all who agreed were heard alone', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(`/applications/${id}/visit/record`, { heldOn: '2026-11-24', openingMeeting: '社長', closingMeeting: '社長', workersInvited: 5, workersAgreed: 2, fees: 'no_fees', version: 1 })
    await as('sato').post(at(id), interview({ code: 'A-01' }))
    expect((await as('sato').get(at(id))).body.voice).toMatchObject({ asked: 2, heard: 1, held: false, gate: false })
    await as('sato').post(at(id), interview({ code: 'A-02' }))
    expect((await as('sato').get(at(id))).body.voice).toMatchObject({ asked: 2, heard: 2, held: true, gate: true })
    expect((await as('sato').page(at(id))).text).toContain('働く人の声の条件を満たしています')
    expect((await as('sato').page(at(id), 'en')).text).toContain('The voice gate is met')
  })
})

describe('who may hear of interviews', () => {
  it.each([['yamada', 403], ['outsider', 403], ['suzuki', 403], ['tanaka', 403], ['lee', 404]] as const)('gives %s neither page nor JSON, and takes nothing (%i)', async (who, status) => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), interview({ notes: '残業の記録がない日がある。' }))
    expect((await as('sato').get(at(id))).text).toContain('残業の記録がない日がある。')
    const answers = await Promise.all([as(who).get(at(id)), as(who).page(at(id)), as(who).post(at(id), interview({ code: 'B-01' }))])
    expect(answers.map(answer => answer.status)).toEqual([status, status, status])
    for (const { text } of answers) expect(text).not.toMatch(/残業の記録がない日がある|A-01/)
  })

  it('shows a stranger the door', async () => {
    expect((await anybody.get(at(await caseAt('visit_planned')))).status).toBe(401)
  })

  it('writes neither code nor words into the journal', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id), interview({ code: 'Z-99', notes: '夜勤の手当の話。' }))
    const [row] = await sql`select string_agg(coalesce(after::text, '') || coalesce(before::text, ''), ' ') as told, count(*)::int as entries from journal where application_id = ${id} and operation = 'interviews.keep'`
    expect([row?.entries, row?.told]).toEqual([1, '{"kind": "single"}'])
  })
})

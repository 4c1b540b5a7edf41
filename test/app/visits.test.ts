import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { jpeg, pdf, png } from '../support/evidence-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, clock, idOf, runJobs, world: { database: { sql } } } = theatre
const { caseAt, stageOf } = benchOn(theatre)
const morning = clock.now
beforeEach(() => { clock.now = morning })
const at = (id: string, more = '') => `/applications/${id}/visit${more}`

async function planFor(id: string, change: Record<string, unknown> = {}) {
  const { body } = await as('sato').get(at(id))
  const siteIds = body.sites.map((site: { id: string }) => site.id)
  return { startsOn: '2026-12-01', endsOn: '2026-12-02', siteIds, team: '佐藤 誠、通訳 Nguyễn', interpreterLanguages: 1, version: body.head.version, ...change }
}
const dayOf = (change: Record<string, unknown> = {}) =>
  ({ heldOn: '2026-11-24', openingMeeting: '社長と班長が出席', closingMeeting: '指摘2件を伝えた', workersInvited: '５', workersAgreed: '4', fees: 'no_fees', version: 1, ...change })

describe('the plan', () => {
  it('reckons person-days and the interview sample, and shows each addition', async () => {
    const id = await caseAt('desk_review')
    const { bench } = (await as('sato').get(`${at(id)}?interpreterLanguages=2&nightShift=yes`)).body
    expect(bench.draft.calculation.effort).toEqual({ onSiteDays: 2, deskDays: 1, factor: 1, beyondTable: false, lines: [
      { what: 'main_site', count: 1, days: 1.5 }, { what: 'interpreter', count: 1, days: 0.25 }, { what: 'night_shift', count: 1, days: 0.25 }] })
    expect(bench.draft.calculation.sample).toMatchObject({ total: 5, oneToOne: 5, foreignWorkers: 5, reasons: { table: 5, amfori: 5, nationalities: 1 } })
  })

  it('takes the case to the visit, keeps the calculation and is due with the report', async () => {
    const id = await caseAt('desk_review')
    const answer = await as('sato').post(at(id), await planFor(id))
    expect([answer.status, answer.body.stage, answer.location]).toEqual([201, 'visit_planned', at(id)])
    const [row] = await sql`select starts_on, ends_on, person_days, interviews_planned, calculation->'effort'->>'onSiteDays' as reckoned, planned_by from visits where application_id = ${id}`
    expect(row).toEqual({ starts_on: '2026-12-01', ends_on: '2026-12-02', person_days: '1.50', interviews_planned: 5, reckoned: '1.5', planned_by: idOf('sato') })
    const [due] = await sql`select due_at at time zone 'Asia/Tokyo' as due_at from applications where id = ${id}`
    expect(due).toEqual({ due_at: '2026-12-16 23:59:59.999' })
  })

  it('is kept once when the button is pressed twice', async () => {
    const id = await caseAt('desk_review')
    const body = await planFor(id, { once: randomUUID() })
    const [first, second] = await Promise.all([as('sato').post(at(id), body), as('sato').post(at(id), body)])
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
    expect((await sql`select count(*)::int as visits from visits where application_id = ${id}`)[0]).toEqual({ visits: 1 })
  })

  it.each([
    ['leaves out a workplace', { siteIds: [] }, ['every_workplace', 'known_sites']],
    ['lies in the past', { startsOn: '2026-11-23', endsOn: '2026-11-23' }, ['visit_ahead']],
    ['lasts longer than a month', { startsOn: '2026-12-01', endsOn: '2027-01-01' }, ['visit_short_enough']],
    ['asks for fewer interviews than the sample', { interviewsPlanned: 4, justification: '都合により' }, ['enough_interviews']],
    ['changes the person-days without a reason', { personDays: '1' }, ['justification']],
    ['names a place that is not in the application', { siteIds: [randomUUID()] }, ['every_workplace', 'known_sites']],
  ])('is refused when it %s', async (_, change, missing) => {
    const id = await caseAt('desk_review')
    const { status, body } = await as('sato').post(at(id), await planFor(id, change))
    expect([status, body.code, body.missing]).toEqual([409, 'needs', missing])
    expect(await stageOf(id)).toEqual({ stage: 'desk_review', version: 3 })
  })

  it.each([
    ['a day that does not exist', { startsOn: '2026-02-30' }, 'startsOn'], ['an end before the start', { endsOn: '2026-11-30' }, 'endsOn'], ['no team', { team: ' \u3000' }, 'team'],
    ['half a language', { interpreterLanguages: '1.5' }, 'interpreterLanguages'], ['person-days in words', { personDays: '二日' }, 'personDays'], ['a control character', { team: 'a\u0000b' }, 'team'],
  ])('says which field is wrong: %s', async (_, change, field) => {
    const id = await caseAt('desk_review')
    const { status, body } = await as('sato').post(at(id), await planFor(id, change))
    expect([status, body.errors.map((error: { field: string }) => error.field)]).toEqual([422, [field]])
  })

  it('takes more person-days and interviews with a reason, also full-width', async () => {
    const id = await caseAt('desk_review')
    await as('sato').post(at(id), await planFor(id, { personDays: '２．２５', justification: '寮が遠い' }))
    const { plan } = (await as('sato').get(at(id))).body
    expect([plan.personDays, plan.interviewsPlanned, plan.justification]).toEqual([2.25, 5, '寮が遠い'])
  })

  it('is not made from a stale page, and what was typed comes back', async () => {
    const id = await caseAt('desk_review')
    expect((await as('sato').post(at(id), await planFor(id, { version: 2 }))).body.code).toBe('stale')
    const page = await as('sato').submit(at(id), { startsOn: '2026-12-01', endsOn: '2026-12-02', team: '佐藤と通訳', interpreterLanguages: '1', form: 'plan', version: '2' })
    expect([page.status, page.text.includes('佐藤と通訳'), page.text.includes('ほかの人が先に変更しました')]).toEqual([409, true, true])
  })

  it('waits until every criterion is rated', async () => {
    const id = await caseAt('desk_review')
    await sql`alter table ratings disable trigger ratings_replace_the_one_before`
    await sql`delete from ratings where application_id = ${id} and criterion = 'RE-01.1'`
    await sql`alter table ratings enable always trigger ratings_replace_the_one_before`
    const { status, body } = await as('sato').post(at(id), await planFor(id))
    expect([status, body.missing]).toEqual([409, ['criteria_rated']])
    expect((await sql`select count(*)::int as visits from visits where application_id = ${id}`)[0]).toEqual({ visits: 0 })
  })

  it('can be changed until the day is on record, with before and after in the journal', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id), await planFor(id))).status).toBe(201)
    const [entry] = await sql`select before->>'startsOn' as before, after->>'startsOn' as after from journal where application_id = ${id} and operation = 'visits.plan_again'`
    expect(entry).toEqual({ before: '2026-11-24', after: '2026-12-01' })
    const early = await as('sato').post(at(id, '/record'), dayOf({ version: 2 })) // before the first day nothing can have been held
    clock.now = new Date('2026-12-01T08:00:00Z')
    const onTheDay = await as('sato').post(at(id, '/record'), dayOf({ version: 2, heldOn: '2026-12-01' }))
    expect([early.body.missing, onTheDay.status, (await as('sato').post(at(id), await planFor(id))).body.code]).toEqual([['visit_over'], 201, 'closed_for_changes'])
    clock.now = new Date('2026-11-24T01:00:00Z')
  })
})

describe('who sees what of the visit', () => {
  it('shows the employer dates, team and effort, and nothing of the bench', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id, '/record'), dayOf())
    expect((await as('sato').get(at(id))).body.bench.record.workersAgreed).toBe('4')
    const { status, body } = await as('yamada').get(at(id))
    expect([status, body.bench, body.plan.startsOn, body.plan.personDays]).toEqual([200, null, '2026-11-24', 1.5])
    expect(JSON.stringify(body)).not.toMatch(/workersAgreed|班長/)
    expect((await as('yamada').page(at(id))).text).not.toMatch(/班長|応じた人/)
  })

  it('says to the employer that no day is fixed yet', async () => {
    const id = await caseAt('desk_review')
    expect((await as('yamada').page(at(id))).text).toContain('訪問の日は、まだ決まっていません')
  })

  it.each([['yamada', 403], ['outsider', 403], ['suzuki', 403], ['tanaka', 403], ['lee', 404]] as const)('lets %s neither plan, record, close nor read notes (%i)', async (who, status) => {
    const id = await caseAt('visit_planned')
    const answers = await Promise.all([as(who).post(at(id), await planFor(id)), as(who).post(at(id, '/record'), dayOf()), as(who).post(at(id, '/closing'), { version: 4 }), as(who).get(at(id, '/notes'))])
    expect(answers.map(answer => answer.status)).toEqual([status, status, status, status])
  })

  it('sends strangers to the door and other employers nowhere', async () => {
    const id = await caseAt('visit_planned')
    expect([(await anybody.get(at(id))).status, (await as('outsider').get(at(id))).status, (await as('outsider').page(at(id))).status]).toEqual([401, 404, 404])
  })
})

describe('the record of the day', () => {
  it('is kept with full-width figures and can be put right', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id, '/record'), dayOf())).status).toBe(201)
    expect((await as('sato').post(at(id, '/record'), dayOf({ version: 2, workersAgreed: 5 }))).status).toBe(201)
    const { record, voice } = (await as('sato').get(at(id))).body.bench
    expect(record).toMatchObject({ heldOn: '2026-11-24', workersInvited: '5', workersAgreed: '5', fees: 'no_fees', version: 3 })
    expect([voice.asked, voice.heard, voice.gate]).toEqual([5, 0, false])
  })

  it('is refused when somebody else wrote it meanwhile', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id, '/record'), dayOf())
    expect((await as('sato').post(at(id, '/record'), dayOf({ workersAgreed: 1 }))).body.code).toBe('stale')
  })

  it.each([
    ['more agreed than were invited', { workersAgreed: 6 }, 'workersAgreed'], ['no answer about fees', { fees: 'some' }, 'fees'], ['an empty opening meeting', { openingMeeting: '' }, 'openingMeeting'],
    ['a number in words', { workersInvited: '五人' }, 'workersInvited'],
  ])('is refused with %s', async (_, change, field) => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(at(id, '/record'), dayOf(change))
    expect([status, body.errors[0].field]).toEqual([422, field])
  })

  it('is not written ahead: tomorrow in Japan is not yet', async () => {
    const id = await caseAt('visit_planned')
    clock.now = new Date('2026-11-24T14:59:59Z')
    expect((await as('sato').post(at(id, '/record'), dayOf({ heldOn: '2026-11-25' }))).body.missing).toEqual(['visit_over'])
    clock.now = new Date('2026-11-24T15:00:00Z')
    expect((await as('sato').post(at(id, '/record'), dayOf({ heldOn: '2026-11-25' }))).status).toBe(201)
  })
})

describe('notes and photos', () => {
  const photo = { name: '非常口（寮）.jpg', type: 'image/jpeg', bytes: jpeg }

  it('keeps notes by criterion, newest first, and never rewrites one', async () => {
    const id = await caseAt('visit_planned')
    await as('sato').post(at(id, '/notes'), { criterion: 'RE-08.3', note: '光線式安全装置が働いていた。' })
    clock.now = new Date(clock.now.getTime() + 1000)
    await as('sato').post(at(id, '/notes'), { criterion: 'RE-08.5', note: '非常口の前に台車。' })
    const { notes, topics } = (await as('sato').get(at(id, '/notes'))).body
    expect(notes.map((note: { criterion: string; note: string }) => [note.criterion, note.note])).toEqual([['RE-08.5', '非常口の前に台車。'], ['RE-08.3', '光線式安全装置が働いていた。']])
    expect(topics.find((topic: { id: string }) => topic.id === 'RE-08.5').notes).toBe(1)
    await expect(sql`update visit_notes set note = 'x' where application_id = ${id}`).rejects.toThrow('append-only')
  })

  it.each([[{ criterion: 'RE-99.9', note: 'x' }, 404], [{ criterion: '', note: 'x' }, 422], [{ criterion: 'RE-08.3', note: ' ' }, 422]])('refuses a note without criterion or words: %j', async (body, status) => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').post(at(id, '/notes'), body)).status).toBe(status)
  })

  it('keeps a photo with its note; the employer gets neither', async () => {
    const id = await caseAt('visit_planned')
    const { status, body } = await as('sato').upload(at(id, '/notes/photos'), photo, { criterion: 'RE-09.2', note: '寮1階の非常口' })
    expect(status).toBe(201)
    await runJobs()
    expect((await as('sato').get(at(id, '/notes'))).body.notes[0]).toMatchObject({ criterion: 'RE-09.2', note: '寮1階の非常口', photo: { id: body.documentId, name: '非常口（寮）.jpg', scan: 'clean' } })
    expect((await as('sato').get(`/documents/${body.documentId}`)).status).toBe(200)
    expect([(await as('yamada').get(`/documents/${body.documentId}`)).status, (await as('yamada').upload(at(id, '/notes/photos'), photo, {})).status]).toEqual([404, 403])
  })

  it('takes pictures only, and never a photo without a note', async () => {
    const id = await caseAt('visit_planned')
    const refused = [
      await as('sato').upload(at(id, '/notes/photos'), { name: '報告.pdf', type: 'application/pdf', bytes: await pdf() }, { criterion: 'RE-09.2', note: 'x' }),
      await as('sato').upload(at(id, '/notes/photos'), { name: 'a.png', type: 'image/png', bytes: png }, { criterion: 'RE-09.2' }),
      await as('sato').upload(at(id, '/notes/photos'), { name: 'a.png', type: 'image/png', bytes: png }, { criterion: 'RE-99.9', note: 'x' }),
    ]
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([[415, 'file_kind_not_allowed'], [409, 'needs'], [404, 'not_found']])
    expect((await sql`select count(*)::int as photos from documents where application_id = ${id}`)[0]).toEqual({ photos: 0 })
  })
})

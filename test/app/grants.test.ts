import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { interviews } from '../../schema/visits.ts'
import { bandOrNothing } from '../../server/domain/anonymity.ts'
import { bandOf } from '../../server/domain/bands.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { supplyOn } from '../support/supply.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, idOf, world: { database: { db, sql } } } = theatre
const { supplierOf } = supplyOn(theatre)
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
const once = () => ({ once: randomUUID() })
const codes = { minato: 'B-MNAT-0001', hoshi: 'B-HOSH-0002' }
const granted = async (code = codes.minato) => (await as('yamada').post('/employer/grants', { code, ...once() }))
const summaryOf = async (id: string, who: 'minato' | 'hoshi' = 'minato') => as(who).get(`/audit-summaries/${id}`)

let applicationId = '', number = ''
beforeAll(async () => {
  applicationId = await awaiting({ employerId: await employerOf('yamada'), exclusions: '構内の請負会社' })
  const sealed = ['findings', 'finding_responses', 'finding_reviews'] // they are raised and answered before a file is sealed; the fixture begins after it
  for (const table of sealed) await sql.unsafe(`alter table ${table} disable trigger ${table}_are_sealed`)
  const [minor, seen, response] = [randomUUID(), randomUUID(), randomUUID()]
  for (const [id, grade, statement] of [[minor, 'minor', '秘密の指摘：寮の鍵'], [seen, 'observation', '気づき']]) {
    await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${id ?? ''}, ${applicationId}, 'RE-07.1', '1', ${grade ?? ''}, ${statement ?? ''}, ${idOf('sato')})`
  }
  await sql`insert into finding_responses (id, finding_id, cause, correction, corrective_action, done, responded_by) values (${response}, ${minor}, '秘密の原因', 'x', 'x', 'planned', ${idOf('yamada')})`
  await sql`insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by) values (${randomUUID()}, ${minor}, ${response}, 'plan_accepted', ${idOf('sato')})`
  for (const table of sealed) await sql.unsafe(`alter table ${table} enable always trigger ${table}_are_sealed`)
  const { status, body } = await as('tanaka').post(`/applications/${applicationId}/decision`, await decisionOn(applicationId))
  expect([status, body.code]).toEqual([201, undefined])
  number = body.certificateNumber
  await theatre.runJobs()
  const holder = number.slice(0, 17)
  for (const who of ['minato', 'hoshi'] as const) await supplierOf(who, { holder })
})

describe('granting', () => {
  it.each(['B-MNAT-0001', 'b-mnat-0001', 'Ｂ－ＭＮＡＴ－０００１', ' BMNAT0001 '])('shows whose code %j is before anything is granted', async code => {
    const { text } = await as('yamada').page(`/employer/grants/new?code=${encodeURIComponent(code)}`)
    expect([text.includes('湊自動車株式会社'), text.includes('action="/employer/grants"'), (await as('minato').get('/audit-summaries')).body.summaries]).toEqual([true, true, []])
  })

  it('answers an unknown code plainly, on the page and when it is sent', async () => {
    expect((await as('yamada').get('/employer/grants/new?code=B-XXXX-XXXX')).body).toEqual({ code: 'B-XXXX-XXXX', buyer: null, granted: false })
    expect((await as('yamada').page('/employer/grants/new?code=%00%27%25')).status).toBe(200)
    expect((await as('yamada').page('/employer/grants/new?code=B-XXXX-XXXX')).text).toContain('コード「B-XXXX-XXXX」の発注企業はありません')
    const { status, body } = await granted('B-XXXX-XXXX')
    expect([status, body.code]).toEqual([422, 'buyer_code_unknown'])
  })

  it('opens the summary to this buyer alone; a watcher, an invited one and everybody else get 404', async () => {
    const { body: { id } } = await granted()
    expect([(await summaryOf(id)).status, (await summaryOf(id, 'hoshi')).status, (await as('outsider').get(`/audit-summaries/${id}`)).status, (await anybody.get(`/audit-summaries/${id}`)).status]).toEqual([200, 404, 403, 401])
    expect([(await summaryOf(await employerOf('yamada'))).status, (await summaryOf(applicationId)).status, (await as('hoshi').get('/audit-summaries')).body.summaries]).toEqual([404, 404, []])
    expect((await granted()).body.code).toBe('already_exists')
    expect((await as('outsider').post(`/employer/grants/${id}/withdrawal`, once())).status).toBe(404)
    expect((await as('yamada').post(`/employer/grants/${id}/withdrawal`, once())).status).toBe(201)
    expect([(await summaryOf(id)).status, (await as('minato').get('/audit-summaries')).body.summaries, (await as('yamada').post(`/employer/grants/${id}/withdrawal`, once())).status]).toEqual([404, [], 404])
  })

  it('keeps its history for the employer, and a new grant is a new one', async () => {
    const { body: { id } } = await granted()
    const { body } = await as('yamada').get('/employer/buyers')
    expect(body.grants.map(({ code, withdrawnAt }: { code: string; withdrawnAt: string | null }) => [code, withdrawnAt === null])).toEqual([[codes.minato, true], [codes.minato, false]])
    expect([body.grants[0].id === id, (await summaryOf(body.grants[1].id)).status]).toEqual([true, 404])
    expect((await as('yamada').get('/employer/buyers')).text).not.toContain('星電機') // who watches is told to nobody
  })

  it('is limited for a person who tries codes one after the other', async () => {
    const statuses: number[] = []
    for (let nth = 0; nth < 21; nth += 1) statuses.push((await as('outsider').get(`/employer/grants/new?code=B-AAAA-00${10 + nth}`)).status)
    expect([statuses.slice(0, 20).every(status => status === 200), statuses.at(-1)]).toEqual([true, 429])
    expect((await as('yamada').get('/employer/grants/new?code=B-XXXX-XXXX')).status).toBe(200)
  })
})

describe('the summary', () => {
  it('tells numbers and the words of the certificate', async () => {
    const [{ id }] = (await as('minato').get('/audit-summaries')).body.summaries
    const { body } = await summaryOf(id)
    expect(body).toMatchObject({
      number, standing: 'certified', personDays: 1.5, visit: { startsOn: '2026-11-19', endsOn: '2026-11-20' }, decidedOn: '2026-11-24', interviewed: null, fewest: 10,
      scope: { workplaces: 1, housing: 1, exclusions: [{ ja: '構内の請負会社' }] }, surveillance: { overdue: false }, corrections: { closed: 0, inTime: 0 },
    })
    expect(body.findings).toEqual([{ grade: 'zero_tolerance', open: 0, closed: 0 }, { grade: 'major', open: 0, closed: 0 }, { grade: 'minor', open: 1, closed: 0 }, { grade: 'collaborative', open: 0, closed: 0 }])
    expect([body.sections.length, body.sections.find(({ section }: { section: string }) => section === 'S07').result]).toEqual([14, 'minor_open'])
  })

  it('says nothing of workers, of what was found and of who assessed, although it is all there', async () => {
    const [{ id }] = (await as('minato').get('/audit-summaries')).body.summaries
    expect(await db.$count(interviews)).toBeGreaterThan(3)
    const told = [(await summaryOf(id)).text, (await as('minato').page(`/audit-summaries/${id}`)).text].join('')
    expect(['秘密の指摘', '秘密の原因', '気づき', '寮の門限', 'A-01', '佐藤 誠', '田中', 'VN', 'ベトナム', 'technical_intern', '技能実習', applicationId, await employerOf('yamada'), '毎月、記録', '基準に適合していると'].filter(secret => told.includes(secret))).toEqual([])
    expect(told).toContain('佐藤社会保険労務士事務所') // the organisation, as on the certificate
  })

  it.each([[0, null], [9, null], [10, '1–10'], [11, '11–50'], [60, '51–100']])('of %i interviewed says %j', (people, said) => expect(bandOrNothing(people, bandOf)).toBe(said))

  it.each([['ja', '審査の要約', '軽微な不適合'], ['en', 'Audit summary', 'Next surveillance']])('reads in %s', async (lang, ...words) => {
    const [{ id }] = (await as('minato').get('/audit-summaries')).body.summaries
    const { text } = await as('minato').page(`/audit-summaries/${id}`, lang)
    for (const word of words) expect(text).toContain(word)
  })
})

describe('the pages', () => {
  it('say what to do when there is nothing', async () => {
    expect((await as('hoshi').page('/audit-summaries')).text).toContain('見せてもらっている要約はまだありません')
    expect((await as('outsider').page('/employer/buyers')).text).toContain('承諾した招待はありません')
    expect((await as('yamada').page('/employer')).text).toContain('/employer/buyers')
  })
})

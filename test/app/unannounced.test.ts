import ICAL from 'ical.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { exportsOn, unpacked } from '../support/export-files.ts'
import { stage } from '../support/world.ts'

// Issue 5, done when 3: no route tells an unannounced date, nor that there is one, to the employer or to anybody else but the team and the secretariat.
// Whatever they can read is the same to the letter with and without the plan: pages, JSON, feeds, exports, and what is mailed.
const theatre = await stage()
const { app, as, anybody, clock, idOf, mails, runJobs, world: { database: { sql } } } = theatre
const { caseAt, stageOf } = benchOn(theatre)
const { assigned } = casesOn(theatre)
const morning = clock.now
const day = '2026-12-17', dayAsWritten = ['2026-12-17', '20261217', '12月17日', '17 December', 'Dec 17', '2026-12-18', '20261218']
const readers = { yamada: as('yamada'), outsider: as('outsider'), minato: as('minato'), hoshi: as('hoshi'), tanaka: as('tanaka'), ito: as('ito'), lee: as('lee'), anybody }
type Reader = keyof typeof readers
let id = '', pages: string[] = [], quiet: Record<string, string> = {}, packed: Record<string, string> = {}
const feeds: Partial<Record<Reader | 'sato' | 'suzuki', string>> = {}

const filled = (url: string) => url.replaceAll(/:(\w+)/g, (_, name: string) => ({ criterion: 'RE-01.1', section: 'S01', kind: 'code_of_conduct', number: 'RE-JP-2026-000001-1-X' })[name] ?? id).replace('*', '0')
const withoutTokens = (text: string) => text.replaceAll(/name="once" value="[^"]*"/g, '').replaceAll(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, 'jws').replaceAll(/"signature":\s*"[^"]*"/g, '').replaceAll(/— \S+ \S+/g, '— signature').replaceAll(/"requestId":"[^"]*"/g, '')

async function readableBy(who: Reader): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const page of [...pages, ...feeds[who] ? [feeds[who]] : []]) {
    for (const answer of page.endsWith('.ics') ? [await anybody.get(page)] : [await readers[who].get(page), await readers[who].page(page)]) seen[`${who} ${page} ${answer.headers['content-type']}`] = `${answer.status} ${withoutTokens(answer.text)}`
  }
  return seen
}
const everything = async () => Object.assign({}, ...await Promise.all((Object.keys(readers) as Reader[]).map(readableBy))) as Record<string, string>
/** What the employer takes along, but for the signature and the record of its own taking. */
const { take } = exportsOn(theatre)
async function takenAlong(): Promise<Record<string, string>> {
  const files = await unpacked((await take('yamada', id)).zip)
  return Object.fromEntries([...files].filter(([name]) => !name.startsWith('manifest')).map(([name, bytes]) => [name, bytes.toString('utf8')]))
}
const differing = (one: Record<string, string>, other: Record<string, string>) => Object.keys(one).filter(key => one[key] !== other[key])
const feedOf = async (who: 'sato' | 'suzuki' | Exclude<Reader, 'anybody'>) => new URL((await as(who).post('/calendar')).body.url).pathname
const eventsOf = async (path: string) => new ICAL.Component(ICAL.parse((await anybody.get(path)).text)).getAllSubcomponents('vevent').map(one => new ICAL.Event(one)).map(({ summary, startDate }) => `${startDate} ${summary}`)
const planFor = async (change: object = {}) => {
  const { body } = await as('sato').get(`/applications/${id}/visit`)
  return { startsOn: day, endsOn: '2026-12-18', siteIds: body.sites.map((site: { id: string }) => site.id), team: '佐藤 誠', interpreterLanguages: 1, announcement: 'unannounced', personDays: '2.25', justification: '予告しないため', version: body.head.version, ...change }
}

beforeAll(async () => {
  id = await caseAt('desk_review')
  pages = [...new Set(app.routeTable.filter(({ method }) => method === 'GET').map(({ url }) => filled(url)))].filter(url => !/\.(xlsx|zip|ics)$/.test(url)).concat(`/applications/${id}/visit?startsOn=${day}`, '/assessments?x=1')
  for (const who of ['yamada', 'outsider', 'minato', 'hoshi', 'tanaka', 'ito', 'lee', 'sato', 'suzuki'] as const) feeds[who] = await feedOf(who)
  for (const path of Object.values(feeds)) await anybody.get(path) // the page says on which day a feed was read last
  await runJobs()
  quiet = await everything()
  packed = await takenAlong()
}, 300_000)

describe('an unannounced visit', () => {
  it('is planned by the assessor: the case does not move', { timeout: 60_000 }, async () => {
    const [before] = await sql`select stage, stage_since, due_at, version from applications where id = ${id}`
    mails.length = 0
    const { status, body } = await as('sato').post(`/applications/${id}/visit`, await planFor())
    expect([status, body.stage]).toEqual([201, 'desk_review'])
    const [after] = await sql`select stage, stage_since, due_at, version from applications where id = ${id}`
    expect(after).toEqual(before)
    await runJobs()
    expect(mails).toEqual([])
    expect((await sql`select 1 from journal where application_id = ${id} and operation like 'visits.%' and employer_id is not null`).length).toBe(0)
  })

  it('changes not a letter of what the employer, a buyer, the public, the committee, a decider or another assessor can read', { timeout: 300_000 }, async () => {
    expect([pages.length > 100, Object.keys(quiet).length > 1000, differing(quiet, quiet)]).toEqual([true, true, []])
    const now = await everything()
    expect(differing(quiet, now)).toEqual([])
    expect([Object.keys(packed).length, await takenAlong()]).toEqual([1, packed])
    expect(Object.entries(now).filter(([key, text]) => !key.includes('startsOn=') && dayAsWritten.some(written => text.includes(written))).map(([key]) => key)).toEqual([])
  })

  it('is there for its team and the secretariat, so the matrix above is about something', async () => {
    for (const who of ['sato', 'suzuki'] as const) expect([who, (await as(who).get(`/applications/${id}/visit`)).body.plan?.startsOn]).toEqual([who, day])
    expect((await as('sato').page(`/applications/${id}/visit`)).text).toContain('会社には知らせていません')
    expect(await eventsOf(String(feeds.sato))).toEqual([`${day} 予告なしの現地審査(会社に知らせない)：山田プレス工業株式会社`])
    expect((await anybody.get(String(feeds.suzuki))).text).not.toContain('20261217')
  })

  it('is not moved, begun or seen by who is not of the team', async () => {
    for (const [who, status] of [['yamada', 403], ['suzuki', 403], ['lee', 404]] as const) expect([who, (await as(who).post(`/applications/${id}/visit/beginning`, { version: 3 })).status]).toEqual([who, status])
    await assigned(id, 'lee', { declared: false }) // C3: no declaration, no calendar
    expect((await anybody.get(String(feeds.lee))).text).not.toContain('20261217')
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('lee')} and ended_at is null`
  })

  it('vanishes from the calendar and the pages of an assessor who is removed; the plan stays for the next one', async () => {
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('sato')} and ended_at is null`
    expect([await eventsOf(String(feeds.sato)), (await as('sato').get(`/applications/${id}/visit`)).status]).toEqual([[], 404])
    await assigned(id, 'lee')
    expect((await as('lee').get(`/applications/${id}/visit`)).body.plan.startsOn).toBe(day)
    await sql`update assignments set ended_at = now() where application_id = ${id} and person_id = ${idOf('lee')} and ended_at is null`
    await assigned(id, 'sato')
  })

  it('is not told by a plan that is moved, and its reason for other numbers stays on record', async () => {
    const before = await readableBy('yamada')
    expect((await as('sato').post(`/applications/${id}/visit`, await planFor({ personDays: '2.5', justification: '寮が二つ' }))).status).toBe(201)
    expect(differing(before, await readableBy('yamada'))).toEqual([])
    const { numbers } = (await as('sato').get(`/applications/${id}/visit`)).body
    expect(numbers.map(({ personDays, justification }: { personDays: number; justification: string }) => [personDays, justification])).toEqual([[2.5, '寮が二つ'], [2.25, '予告しないため']])
  }, 60_000)

  it('cannot begin before its day', async () => {
    const { status, body } = await as('sato').post(`/applications/${id}/visit/beginning`, { version: 3 })
    expect([status, body.missing]).toEqual([409, ['visit_day']])
    expect((await as('sato').page(`/applications/${id}/visit`)).text).not.toContain('/visit/beginning"')
  })

  it('begins at the door: now the case is at its visit, and the employer sees it', async () => {
    clock.now = new Date(`${day}T09:00:00+09:00`)
    expect((await as('sato').page(`/applications/${id}/visit`)).text).toContain('/visit/beginning"')
    const { status } = await as('sato').post(`/applications/${id}/visit/beginning`, { version: 3 })
    expect([status, (await stageOf(id))?.stage]).toEqual([201, 'visit_planned'])
    expect((await as('yamada').get(`/applications/${id}/visit`)).body.plan.startsOn).toBe(day)
    expect(await eventsOf(String(feeds.yamada))).toContain(`${day} 現地審査：山田プレス工業株式会社`)
    expect((await as('sato').post(`/applications/${id}/visit/beginning`, { version: 4 })).body.code).toBe('closed_for_changes')
    clock.now = morning
  })
})

describe('an announced visit', () => {
  it('never becomes unannounced', async () => {
    id = await caseAt('visit_planned')
    const { status, body } = await as('sato').post(`/applications/${id}/visit`, await planFor())
    expect([status, body.missing]).toEqual([409, ['announced_already']])
  })

  it('may follow from an unannounced plan, and is then known', async () => {
    id = await caseAt('desk_review')
    await as('sato').post(`/applications/${id}/visit`, await planFor())
    expect((await as('sato').post(`/applications/${id}/visit`, await planFor({ announcement: 'announced' }))).body.stage).toBe('visit_planned')
    expect((await as('yamada').get(`/applications/${id}/visit`)).body.plan.startsOn).toBe(day)
  })
})

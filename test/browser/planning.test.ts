import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { employerPopulations, employerSites } from '../../schema/employers.ts'
import type { CastName } from '../../scripts/seed.ts'
import { benchOn } from '../support/bench.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { casesOn } from '../support/cases.ts'
import { standard } from '../support/standard.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Issue 5, done when 1: planning for an employer of twelve with two dormitories, the numbers equal to the tables of the standard. The acts with JavaScript off, the looks with it on.
const theatre = await stage()
const { app, world: { database: { db, sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { employerOf } = casesOn(theatre)
const missing = await whyNoBrowser()

const { onSitePersonDays, addOns, amforiBsciComparison } = standard.auditEffort
const rowOfTwelve = onSitePersonDays.find(({ workers }) => workers === '11-50')
const days = (rowOfTwelve?.days ?? 0) + addOns.eachExtraHousingSite + addOns.eachExtraLanguageInterpreter + addOns.nightShift
const ruleOfNine = standard.interviewSampling.foreignWorkerInterviews.find(({ foreignWorkers }) => foreignWorkers === '6-10')?.interviews

describe.skipIf(missing)(`planning, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string
  beforeAll(async () => {
    const employerId = await employerOf('yamada')
    await db.insert(employerSites).values({ employerId, kind: 'housing', nameJa: '第二寮', addressJa: '神奈川県厚木市見本7-8', people: 3 })
    await db.insert(employerPopulations).values([{ employerId, nationality: 'VN', residenceStatus: 'student', people: 2 }, { employerId, nationality: 'NP', residenceStatus: 'specified_skilled_1', people: 2 }])
    id = await caseAt('desk_review')
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const visitorAs = (who: CastName, options = {}) => signedIn(browser, url, theatre.cookieOf(who), options)
  const plain = { javaScriptEnabled: false }

  it('the employer says when it cannot, the assessor proposes, the employer agrees with one press', { timeout: 120_000 }, async () => {
    const [employer, assessor] = [await visitorAs('yamada', plain), await visitorAs('sato', plain)]
    await employer.page.setViewportSize({ width: 390, height: 844 })
    await employer.open(`/applications/${id}`)
    await employer.follow(`/applications/${id}/visit/dates`)
    await employer.submit('/dates/unavailable', { startsOn: '2026-12-28', endsOn: '2027-01-05', reason: '年末年始の休業' })
    await assessor.open(`/applications/${id}/visit/dates`)
    await assessor.submit('/dates/proposals', { startsOn: '2027-01-05', endsOn: '2027-01-06', note: '夜勤も見ます' })
    expect([await assessor.text(), await assessor.page.locator('[name=note]').inputValue()]).toEqual([expect.stringContaining('会社が受け入れられないと知らせた日です'), '夜勤も見ます'])
    await assessor.submit('/dates/proposals', { startsOn: '2026-12-15', endsOn: '2026-12-16' })
    await employer.open(`/applications/${id}/visit/dates`)
    expect(await employer.text()).toMatch(/この日でよければ[\s\S]*2026年12月15日[\s\S]*夜勤も見ます/)
    await employer.submit('/dates/answer')
    expect(await employer.text()).toContain('日が決まりました')
    for (const visitor of [employer, assessor]) await visitor.close()
  })

  it('the plan shows each addition by its clause and the numbers of the tables; another number asks for its reason', { timeout: 120_000 }, async () => {
    const assessor = await visitorAs('sato', plain)
    await assessor.open(`/applications/${id}/visit`)
    expect(await assessor.page.locator('[name=startsOn]').inputValue()).toBe('2026-12-15')
    await assessor.page.locator('[name=interpreterLanguages]').fill('2')
    await assessor.page.locator('[name=nightShift]').check()
    await Promise.all([assessor.page.waitForEvent('load'), assessor.page.getByRole('button', { name: 'この内容で計算し直す' }).click()])
    const cells = await assessor.page.locator('form[action$="/visit"] table tbody tr').evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent?.trim() ?? '')))
    expect(cells.slice(0, 6).map(([what, , count, days]) => [what, count, days])).toEqual([
      [expect.stringContaining('職場'), '1', String(rowOfTwelve?.days)], [expect.stringContaining('住まい'), '1', String(addOns.eachExtraHousingSite)], [expect.stringContaining('通訳'), '1', String(addOns.eachExtraLanguageInterpreter)],
      [expect.stringContaining('夜勤'), '1', String(addOns.nightShift)], [expect.stringContaining('合計'), '', String(days)], [expect.stringContaining('書面'), '', String(rowOfTwelve?.deskDays)],
    ])
    expect([days, ruleOfNine, amforiBsciComparison[0]?.interviews]).toEqual([2.25, '5 + all of any nationality with <= 2 people', '5-10']) // nine foreign workers, two of them from Nepal: 5 + 2
    expect(await assessor.text()).toContain('計算どおり 7 人')
    await assessor.submit('/visit', { team: '佐藤 誠、通訳 2 名', personDays: '2.5' })
    expect([await assessor.text(), await assessor.page.locator('[name=personDays]').inputValue()]).toEqual([expect.stringContaining('計算と違う数にするときは、理由を書いてください'), '2.5'])
    await assessor.submit('/visit', { justification: '二つの寮が離れているため' })
    expect(await assessor.text()).toMatch(/計画の数字の記録[\s\S]*2\.5 人日 \(計算では 2\.25\)[\s\S]*7 人[\s\S]*二つの寮が離れているため/)
    await assessor.close()
  })

  it('the sample is drawn: seven, everything covered, the two from Nepal among them; the employer sees the number and nobody', { timeout: 120_000 }, async () => {
    const [assessor, employer] = [await visitorAs('sato', plain), await visitorAs('yamada', plain)]
    const housing = (await sql`select site->>'id' as id from applications, jsonb_array_elements(scope->'sites') site where applications.id = ${id} and site->>'kind' = 'housing'`).map(row => String(row.id))
    await assessor.open(`/applications/${id}/visit`)
    await assessor.follow(`/applications/${id}/visit/sample`)
    const groups = [['day', 'female', housing[0]], ['night', 'male', housing[0]], ['day', 'male', 'elsewhere'], ['day', 'female', housing[1]]]
    await assessor.submit('/visit/sample', Object.fromEntries(groups.flatMap(([shift = '', sex = '', dormitory = ''], index) => [[`shift_${index + 1}`, shift], [`sex_${index + 1}`, sex], [`dormitory_${index + 1}`, dormitory]])))
    const text = await assessor.text()
    expect(text).toContain('すべてから選びました')
    expect([text.match(/^A-\d\d/gm)?.length, text.match(/少人数の国籍は全員/g)?.length]).toEqual([7, 2])
    await employer.open(`/applications/${id}/visit`)
    expect(await employer.text()).toMatch(/7/)
    expect(await employer.page.content()).not.toMatch(/ネパール|A-01|夜勤[^<]*男性/)
    for (const visitor of [assessor, employer]) await visitor.close()
  })

  it('the pages are sound at every width in both languages', { timeout: 300_000 }, async () => {
    theatre.clock.now = new Date('2026-12-15T17:00:00+09:00') // no meeting before the visit
    const [assessor, employer] = [await visitorAs('sato'), await visitorAs('yamada')]
    await assessor.open(`/applications/${id}/visit/meetings`)
    await assessor.submit('/visit/meetings', { kind: 'opening', heldOn: '2026-12-15', heldTime: '09:00', who_employer: '山田 花子', who_worker_representative: '木村 一', who_assessor: '佐藤 誠', disagreements: '夜勤を見ることに、会社は反対した。' })
    const looks = [[assessor, 'plan', `/applications/${id}/visit`], [assessor, 'sample', `/applications/${id}/visit/sample`], [assessor, 'meetings', `/applications/${id}/visit/meetings`], [assessor, 'dates-assessor', `/applications/${id}/visit/dates`],
      [employer, 'dates-employer', `/applications/${id}/visit/dates`], [employer, 'plan-employer', `/applications/${id}/visit`]] as const
    for (const lang of ['ja', 'en'] as const) {
      for (const [visitor, name, path] of looks) {
        await visitor.open(path)
        await visitor.inspect(name, lang)
      }
    }
    for (const visitor of [assessor, employer]) expect([visitor.flaws, visitor.complaints]).toEqual([[], []])
  })
})

import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { actOnDeadlines } from '../../server/standing-decisions/act-on-deadlines.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Issue 5, done when 1: surveillance missed → suspended by the clock → reinstated by decision. And what a holder does on a phone: report a change, renew.
const theatre = await stage()
const { app, clock, idOf, runJobs, world } = theatre
const { sql } = world.database
const missing = await whyNoBrowser()
const phone = { width: 390, height: 844 }

describe.skipIf(missing)(`between two decisions, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, number: string, id: string
  const at = (day: string) => { clock.now = new Date(`${day}T01:00:00Z`) }
  const as = (who: CastName, options = {}) => signedIn(browser, url, theatre.cookieOf(who), options)

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    ;({ number } = await issued({ employerId: await employerOf('yamada') }))
    id = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  it('a surveillance that was missed suspends by the clock; a visit is planned, held and recorded; a decision lifts the suspension', { timeout: 240_000 }, async () => {
    at('2027-11-25')
    await actOnDeadlines(world)
    await runJobs()
    const anybody = await as('outsider', { javaScriptEnabled: false })
    await anybody.open(`/c/${number}`)
    expect(await anybody.text()).toMatch(/効力停止中[\s\S]*期限/)

    const desk = await as('suzuki', { javaScriptEnabled: false })
    await desk.open('/surveillance')
    expect(await desk.text()).toMatch(/期限（2027年11月24日）を過ぎました/)
    await desk.open(`/certificates/${id}/surveillance`)
    await desk.submit('/surveillance', { kind: 'unannounced', plannedOn: '2027-11-01', personId: idOf('lee'), justification: '語学の不足は通訳が補う。' })
    expect([await desk.text(), await desk.page.locator('[name=plannedOn]').inputValue()]).toEqual([expect.stringContaining('今日から証書の有効期限まで'), '2027-11-01'])
    await desk.submit('/surveillance', { plannedOn: '2027-12-01' })
    expect(await desk.text()).toMatch(/予告なしの訪問 · 2027年12月1日の予定 · Lee Ji-won[\s\S]*会社には伝えないでください/)

    const holder = await as('yamada')
    await holder.open('/employer/certificates')
    expect(await holder.text()).not.toMatch(/12月1日|予告なし/)

    at('2027-12-01')
    const assessor = await as('lee', { javaScriptEnabled: false })
    await assessor.open(`/certificates/${id}/surveillance`)
    await assessor.follow(`/applications/${String((await sql`select application_id as id from certificates where id = ${id}`)[0]?.id)}/interests`)
    await assessor.submit('/interests', Object.fromEntries(['employed', 'paid', 'advised', 'trained', 'family_tie', 'financial_tie'].map(question => [question, 'no'])))
    await assessor.open(`/certificates/${id}/surveillance`)
    await assessor.submit('/held', { onDay: '2027-12-01', result: 'minor', summary: '台帳と寮を見た。掲示が古い。' })
    expect(await assessor.text()).toMatch(/2027年12月1日に実施[\s\S]*軽微な指摘あり/)
    await holder.open('/employer/certificates')
    expect(await holder.text()).toMatch(/2027年12月1日 · 予告なしの訪問/)

    const decider = await as('kobayashi', { javaScriptEnabled: false })
    await decider.open('/standings')
    expect(await decider.text()).toMatch(/維持審査を実施（停止中）/)
    await decider.open(`/certificates/${id}/standing`)
    await decider.submit('/standing', { change: 'reinstated', reasons: '維持審査を受けた。' })
    await runJobs()
    await actOnDeadlines(world)
    await anybody.open(`/c/${number}?again=1`)
    expect([await anybody.text(), (await sql`select event, actor, reason_class as reason from certificate_events where certificate_id = ${id} and event in ('suspended', 'reinstated') order by log_seq`).map(row => ({ ...row }))])
      .toEqual([expect.not.stringContaining('効力停止中'), [{ event: 'suspended', actor: 'clock', reason: 'overdue' }, { event: 'reinstated', actor: 'decision_maker', reason: null }]])
    for (const visitor of [anybody, desk, holder, assessor, decider]) {
      expect(visitor.complaints.filter(complaint => visitor !== desk || !complaint.includes('409'))).toEqual([]) // the refusal that the secretariat was shown
      await visitor.close()
    }
  })

  it('a change is reported on a phone, and reviewed; nothing typed is lost', { timeout: 120_000 }, async () => {
    const holder = await as('yamada', { javaScriptEnabled: false })
    await holder.page.setViewportSize(phone)
    await holder.open('/employer/certificates')
    await holder.follow('/employer/changes')
    await holder.submit('/changes', { kind: 'head_count', happenedOn: '2027-11-20', workersBefore: '１２', account: '受注が増え、8人を雇った。' })
    expect([await holder.page.locator('[name=account]').inputValue(), await holder.page.locator('.field--refused').count()]).toEqual(['受注が増え、8人を雇った。', 1])
    await holder.submit('/changes', { workersNow: '20' })
    expect(await holder.text()).toMatch(/届出を受け取りました[\s\S]*12人 → 20人[\s\S]*2027年12月15日までに審査/)
    const desk = await as('suzuki', { javaScriptEnabled: false })
    await desk.open('/changes')
    await desk.follow(String(await desk.page.locator('main table a').first().getAttribute('href')))
    await desk.submit('/review', { outcome: 'extra_visit', reasons: '新しい寮を見る必要がある。' })
    await holder.open('/employer/changes')
    expect(await holder.text()).toMatch(/追加の訪問をする[\s\S]*新しい寮を見る必要がある。/)
    await holder.close()
    await desk.close()
  })

  it('the next cycle is applied for on a phone, six months before the end, with what was given last time', { timeout: 120_000 }, async () => {
    const holder = await as('yamada', { javaScriptEnabled: false })
    await holder.page.setViewportSize(phone)
    await holder.open('/employer/certificates')
    expect(await holder.text()).toContain('更新は2029年5月23日から申請できます')
    at('2029-05-23')
    await holder.open('/employer/certificates')
    await holder.submit('/renewal')
    expect(await holder.text()).toMatch(new RegExp(`更新の申請を始めました[\\s\\S]*証書 ${number} の更新`))
    const renewal = holder.path()
    await holder.open(`${renewal}/answers/RE-01.1`)
    expect(await holder.text()).toContain('2026年11月24日の回答を引き継いでいます')
    await holder.open('/employer/certificates')
    expect(await holder.page.locator(`a[href="${renewal}"]`).count()).toBe(1)
    await holder.close()
  })

  it('its pages are sound in both languages and all widths', { timeout: 240_000 }, async () => {
    await theatre.as('suzuki').post(`/certificates/${id}/surveillance`, { kind: 'announced', plannedOn: '2029-06-10', personId: idOf('lee'), justification: '近い。', once: randomUUID() })
    const report = (await theatre.as('yamada').post('/employer/changes', { kind: 'law_case', happenedOn: '2029-03-20', account: '元従業員から訴えられた。', workersBefore: '', workersNow: '', once: randomUUID() })).body.reportId
    const renewal = (await theatre.as('yamada').get('/employer/certificates')).body.certificates[0].renewal.applicationId
    const places: [CastName, string, string][] = [
      ['suzuki', 'surveillance-list', '/surveillance'], ['suzuki', 'surveillance-plan', `/certificates/${id}/surveillance`], ['lee', 'surveillance-record', `/certificates/${id}/surveillance`],
      ['suzuki', 'changes-list', '/changes'], ['suzuki', 'changes-review', `/changes/${report}`], ['yamada', 'changes-own', '/employer/changes'], ['yamada', 'certificates-own', '/employer/certificates'], ['yamada', 'renewal-answer', `/applications/${renewal}/answers/RE-01.1`],
    ]
    for (const [who, name, path] of places) {
      const visitor = await as(who)
      for (const lang of ['ja', 'en'] as const) { await visitor.open(path); await visitor.inspect(name, lang) }
      expect([visitor.flaws, visitor.complaints]).toEqual([[], []])
      await visitor.close()
    }
  })
})

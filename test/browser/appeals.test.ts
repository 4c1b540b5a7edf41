import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { signedIn, visitorWith } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, idOf, runJobs, clock, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`appeals and complaints, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string
  const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)

  beforeAll(async () => {
    id = await awaiting({ employerId: await employerOf('yamada') })
    await as('tanaka').post(`/applications/${id}/decision`, { ...await decisionOn(id, 'refuse'), reasons: '９月分の割増賃金を確かめられない。' })
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const visitorAs = (who: CastName, options = {}) => signedIn(browser, url, theatre.cookieOf(who), options)
  let appeal = ''

  it('a refusal is appealed against on a phone, from the page that tells of it; nothing typed is lost', { timeout: 120_000 }, async () => {
    const client = await visitorAs('yamada', { javaScriptEnabled: false })
    await client.page.setViewportSize({ width: 390, height: 844 })
    await client.open(`/applications/${id}/decision`)
    expect(await client.text()).toMatch(/９月分の割増賃金を確かめられない。[\s\S]*2026年12月24日の終わり/)
    await client.page.locator('main a[href^="/appeals/against/decision/"]').click()
    const form = client.path()
    await client.submit(form, { grounds: ' ' })
    expect(await client.page.locator('#errors').count()).toBe(1)
    await client.submit(form, { grounds: '賃金台帳の９月分は、四つ目の添付にあります。' })
    appeal = client.path()
    expect([appeal, await client.text()]).toEqual([expect.stringMatching(/^\/appeals\/[0-9a-f-]{36}$/), expect.stringMatching(/受付済み[\s\S]*2027年1月23日[\s\S]*いまの状態は変わりません[\s\S]*四つ目の添付/)])
    await client.open(`/applications/${id}/decision`)
    expect(await client.page.locator(`main a[href="${appeal}"]`).count()).toBe(1)
    await client.close()
  })

  it('is handed to somebody new, who upholds it', { timeout: 120_000 }, async () => {
    const office = await visitorAs('suzuki', { javaScriptEnabled: false }), handler = await visitorAs('kobayashi', { javaScriptEnabled: false })
    await office.open('/appeals')
    await office.follow(appeal)
    expect([(await office.text()).includes('田中 明'), await office.page.getByLabel('小林 由美').count()]).toEqual([false, 1])
    await office.submit('/handler', { personId: idOf('kobayashi') })
    expect(await office.text()).toMatch(/担当者に渡しました|調査中/)
    await handler.open('/appeals')
    await handler.follow(appeal)
    await handler.submit('/decision', { outcome: 'upheld' })
    expect(await handler.page.locator('#errors').count()).toBe(1)
    await handler.submit('/decision', { reasons: '四つ目の添付に９月分がある。' })
    expect(await handler.text()).toMatch(/認められました[\s\S]*さきの判定は取り消され/)
    await office.close()
    await handler.close()
  })

  it('and the case is decided anew by two more, whom the refusal and the appeal never touched', { timeout: 120_000 }, async () => {
    const first = await visitorAs('tanaka'), signer = await visitorAs('nakamura'), anew = await visitorAs('ishii'), client = await visitorAs('yamada')
    await first.open(`/applications/${id}/decision`)
    expect(await first.text()).toContain('この案件の調査に加わった人は、判定できません')
    await anew.open('/decisions')
    await anew.open(`/applications/${id}/decision`)
    expect(await anew.text()).toContain('不服申立てが認められて取り消されました')
    await anew.inspect('decision-set-aside')
    await signer.open(`/applications/${id}/decision`) // a first certificate is signed by two
    await signer.submit('/decision', { outcome: 'certify', reasons: '賃金台帳を見た。' })
    await anew.open(`/applications/${id}/decision`)
    expect(await anew.text()).toContain('中村 修')
    await anew.submit('/decision', { outcome: 'certify', reasons: '９月分も確かめた。' })
    await runJobs()
    await client.open(`/applications/${id}/decision`)
    expect(await client.text()).toMatch(/認証が決まりました[\s\S]*９月分も確かめた。/)
    expect([(await sql`select stage from applications where id = ${id}`)[0]?.stage, anew.flaws]).toEqual(['certified', []])
    for (const visitor of [first, signer, anew, client]) await visitor.close()
  })

  it('a complaint is sent and followed by its code, without script', { timeout: 120_000 }, async () => {
    const anybody = await visitorWith(browser, url, { javaScriptEnabled: false })
    await anybody.page.setViewportSize({ width: 390, height: 844 })
    await anybody.open('/complaints')
    await anybody.submit('/complaints?lang=ja', { target: 'employer', about: '山田プレス工業株式会社', account: '寮の非常口がふさがれている。' })
    const code = (await anybody.page.locator('h1 .code').textContent() ?? '').trim()
    await anybody.open('/complaints/follow')
    await anybody.submit('/complaints/follow?lang=ja', { code: code.toLowerCase() })
    expect([await anybody.text(), anybody.page.url().includes(code)]).toEqual([expect.stringContaining('受け付けました'), false])
    await anybody.close()
  })

  it('all their pages are sound, in both languages and all widths', { timeout: 300_000 }, async () => {
    const anybody = await visitorWith(browser, url), office = await visitorAs('suzuki'), client = await visitorAs('yamada'), handler = await visitorAs('kobayashi')
    const certificate = (await sql`select id from certificates`)[0]?.id
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('outsider')}` // Tanaka, Kobayashi and Lee have all had a hand in this case by now
    await as('tanaka').post(`/certificates/${certificate}/standing`, { change: 'suspended', reasonClass: 'nonconformity', until: '2027-05-24', reasons: '寮の非常口がふさがれていた。', version: (await as('tanaka').get(`/certificates/${certificate}/standing`)).body.version })
    const { href } = (await as('yamada').get('/employer/certificates')).body.certificates[0].history[0].appeal
    const { body: { appealId: second } } = await as('yamada').post(href, { grounds: '非常口は２日で開けた。' })
    const complaint = (await sql`select id from complaints`)[0]?.id, steps = `/complaint-cases/${complaint}/steps`
    for (const lang of ['ja', 'en'] as const) {
      for (const [name, path] of [['complaint-new', '/complaints'], ['complaint-follow', '/complaints/follow'], ['oversight', '/oversight']] as const) { await anybody.open(path); await anybody.inspect(name, lang) }
      for (const [name, path] of [['appeals', '/appeals'], ['appeal-hand-over', `/appeals/${second}`], ['complaints', '/complaint-cases'], ['complaint', `/complaint-cases/${complaint}`]] as const) { await office.open(path); await office.inspect(name, lang) }
      for (const [name, path] of [['appeal-own', appeal], ['appeals-own', '/appeals'], ['standing-appealed', '/employer/certificates']] as const) { await client.open(path); await client.inspect(name, lang) }
    }
    await as('suzuki').post(`/appeals/${second}/handler`, { personId: idOf('outsider') })
    await as('suzuki').post(steps, { step: 'acknowledged', text: '受け付けました。' })
    await as('suzuki').post(steps, { step: 'assigned', handler: idOf('suzuki') })
    const other = await visitorAs('outsider')
    await other.open(`/appeals/${second}`)
    await other.inspect('appeal-decide')
    await office.open(`/complaint-cases/${complaint}`)
    await office.inspect('complaint-answer')
    await as('suzuki').post(steps, { step: 'upheld', text: '開けさせました。' })
    clock.now = new Date('2026-12-30T01:00:00Z')
    await anybody.open('/oversight')
    await anybody.inspect('oversight-my', 'my')
    expect([anybody, office, client, handler, other].flatMap(({ flaws, complaints }) => [...flaws, ...complaints])).toEqual([])
    for (const visitor of [anybody, office, client, handler, other]) await visitor.close()
  })
})

import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { supplyOn } from '../support/supply.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, cookieOf, runJobs } = theatre
const { supplierOf, tokenInMail } = supplyOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`buyers and suppliers in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, minato: Visitor, yamada: Visitor, supplierId = '', token = ''

  const signIn = async (visitor: Visitor, who: 'minato' | 'yamada') => {
    const [name = '', value = ''] = cookieOf(who).split('=')
    await visitor.page.context().addCookies([{ name, value, url }])
  }
  const press = async (visitor: Visitor, name: string) => { await Promise.all([visitor.page.waitForEvent('load'), visitor.page.getByRole('button', { name }).first().click()]) }

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    const { number } = await issued({ employerId: await employerOf('yamada') })
    supplierId = await supplierOf('minato', { name: '山田プレス工業株式会社', wantedLevel: 'T3', wantedBy: '2027-03-31' })
    await supplierOf('minato', { name: '髙橋プレス株式会社', holder: number.slice(0, 17), tier: 2, groupName: '鋳造' })
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    ;[minato, yamada] = await Promise.all([visitorWith(browser, url), visitorWith(browser, url, { javaScriptEnabled: false })])
    await signIn(minato, 'minato')
  }, 120_000)
  afterAll(() => browser?.close())

  it('a buyer invites and offers to pay', { timeout: 60_000 }, async () => {
    await minato.open(`/suppliers/${supplierId}/invitation`)
    await minato.inspect('invite')
    await minato.submit('/invitation', { toEmail: 'yamada@yamada-press.example', message: '来年度の調達方針で、外国人の働く環境を確かめています。', terms: '審査費用の全額。2027年3月申請分まで。' })
    expect(await minato.text()).toContain('返事待ち')
    token = await tokenInMail()
  })

  it('the employer opens the mail on a phone, signs in, comes back and accepts, without script', { timeout: 60_000 }, async () => {
    await yamada.page.setViewportSize({ width: 390, height: 844 })
    await yamada.open(`/invitations/${token}?lang=ja`)
    expect(await yamada.text()).toContain('応じる義務はありません')
    await yamada.page.getByRole('link', { name: 'サインインして承諾する' }).click()
    await yamada.page.waitForURL(/\/sign-in/)
    await Promise.all([yamada.page.waitForURL(new RegExp(`/invitations/${token}`)), yamada.page.getByRole('button', { name: /山田 花子/ }).first().click()])
    await press(yamada, '承諾する')
    expect([yamada.path(), await yamada.text()]).toEqual(['/employer/buyers', expect.stringContaining('湊自動車株式会社')])
    await press(yamada, '申し出を受ける')
    expect(await yamada.text()).toContain('申し出を受けました')
  })

  it('the buyer sees a step and no more', { timeout: 60_000 }, async () => {
    await minato.open(`/suppliers/${supplierId}/invitation`)
    expect(await minato.text()).toContain('認証されている')
    await minato.inspect('progress', 'en')
    await minato.open(`/suppliers/${supplierId}/invitation`)
    await minato.page.getByRole('link', { name: '申し出の詳細' }).click()
    await minato.page.waitForURL(/\/sponsorships\//)
    expect(await minato.text()).toContain('審査費用の全額')
    await minato.inspect('sponsorship')
    await minato.open('/invitations')
    await minato.inspect('invitations')
  })

  it('the employer grants the summary by code and withdraws it', { timeout: 60_000 }, async () => {
    await yamada.open('/employer/buyers')
    await yamada.submit('/employer/grants/new', { code: 'ｂ-mnat-0001' })
    expect(await yamada.text()).toContain('湊自動車株式会社')
    await press(yamada, '見せる')
    await minato.open('/audit-summaries')
    await minato.page.getByRole('link', { name: '山田プレス工業株式会社' }).click()
    await minato.page.waitForURL(/\/audit-summaries\//)
    expect(await minato.text()).toContain('人数を出しません')
    await minato.inspect('summary')
    const at = minato.path()
    await signIn(minato, 'yamada') // the employer's pages with script, as an auditor looks at them
    await minato.open('/employer/buyers')
    await minato.inspect('employer-buyers')
    await minato.inspect('employer-buyers', 'en')
    await minato.open('/employer/grants/new?code=B-HOSH-0002')
    await signIn(minato, 'minato')
    await yamada.open('/employer/buyers')
    await press(yamada, '見せるのをやめる')
    expect(await yamada.text()).toContain('すぐに読めなくなります')
    expect((await as('minato').get(at)).status).toBe(404)
  })

  it('the buyer writes down what it checked', { timeout: 60_000 }, async () => {
    await minato.open('/due-diligence')
    await minato.inspect('due-diligence')
    await minato.submit('/due-diligence', {}, '確かめて記録を作る')
    await runJobs()
    await minato.page.reload()
    expect(await minato.text()).toMatch(/できました[\s\S]*2 \/ 2/)
    await minato.inspect('due-diligence-done', 'en')
  })

  it('an invited stranger reads it in English and declines without an account', { timeout: 60_000 }, async () => {
    await as('minato').post(`/suppliers/${await supplierOf('minato')}/invitation`, { toEmail: 'stranger@supplier.example', language: 'en', once: randomUUID() })
    const stranger = await visitorWith(browser, url)
    await stranger.open(`/invitations/${await tokenInMail()}?lang=en`)
    await stranger.inspect('invitation', 'en')
    await stranger.open(`${stranger.path()}?lang=en`)
    await press(stranger, 'Decline')
    expect(await stranger.text()).toContain('You have declined')
    expect([stranger.flaws, stranger.complaints]).toEqual([[], []])
  })

  it('and every page was sound in both languages, at every width', () => expect([minato.flaws, minato.complaints.filter(line => !line.includes('404')), yamada.flaws]).toEqual([[], [], []]))
})

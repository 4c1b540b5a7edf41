import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`the directory in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, somebody: Visitor, looker: Visitor, number: string

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    number = (await issued({ employerId: await employerOf('yamada') })).number
    const issuedOn = '2026-11-24'
    const names = await fillRegister(sql, 60, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 36), -1) }), { fromSerial: 100 })
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, 'suspended', '2026-11-24', 'overdue', 'clock' from certificates where number in (${number}, ${names[0] ?? ''})`
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    ;[somebody, looker] = await Promise.all([visitorWith(browser, url, { javaScriptEnabled: false }), visitorWith(browser, url)])
  }, 120_000)
  afterAll(() => browser?.close())

  const rows = () => somebody.page.locator('.register-row').count()

  it('is sound in both languages and all widths, with and without findings', { timeout: 120_000 }, async () => {
    await looker.open('/register')
    await looker.inspect('register')
    await looker.inspect('register', 'en')
    await looker.open('/register?q=%E9%BE%8D')
    await looker.inspect('register-none')
    await looker.open('/register/dictionary')
    await looker.inspect('register-dictionary')
    expect([looker.flaws, looker.complaints]).toEqual([[], []])
  })

  it('finds by two characters, filters, pages on and back, without script', { timeout: 60_000 }, async () => {
    await somebody.open('/register?lang=ja')
    expect(await rows()).toBe(50)
    await somebody.page.getByRole('link', { name: '次のページ' }).click()
    expect(await rows()).toBe(11)
    await somebody.page.getByRole('link', { name: '最初のページにもどる' }).click()
    await somebody.page.getByLabel('会社の名前').fill('山田')
    await somebody.page.getByRole('button', { name: '探す' }).click()
    expect([await rows(), await somebody.text()]).toEqual([1, expect.stringMatching(/1件見つかりました[\s\S]*山田プレス工業株式会社[\s\S]*効力停止中/)])
    await somebody.page.getByRole('link', { name: '条件を消す' }).click()
    await somebody.page.getByLabel('状態', { exact: true }).selectOption('suspended')
    await somebody.page.getByRole('button', { name: '探す' }).click()
    expect(await rows()).toBe(2)
    await somebody.open('/register?lang=en')
    await somebody.page.getByLabel('Company name').fill('YAMADA')
    await somebody.page.getByLabel('Prefecture').selectOption({ label: 'Kanagawa' })
    await somebody.page.getByRole('button', { name: 'Search' }).click()
    expect(await somebody.text()).toMatch(/1 found[\s\S]*Yamada Press[\s\S]*Suspended/)
    await somebody.page.locator('.register-name a').click()
    expect(somebody.path()).toBe(`/c/${number}`)
  })
})

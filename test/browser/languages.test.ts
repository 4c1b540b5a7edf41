import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languageNames, publicLocales } from '../../server/http/locale.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Pages for everybody as people of ten languages see them: axe, width down to 320 px, console; and the way from one language to another.
const missing = await whyNoBrowser()
describe.skipIf(missing)(`ten languages in a browser${missing ? ` (skipped: ${missing})` : ''}`, async () => {
  const theatre = await stage()
  let browser: Browser, anybody: Visitor, number = '', url = ''

  beforeAll(async () => {
    number = (await sealedFilesOn(theatre).issued({ employerId: await sealedFilesOn(theatre).employerOf('yamada'), exclusions: '構内の請負会社' })).number
    url = await theatre.app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    anybody = await visitorWith(browser, url)
  }, 60_000)
  afterAll(() => browser?.close())

  it.each(publicLocales)('%s reads well on a phone and on a desk', { timeout: 60_000 }, async locale => {
    for (const [name, path] of [['certificate', `/c/${number}`], ['look-up', '/c'], ['home', '/'], ['report', `/c/${number}/report`], ['offline', '/o'], ['keys', '/keys']] as const) {
      await anybody.open(path)
      await anybody.inspect(`${name}-languages`, locale)
    }
    expect(anybody.flaws.splice(0)).toEqual([])
    expect(anybody.complaints.splice(0)).toEqual([])
  })

  it('the menu leads to the same page in another language, without script, and the language goes along', { timeout: 60_000 }, async () => {
    const anybody = await visitorWith(browser, url, { javaScriptEnabled: false })
    await anybody.open(`/c/${number}?on=2026-11-24`)
    await anybody.page.setViewportSize({ width: 320, height: 800 })
    await anybody.page.locator('.languages summary').click()
    const menu = await anybody.page.locator('.languages ul').boundingBox()
    expect([menu && menu.x >= 0, menu && menu.x + menu.width <= 320, menu && menu.height < 640]).toEqual([true, true, true])
    expect(await anybody.page.locator('.languages a').allInnerTexts()).toEqual(publicLocales.map(locale => languageNames[locale]))
    await anybody.page.getByRole('link', { name: languageNames.my, exact: true }).click()
    await anybody.page.waitForURL(`${url}/c/${number}?on=2026-11-24&lang=my`)
    expect(await anybody.page.locator('.languages [aria-current]').getAttribute('hreflang')).toBe('my')
    expect(await anybody.page.locator('html').getAttribute('lang')).toBe('my')
    await anybody.page.locator('.foot a[href^="/c?"]').click()
    await anybody.page.waitForURL(`${url}/c?lang=my`)
    expect(await anybody.page.locator('html').getAttribute('lang')).toBe('my')
    await anybody.close()
  })

  it('the operator sees how far each language is', { timeout: 60_000 }, async () => {
    const operator = await visitorWith(browser, url)
    const [name = '', value = ''] = theatre.cookieOf('suzuki').split('=')
    await operator.page.context().addCookies([{ name, value, url }])
    await operator.open('/pipeline')
    await operator.follow('/translations')
    await operator.inspect('translations')
    await operator.inspect('translations', 'en')
    expect([operator.flaws, operator.complaints]).toEqual([[], []])
    await operator.close()
  })
})

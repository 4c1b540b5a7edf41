import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { jpegWithPlace } from '../support/photos.ts'
import { passphrase, Tab } from '../support/notebook-phone.ts'
import { signedIn, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// The notebook looked at as an auditor does: both languages, phone and desk, axe, nothing that sticks out. NOTEBOOK_PICTURES leaves the README's pictures.
const theatre = await stage()
const { app, clock, cookieOf } = theatre
const { caseAt } = benchOn(theatre)
const missing = await whyNoBrowser()
const pictures = process.env.NOTEBOOK_PICTURES

describe.skipIf(missing)(`the notebook, looked at${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, sato: Visitor, tab: Tab, audit: string, url: string
  beforeAll(async () => {
    audit = await caseAt('visit_planned')
    clock.now = new Date()
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    sato = await signedIn(browser, url, cookieOf('sato'))
    tab = new Tab(sato.page, audit)
  }, 120_000)
  afterAll(() => browser?.close())

  const opened = async (hash: string) => {
    await sato.page.goto(`${url}/notebook${hash}`)
    await sato.page.waitForSelector('html[data-gate=open]')
    await sato.page.waitForSelector('html[data-kept]')
  }
  const looked = async (name: string, hash: string, prepare = async () => {}) => {
    for (const lang of ['ja', 'en'] as const) {
      await opened(`?lang=${lang}${hash}`)
      await prepare()
      await sato.inspect(`notebook-${name}`, lang)
    }
  }
  const picture = async (name: string, height = 760) => {
    if (!pictures) return
    mkdirSync(pictures, { recursive: true })
    await sato.page.setViewportSize({ width: 390, height })
    await sato.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await sato.page.screenshot({ path: `${pictures}/notebook-${name}.png` })
    await sato.page.setViewportSize({ width: 1280, height: 900 })
  }

  it('before it is open', { timeout: 60_000 }, async () => {
    await sato.page.goto(`${url}/notebook`)
    await sato.page.waitForSelector('html[data-gate=set_up]')
    await sato.inspect('notebook-set-up')
    await sato.page.fill('[name=name]', '審査用の電話')
    await sato.page.fill('[name=passphrase]', 'みじかい')
    await sato.page.locator('form button').click()
    expect(await sato.page.locator('#notebook').textContent()).toContain('合言葉は10字以上にしてください。')
    await sato.page.fill('[name=passphrase]', passphrase)
    await sato.page.locator('form button').click()
    await sato.page.locator(`[data-take-out="${audit}"]`).click()
    await sato.page.locator(`a[href="#/audit/${audit}"]`).first().waitFor()
    await sato.inspect('notebook-list')
  })

  it('the day: checklist, criterion, forms, interview', { timeout: 120_000 }, async () => {
    await sato.page.setViewportSize({ width: 390, height: 844 })
    await sato.page.waitForSelector('html[data-kept]')
    await tab.note('note', 'RE-01.1', { text: '給与台帳と契約書を見た。基本給は日本人と同じ。' })
    await tab.note('note', 'RE-01.2', { text: '求人票を見た。' })
    await tab.sent()
    await sato.page.context().setOffline(true)
    await tab.note('finding', 'RE-01.1', { grade: 'minor', statement: '手当の理由が書かれていない。' })
    await tab.note('check', 'RE-09.2', { what: 'fire_exit', exits: '2', two_ways_out: 'yes', exits_clear: 'no', text: '裏口の前に台車' })
    await tab.note('photo', 'RE-09.2', { text: '裏口の前の台車' }, { name: 'a.jpg', mimeType: 'image/jpeg', buffer: jpegWithPlace() })
    await tab.note('sketch', 'RE-09.1', { width: '4.5', depth: '4', draw: 'press', people: '4', basis: 'trainee', text: '201号室' })
    await tab.sign('山田 花子')
    await tab.go(`#/audit/${audit}`)
    await picture('checklist')
    await tab.go(`#/criterion/${audit}/RE-09.2`)
    await picture('sync')
    await tab.go(`#/new/${audit}/sketch/RE-09.1`)
    const box = await sato.page.locator('svg.room').boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 }
    for (const [x, y] of [[.1, .1], [.7, .1], [.7, .4], [.5, .4], [.5, .6], [.1, .6]] as const) await sato.page.mouse.click(box.x + x * box.width, box.y + y * box.height)
    await tab.fill('people', '6')
    await tab.fill('basis', 'trainee')
    expect(await tab.text()).toMatch(/26 m²[\s\S]*1人 4\.33 m²。4\.5 m² に足りません/)
    await sato.page.evaluate(() => scrollTo(0, 0))
    await picture('room', 844)
    await sato.page.context().setOffline(false)
    await opened('')
    await tab.sent()
    await tab.go(`#/new/${audit}/interview/`)
    await tab.fill('language', 'my')
    await sato.page.getByRole('button', { name: '質問を始める' }).click()
    await sato.page.getByRole('button', { name: '次へ' }).click()
    await sato.page.locator('[data-answer=yes]').click()
    expect([await sato.page.locator('.asked').getAttribute('lang'), await tab.text()]).toEqual(['my', expect.stringMatching(/ဟုတ်ပါတယ်[\s\S]*はい/)])
    expect(await tab.text()).not.toContain('注意のしるし') // the worker looks at this screen
    await picture('interview', 800)
    await looked('interview', `#/new/${audit}/interview/`)
    await looked('checklist', `#/audit/${audit}`)
    await looked('criterion', `#/criterion/${audit}/RE-09.1`)
    await looked('photo', `#/new/${audit}/photo/RE-09.2`)
    await looked('sketch', `#/new/${audit}/sketch/RE-09.1`)
    await looked('check', `#/new/${audit}/check/RE-09.1`, () => tab.fill('what', 'sanitation'))
    await looked('signature', `#/new/${audit}/signature/`)
    await looked('finding', `#/new/${audit}/finding/RE-09.1`)
    expect(sato.flaws).toEqual([])
    expect(sato.complaints.filter(line => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
  })

  it('changes its language without a network', async () => {
    await opened(`#/audit/${audit}`)
    await sato.page.context().setOffline(true)
    await sato.page.getByRole('button', { name: 'English' }).click()
    expect([await sato.page.locator('html').getAttribute('lang'), await tab.text()]).toEqual(['en', expect.stringContaining('criteria have notes.')])
    await sato.page.getByRole('button', { name: '日本語' }).click()
    await sato.page.context().setOffline(false)
  })

  it('opens from the phone at once, and takes a new edition when it is online', { timeout: 60_000 }, async () => {
    let edition = ''
    const between = createServer((request, reply) => void app.inject({ method: 'GET', url: request.url ?? '/', headers: { cookie: request.headers.cookie, accept: request.headers.accept } }).then(({ statusCode, headers, body, rawPayload }) => {
      const changed = edition && /^\/notebook(\/worker\.js)?$/.test(request.url ?? '') ? body.replace('self.edition="', `self.edition="${edition}`).replace('<div id="notebook"', `<div id="notebook" data-edition="${edition}"`) : rawPayload
      delete headers['content-length']
      reply.writeHead(statusCode, headers as Record<string, string>).end(changed)
    })).listen(0, '127.0.0.1')
    await once(between, 'listening')
    const at = `http://127.0.0.1:${(between.address() as AddressInfo).port}`, colleague = await signedIn(browser, at, cookieOf('lee')), { page } = colleague
    const shown = async () => {
      await page.goto(`${at}/notebook`)
      await page.waitForSelector('html[data-kept]')
      return page.locator('#notebook').getAttribute('data-edition')
    }
    expect(await shown()).toBe(null)
    edition = 'next'
    expect(await shown()).toBe(null) // what lies on the phone, while the new one is fetched
    await expect.poll(shown, { timeout: 40_000, interval: 3_000 }).toBe('next') // Chromium looks for a new worker when a page has been still for a second
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1)
    await colleague.close()
    between.close()
    between.closeAllConnections()
  })

  it('without script says so, and shows the way to the ordinary pages', async () => {
    const plain = await signedIn(browser, url, cookieOf('sato'), { javaScriptEnabled: false })
    await plain.open('/notebook')
    expect(await plain.page.locator('body').textContent()).toContain('このページだけは、JavaScriptが要ります。')
    await plain.follow('/assessments')
    await plain.close()
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { jpeg } from '../support/evidence-files.ts'
import { passphrase, Tab } from '../support/notebook-phone.ts'
import { jpegWithPlace, noisyPng } from '../support/photos.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// C34: consent to a photo as an assessor says it: on the visit's page without script, in the notebook without network.
const theatre = await stage()
const { app, clock, cookieOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const missing = await whyNoBrowser()
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-consent-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.skipIf(missing)(`consent to a photo, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string
  beforeAll(async () => {
    id = await caseAt('visit_planned')
    clock.now = new Date()
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())
  const said = async () => (await sql`select c.consent, n.note from photo_consents c join visit_notes n on n.photo_id = c.document_id where c.application_id = ${id} order by n.written_at`).map(row => ({ ...row }))

  it('on the visit’s page, without script; no is what stands there', { timeout: 120_000 }, async () => {
    const file = path.join(directory, '廊下.jpg')
    writeFileSync(file, jpeg)
    const sato = await signedIn(browser, url, cookieOf('sato'), { javaScriptEnabled: false })
    await sato.open(`/applications/${id}/visit/notes`)
    await sato.page.locator('details summary').last().click()
    expect(await sato.page.locator('[name=consent]:checked').inputValue()).toBe('none')
    await sato.submit('/visit/notes/photos', { criterion: 'RE-09.2', note: '寮の廊下', consent: 'nobody', file })
    await sato.submit('/visit/notes/photos', { criterion: 'RE-09.2', note: '台所', file })
    expect(await said()).toEqual([{ consent: 'nobody', note: '寮の廊下' }])
    await sato.close()
    const looking = await signedIn(browser, url, cookieOf('sato'))
    for (const lang of ['ja', 'en'] as const) {
      await looking.open(`/applications/${id}/visit/notes`)
      await looking.page.locator('main details').last().evaluate(details => details.setAttribute('open', ''))
      await looking.inspect('photo-consent', lang)
    }
    expect(looking.flaws).toEqual([])
    await looking.close()
  })

  it('in the notebook, offline', { timeout: 120_000 }, async () => {
    const sato = await signedIn(browser, url, cookieOf('sato')), tab = new Tab(sato.page, id)
    await sato.page.goto(`${url}/notebook`)
    await sato.page.waitForSelector('html[data-gate=set_up]')
    await sato.page.fill('[name=name]', '審査用の電話')
    await sato.page.fill('[name=passphrase]', passphrase)
    await sato.page.locator('form button').click()
    await sato.page.locator(`[data-take-out="${id}"]`).click()
    await sato.page.locator(`a[href="#/audit/${id}"]`).first().waitFor()
    await sato.page.waitForSelector('html[data-kept]')
    await sato.page.context().setOffline(true)
    await tab.note('photo', 'RE-09.2', { text: '二人が写っている', consent: 'agreed' }, { name: 'a.jpg', mimeType: 'image/jpeg', buffer: jpegWithPlace() })
    await tab.note('photo', 'RE-09.1', { text: 'だれかの寝台' }, { name: 'b.png', mimeType: 'image/png', buffer: noisyPng(60, 5) })
    await tab.go(`#/new/${id}/photo/RE-08.5`)
    await sato.page.locator('form[data-form=photo]').waitFor()
    expect(await sato.page.locator('[name=consent]:checked').inputValue()).toBe('none')
    await sato.page.context().setOffline(false)
    await sato.page.goto(`${url}/notebook#/audit/${id}`)
    await tab.sent()
    await expect.poll(async () => (await said()).map(({ note }) => note), { timeout: 30_000 }).toEqual(['寮の廊下', '二人が写っている'])
    expect((await sql`select count(*)::int as rows from photo_consents where application_id = ${id}`)[0]).toEqual({ rows: 3 }) // one of the page, an original and its small copy
    await sato.close()
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { publicLocales } from '../../server/http/locale.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, clock, cookieOf, mails, runJobs, world: { database: { db, sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`the page of a certificate in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, number: string, somebody: Visitor, unscripted: Visitor

  async function happens(event: (typeof certificateEvents.$inferInsert)['event'], happenedOn: string) {
    const [row] = await sql`select id from certificates where number = ${number}`
    await db.insert(certificateEvents).values({ certificateId: row?.id, event, happenedOn, reasonClass: event === 'suspended' ? 'overdue' : null, actor: 'clock' })
  }
  // biome-ignore lint/performance/useDomNodeTextContent: only what a reader can see
  const read = (visitor: Visitor, selector: string) => visitor.page.locator(selector).first().innerText()

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    number = (await issued({ employerId: await employerOf('yamada'), exclusions: '構内の請負会社' })).number
    await happens('suspended', '2026-11-24')
    await happens('reinstated', '2026-11-25')
    mails.length = 0
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    ;[somebody, unscripted] = await Promise.all([visitorWith(browser, url), visitorWith(browser, url, { javaScriptEnabled: false })])
  }, 120_000)
  afterAll(() => browser?.close())

  it('answers first, folds what is long, and is sound in both languages and widths', { timeout: 120_000 }, async () => {
    clock.now = new Date('2026-11-26T03:00:00Z')
    await somebody.open(`/c/${number}`)
    const place = async (selector: string) => (await somebody.page.locator(selector).first().boundingBox())?.y ?? Number.NaN
    await somebody.page.setViewportSize({ width: 390, height: 844 })
    expect([await place('.status--big') < await place('h1'), await place('h1') < await place('.that-day'), await place('.status--big') < 200, await somebody.page.locator('main details[open]').count()]).toEqual([true, true, true, 0])
    await somebody.inspect('verify')
    await somebody.inspect('verify', 'en')
    for (const fold of await somebody.page.locator('main details').all()) await fold.evaluate(element => { (element as HTMLDetailsElement).open = true })
    await somebody.inspect('verify-open')
    expect([somebody.flaws, somebody.complaints]).toEqual([[], []])
  })

  it('tells the standing of a day that somebody types, beside today, with or without script', { timeout: 60_000 }, async () => {
    for (const visitor of [somebody, unscripted]) {
      await visitor.open(`/c/${number}`)
      await visitor.page.locator('.that-day summary').click()
      await visitor.page.locator('#on').fill('2026-11-24')
      await Promise.all([visitor.page.waitForURL(/on=2026-11-24/), visitor.page.locator('.that-day button').click()])
      expect(await read(visitor, '.that-day-answer')).toMatch(/その日（2026年11月24日）\s+効力停止中[\s\S]*きょう（2026年11月26日）\s+有効/)
      expect(await read(visitor, '.status--big')).toBe('有効')
    }
    await somebody.inspect('that-day')
    const [download] = await Promise.all([somebody.page.waitForEvent('download'), somebody.page.locator('.that-day-answer a').click()])
    expect(download.suggestedFilename()).toBe(`${number}-proof.json`)
    expect(somebody.flaws).toEqual([])
  })

  it('asks again, beside the field, for a day that is none', async () => {
    await unscripted.open(`/c/${number}?on=2099-01-01`)
    expect([await unscripted.page.locator('#on-error').isVisible(), await unscripted.page.locator('#on').getAttribute('aria-invalid')]).toEqual([true, 'true'])
  })

  describe('on somebody else’s page', () => {
    let shop: Server, at: string, served: string
    beforeAll(async () => {
      shop = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(served))
      await new Promise<void>(ready => shop.listen(0, 'localhost', ready))
      at = `http://localhost:${(shop.address() as AddressInfo).port}` // another site than 127.0.0.1
    })
    afterAll(() => new Promise(done => shop.close(done)))

    it('the badge stands as a picture and in a frame, and tells of a suspension; no other page of ours does', { timeout: 60_000 }, async () => {
      clock.now = new Date('2026-11-26T03:00:00Z')
      const never = makeNumber({ year: 2031, serial: 77, cycle: 1 })
      served = `<!doctype html><title>店</title><img id="ours" src="${url}/c/${number}/badge.svg?lang=ja"><img id="never" src="${url}/c/${never}/badge.svg"><iframe id="frame" src="${url}/c/${number}/badge?lang=ja"></iframe><iframe id="page" src="${url}/c/${number}"></iframe>`
      const shopper = await visitorWith(browser, at)
      await shopper.open('/')
      const width = (id: string) => shopper.page.locator(`#${id}`).evaluate(image => (image as HTMLImageElement).naturalWidth)
      const framed = (visitor: Visitor) => visitor.page.frameLocator('#frame').locator('text').allTextContents()
      expect([await width('ours') > 100, await width('never') > 100, (await framed(shopper)).includes('有効'), (await framed(shopper)).includes('山田プレス工業株式会社')]).toEqual([true, true, true, true])
      expect(await shopper.page.frameLocator('#page').locator('main').count()).toBe(0)
      expect(shopper.complaints.filter(said => !/frame-ancestors|404/.test(said))).toEqual([])
      await happens('suspended', '2026-11-26')
      const next = await visitorWith(browser, at) // a browser keeps a badge for half a minute; this one has seen none
      await next.open('/')
      expect((await framed(next)).includes('効力停止中')).toBe(true)
      await Promise.all([shopper.close(), next.close()])
    })

    it.each(publicLocales)('the badge in %s is a drawing that a browser reads', async locale => {
      const drawing = await (await fetch(`${url}/c/${number}/badge.svg?lang=${locale}`)).text()
      expect(await somebody.page.evaluate(text => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ?? null, drawing)).toBeNull()
    })
  })

  it('takes a report of misuse by clicking, keeps what was typed, and the secretariat deals with it', { timeout: 180_000 }, async () => {
    clock.now = new Date('2026-11-24T05:00:00Z')
    for (const visitor of [somebody, unscripted]) {
      await visitor.open(`/c/${number}`)
      await Promise.all([visitor.page.waitForURL(/report/), visitor.page.getByRole('link', { name: '不正な使い方を知らせる' }).click()])
      if (visitor === somebody) await visitor.inspect('misuse-report')
      await visitor.submit('/report?lang=ja', { kind: 'not_the_holder', seenWhere: '駅前の求人票', seenOn: '2026-11-23', contact: 'mieko@reader.example' })
      expect(await visitor.page.locator('[name=seenWhere]').inputValue()).toBe('駅前の求人票')
      expect(await visitor.page.locator('[name=kind][value=not_the_holder]').isChecked()).toBe(true)
      if (visitor === somebody) await visitor.inspect('misuse-report-refused')
      await visitor.open(visitor.page.url())
    }
    await somebody.submit('/report?lang=ja', { kind: 'not_the_holder', seenWhere: '駅前の求人票', account: '別の会社の求人に使われていた。', contact: 'mieko@reader.example' })
    const reference = /M(-[0-9A-Z]{4}){3}/.exec(await somebody.text())?.[0] ?? ''
    expect(reference).not.toBe('')
    await somebody.inspect('misuse-thanks')
    await runJobs()
    const path = /http:\/\/akashi\.test(\/misuse-reports\/\S+)/.exec(mails.at(-1)?.text ?? '')?.[1] ?? ''
    const operator = await visitorWith(browser, url)
    const [name = '', value = ''] = cookieOf('suzuki').split('=')
    await operator.page.context().addCookies([{ name, value, url }])
    await operator.open('/pipeline')
    await operator.follow('/misuse-reports')
    await operator.inspect('misuse-reports')
    await operator.follow(path)
    for (const fact of [reference, '別の会社の求人に使われていた。', 'mieko@reader.example']) expect(await operator.text()).toContain(fact)
    await operator.submit('/steps', { step: 'taken_up' })
    await operator.inspect('misuse-report-taken-up')
    await operator.submit('/steps', { step: 'founded', note: '求人を出した会社に確かめた。' })
    expect(await operator.text()).toMatch(/事実だった[\s\S]*求人を出した会社に確かめた/)
    await operator.inspect('misuse-report-closed', 'en')
    expect([somebody.flaws, operator.flaws, somebody.complaints.filter(said => !said.includes('422')), operator.complaints]).toEqual([[], [], [], []])
  })
})

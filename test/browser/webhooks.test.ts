import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverWebhooks } from '../../server/webhooks/deliver.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// The buyer's engineer: an endpoint, a receiver that is dead and comes back, a new secret, a key made and revoked.
const theatre = await stage()
const { app, as, clock, cookieOf, runJobs, world } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`webhooks and keys in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, engineer: Visitor, answer = 503, secret = ''
  const ids: string[] = []
  const receiver = createServer((request, reply) => { ids.push(String(request.headers['webhook-id'])); reply.writeHead(answer).end() })
  const press = async (name: string) => { await Promise.all([engineer.page.waitForEvent('load'), engineer.page.getByRole('button', { name }).first().click()]) }

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    const { number } = await issued({ employerId: await employerOf('yamada') })
    await as('minato').post('/watchlist', { number })
    await new Promise<void>(resolve => { receiver.listen(0, '127.0.0.1', resolve) })
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    engineer = await visitorWith(browser, url)
    const [name = '', value = ''] = cookieOf('minato').split('=')
    await engineer.page.context().addCookies([{ name, value, url }])
  }, 120_000)
  afterAll(async () => { await browser?.close(); receiver.closeAllConnections(); receiver.close() })

  it('an endpoint is made once, however often the form is sent; its secret is on the first page alone', { timeout: 60_000 }, async () => {
    await engineer.open('/buyer')
    await engineer.follow('/webhooks')
    await engineer.submit('/webhooks', { url: 'nonsense' })
    expect(await engineer.page.locator('input[name=url]').inputValue()).toBe('nonsense')
    await engineer.inspect('webhook-refused')
    await engineer.submit('/webhooks', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook` })
    secret = await engineer.page.locator('#secret').inputValue()
    await engineer.page.reload() // sends the form again
    expect([await engineer.page.locator('#secret').count(), await engineer.text()]).toEqual([0, expect.stringContaining('秘密鍵は最初の画面にだけ表示')])
    await engineer.inspect('webhook-told-before')
    expect((await as('minato').get('/webhooks')).body.endpoints.length).toBe(1)
  })

  it('a dead receiver is shown with its next try, and sent to again by hand under the same id', { timeout: 60_000 }, async () => {
    await press('試しに送る')
    await runJobs()
    await engineer.page.reload()
    expect(await engineer.text()).toContain('次は')
    for (const words of ['HTTP 503', '何も失われていません']) expect(await engineer.text()).toContain(words)
    await engineer.inspect('webhook-dead')
    await engineer.inspect('webhook-dead', 'en')
    await engineer.open(`${engineer.path()}?lang=ja`)
    answer = 204
    clock.now = new Date(clock.now.getTime() + 1000)
    await press('同じ知らせを送る')
    await deliverWebhooks(world)
    await engineer.page.reload()
    expect([await engineer.text(), ids.length, new Set(ids).size]).toEqual([expect.stringContaining('届きました'), 2, 1])
  })

  it('a new secret: the former one is said to sign until tomorrow', { timeout: 60_000 }, async () => {
    await press('秘密鍵を替える')
    expect([await engineer.page.locator('#secret').inputValue() === secret, await engineer.text()]).toEqual([false, expect.stringContaining('前の秘密鍵でも')])
    await engineer.inspect('webhook-rotated')
  })

  it('a key is made, shown once, and revoked', { timeout: 60_000 }, async () => {
    await engineer.open('/buyer/keys?lang=ja')
    await engineer.inspect('keys-empty')
    await engineer.submit('/buyer/keys', { name: '購買システム', days: '90' })
    expect(await engineer.page.locator('#key').inputValue()).toMatch(/^ak_/)
    await engineer.inspect('key-made')
    await engineer.page.reload()
    expect([await engineer.page.locator('#key').count(), await engineer.text(), (await as('minato').get('/buyer/keys')).body.keys.length]).toEqual([0, expect.stringContaining('キーは一つだけ作りました'), 1])
    await press('無効にする')
    await engineer.inspect('key-revoked')
    await engineer.inspect('key-revoked', 'en')
    await engineer.open('/alerts?lang=ja')
    await engineer.inspect('alerts-empty')
    await engineer.inspect('alerts-empty', 'en')
    expect(engineer.flaws).toEqual([])
  })
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offlineCode } from '../../server/credentials/offline-code.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { judge } from '../support/judges.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world, clock } = theatre
const missing = await whyNoBrowser()
const files = mkdtempSync(path.join(tmpdir(), 'akashi-offline-'))

describe.skipIf(missing)(`without a network${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, somebody: Visitor, url: string, number: string, pdf: Buffer, code: string
  const file = (name: string, bytes: string | Uint8Array) => {
    writeFileSync(path.join(files, name), bytes)
    return path.join(files, name)
  }
  const said = async (home: string) => {
    await somebody.page.waitForSelector(`${home} .check-answer .status`)
    // biome-ignore lint/performance/useDomNodeTextContent: only what a reader can see
    return (await somebody.page.locator(`${home} .check-answer`).innerText()).replaceAll('\n', ' ')
  }
  const checked = async (at: string) => {
    await somebody.page.setInputFiles('check-file input', at)
    return said('check-file')
  }
  const read = async (text: string) => {
    await somebody.page.locator('offline-reader .check-answer').evaluate(answer => answer.replaceChildren())
    await somebody.page.fill('offline-reader textarea', text)
    await somebody.page.locator('offline-reader button').click()
    return said('offline-reader')
  }

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    clock.now = new Date()
    number = (await issued({ employerId: await employerOf('yamada') })).number
    pdf = (await app.inject(`/c/${number}/certificate.pdf`)).rawPayload
    const { body } = await theatre.anybody.get(`/c/${number}`)
    code = await offlineCode(body, world)
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    somebody = await visitorWith(browser, url)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(files, { recursive: true, force: true })
  })

  describe('the page that somebody saved', () => {
    let saved: string

    beforeAll(async () => {
      const reply = await app.inject({ url: `/c/${number}/offline.html`, headers: { 'accept-language': 'ja' } })
      expect([reply.statusCode, reply.headers['content-disposition']]).toEqual([200, expect.stringContaining(`attachment; filename="${number}.html"`)])
      expect(reply.rawPayload.length).toBeLessThanOrEqual(40 * 1024)
      saved = pathToFileURL(file(`${number}.html`, reply.rawPayload)).href
      await somebody.page.context().setOffline(true)
      await somebody.page.goto(saved)
    })
    afterAll(() => somebody.page.context().setOffline(false))

    it('says that the file is the original, and that later events could not be checked; never in green', async () => {
      expect(await checked(file('certificate.pdf', pdf))).toMatch(/もとの証書です.*その後に効力が止められたかどうかは、確かめられません/)
      expect(await somebody.page.locator('check-file .check-answer .status').getAttribute('class')).toContain('status--waiting')
      expect(await somebody.page.locator('.check-list li').count()).toBe(8)
      await somebody.inspect('kept')
    })

    it('tells what was added, altered, of another certificate and of somebody else', async () => {
      const altered = Buffer.from(pdf)
      altered[5000] = (altered[5000] ?? 0) ^ 1
      expect(await checked(file('added.pdf', Buffer.concat([pdf, Buffer.from('% more')])))).toMatch(/書き足されています.*6バイト/)
      await expect.poll(() => checked(file('altered.pdf', altered))).toContain('書き換えられています')
      await expect.poll(() => checked(file('foreign.pdf', '%PDF-1.7'))).toContain('発行したものではありません')
    })

    it('reads the second code', async () => {
      expect(await read(code)).toMatch(/本物のコードです.*山田プレス工業株式会社.*確かめていないこと/)
      expect(await somebody.page.locator('offline-reader .check-answer a').getAttribute('href')).toBe(`${world.publicUrl}/c/${number}`)
    })

    it('can reach no network, even if it is there', async () => {
      await somebody.page.context().setOffline(false)
      expect(await somebody.page.evaluate(at => fetch(at, { mode: 'no-cors' }).then(() => 'reached', () => 'refused'), url)).toBe('refused')
    })
  })

  it('knows an older edition, and that time went by', async () => {
    const kept = (await app.inject(`/c/${number}/offline.html`)).body
    const changed = (change: (data: { files: Record<string, unknown>[] }) => void) => kept.replace(/(<script type="application\/json" id="kept">)(.*?)(<\/script>)/, (_, head, json, tail) => {
      const data = JSON.parse(json)
      change(data)
      return head + JSON.stringify(data) + tail
    })
    await somebody.page.goto(pathToFileURL(file('older.html', changed(({ files: [first] }) => Object.assign(first ?? {}, { currentEdition: 2, replacedOn: '2027-01-15' })))).href)
    expect(await checked(file('certificate.pdf', pdf))).toMatch(/有効ではありません.*第1版.*2027年1月15日に第2版/)
    await somebody.page.goto(pathToFileURL(file('late.html', changed(({ files: [first] }) => Object.assign(first ?? {}, { expiresOn: '2020-03-31' })))).href)
    expect(await checked(file('certificate.pdf', pdf))).toMatch(/有効ではありません.*2020年3月31日で期限が切れました/)
  })

  it('reads a scanned code in airplane mode, after one visit with a network', async () => {
    await somebody.open('/o')
    await somebody.page.waitForSelector('html[data-kept]')
    await somebody.page.context().setOffline(true)
    await somebody.page.goto('about:blank')
    await somebody.page.goto(`${url}/o#${code.split('#')[1]}`) // as the telephone's camera opens it
    expect(await said('offline-reader')).toMatch(/本物のコードです.*山田プレス工業株式会社.*金属製品製造業.*確かめていないこと/)
    expect(await somebody.page.locator('h1').evaluate(title => getComputedStyle(title).fontWeight)).toBe('700') // its style was kept too
    expect(await somebody.page.goto(`${url}/c/${number}`).then(() => 'shown', () => 'no network')).toBe('no network') // it keeps nothing else
    await somebody.page.context().setOffline(false)
  })

  const readers = judge('mutool') && judge('zbarimg')
  it.skipIf(!readers)(`reads the very code that is printed on the certificate${readers ? '' : ' (skipped: no mutool, zbarimg)'}`, async () => {
    execFileSync('mutool', ['draw', '-q', '-r', '300', '-o', path.join(files, 'page.png'), file('printed.pdf', pdf), '1'])
    const seen = execFileSync('zbarimg', ['--quiet', '--raw', path.join(files, 'page.png')], { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')
    const printed = seen.find(text => text.startsWith(`${world.publicUrl}/o#`)) ?? ''
    expect([seen.length, printed.length <= 330]).toEqual([2, true])
    await somebody.page.goto('about:blank')
    await somebody.page.goto(printed.replace(world.publicUrl, url))
    expect(await said('offline-reader')).toMatch(/本物のコードです.*山田プレス工業株式会社/)
  })

  it('tells forged, foreign and mistyped codes apart, and says when the time is over', async () => {
    await somebody.open('/o')
    const [site = '', body = ''] = code.split('#')
    const forged = Buffer.from(body, 'base64url')
    forged[30] = (forged[30] ?? 0) ^ 1
    expect(await read(`${site}#${forged.toString('base64url')}`)).toContain('書き換えられたコード')
    expect(await read(`${site}#${Buffer.concat([Buffer.from([1, 9, 9, 9, 9]), forged.subarray(5)]).toString('base64url')}`)).toContain('知らない鍵')
    expect(await read('https://evil.example/o#abc')).toContain('こちらのコードではありません')
    const { body: record } = await theatre.anybody.get(`/c/${number}`)
    expect(await read(await offlineCode({ ...record, expiresOn: '2020-03-31' }, world))).toMatch(/期限が切れています.*2020年3月31日/)
    expect(await read(code)).toContain('本物のコードです')
    await somebody.inspect('offline-code')
    await somebody.inspect('offline-code', 'en')
  })

  it('sends nothing of a code to the server, and nobody finds a flaw in the pages', async () => {
    const asked: string[] = []
    somebody.page.on('request', request => asked.push(request.url() + (request.postData() ?? '')))
    await somebody.page.goto('about:blank')
    await somebody.page.goto(`${url}/o#${code.split('#')[1]}`)
    await said('offline-reader')
    expect(asked.filter(address => address.split('#')[0]?.includes(code.slice(-40)))).toEqual([])
    expect([somebody.complaints.filter(line => !/ERR_INTERNET_DISCONNECTED|Content Security Policy|Refused to connect/.test(line)), somebody.flaws]).toEqual([[], []])
  })
})

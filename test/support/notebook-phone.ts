import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { openProfile } from './browser.ts'

export const passphrase = '青い屋根の上の 合言葉'
type Fields = Record<string, string>

/** An assessor's phone: a browser profile on the disk that outlives every tab, and acts as a thumb does. */
export class Phone {
  readonly profile = mkdtempSync(path.join(tmpdir(), 'akashi-phone-'))
  context!: BrowserContext
  page!: Page
  readonly complaints: string[] = []
  readonly url: string
  readonly cookie: string
  readonly audit: string
  readonly lang: 'ja' | 'en'

  constructor(url: string, cookie: string, audit: string, lang: 'ja' | 'en' = 'ja') {
    this.url = url
    this.cookie = cookie
    this.audit = audit
    this.lang = lang
  }

  async start() {
    this.context = await openProfile(this.profile, { baseURL: this.url, locale: this.lang === 'ja' ? 'ja-JP' : 'en-GB', viewport: { width: 390, height: 844 }, permissions: ['microphone'] })
    this.context.setDefaultTimeout(20_000)
    const [name = '', value = ''] = this.cookie.split('=')
    await this.context.addCookies([{ name, value, url: this.url, expires: 2_000_000_000 }])
    this.page = await this.tab()
  }

  async tab() {
    const page = await this.context.newPage()
    page.on('pageerror', error => this.complaints.push(error.message))
    page.on('console', message => { if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load resource/.test(message.text())) this.complaints.push(message.text()) })
    return page
  }

  offline = (off: boolean) => this.context.setOffline(off)

  /** In the office: sets the notebook up and takes the audit out. */
  async setUp() {
    await this.page.goto('/notebook')
    await this.page.fill('[name=name]', '佐藤の電話')
    await this.page.fill('[name=passphrase]', passphrase)
    await this.page.locator('form button').click()
    await this.page.locator(`[data-take-out="${this.audit}"]`).waitFor({ timeout: 8000 }).catch(async () => { console.log(await this.text(), this.complaints) })
    await this.page.locator(`[data-take-out="${this.audit}"]`).click()
    await this.page.locator(`a[href="#/audit/${this.audit}"]`).first().waitFor()
    await this.page.waitForSelector('html[data-kept]')
  }

  /** As it is opened in the field: from the phone's own cache, by the passphrase. */
  async reopen(at = '') {
    await this.page.goto(`/notebook${at}`)
    await this.page.waitForSelector('html[data-gate=locked], html[data-gate=open]')
    if (await this.page.locator('html[data-gate=open]').count()) return
    await this.page.fill('[name=passphrase]', passphrase)
    await this.page.locator('form button').click({ noWaitAfter: true }).catch(() => undefined) // the sign-in may be quicker
    await this.page.waitForSelector('html[data-gate=open]')
  }

  /** The tab dies as the system kills it: no farewell, nothing saved on the way out. */
  async kill() {
    const dead = this.page, session = await this.context.newCDPSession(dead).catch(() => null)
    void session?.send('Page.crash').catch(() => undefined)
    await Promise.race([dead.waitForEvent('crash').catch(() => undefined), new Promise(done => setTimeout(done, 1500))])
    this.page = await this.tab()
    await dead.close().catch(() => undefined)
  }

  go = async (hash: string) => {
    await this.page.evaluate(to => { location.hash = to }, hash)
  }

  /** Opens a form, fills what is not filled yet, and presses "keep". */
  async note(kind: string, criterion: string, fields: Fields, photo?: { name: string; mimeType: string; buffer: Buffer }) {
    await this.go(`#/new/${this.audit}/${kind}/${criterion}`)
    const form = this.page.locator(`form[data-form=${kind}]`)
    await form.waitFor()
    if (photo) {
      await form.locator('[data-photo]').setInputFiles(photo)
      await form.locator('img.shot').waitFor()
    }
    for (const [name, value] of Object.entries(fields)) await this.fill(name, value)
    await form.locator('[data-keep]').click()
    await this.page.waitForFunction(() => !document.querySelector('form[data-form]'))
  }

  async fill(name: string, value: string) {
    const field = this.page.locator(`[name="${name}"]`).first()
    const type = await field.evaluate(element => (element as HTMLInputElement).type)
    if (type === 'radio') return this.page.locator(`[name="${name}"][value="${value}"]`).check()
    if (type === 'checkbox') return field.check()
    if (type === 'select-one') return void await field.selectOption(value)
    return field.fill(value)
  }

  // biome-ignore lint/performance/useDomNodeTextContent: only what a reader can see
  text = () => this.page.locator('#notebook').innerText()
  held = async () => { const bar = this.page.locator('[data-held]'); return { items: Number(await bar.getAttribute('data-held')), photos: Number(await bar.getAttribute('data-held-photos')), originals: Number(await bar.getAttribute('data-held-originals')) } }

  async end() {
    await this.context?.close()
    rmSync(this.profile, { recursive: true, force: true })
  }
}

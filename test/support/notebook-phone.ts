import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { openProfile } from './browser.ts'
import type { stage as setStage } from './world.ts'

export const passphrase = '青い屋根の上の 合言葉'
type Fields = Record<string, string>

/** One tab of the notebook, for as long as it lives: acts as a thumb does. */
export class Tab {
  readonly page: Page
  readonly audit: string

  constructor(page: Page, audit: string) {
    this.page = page
    this.audit = audit
  }

  go = async (hash: string) => {
    await this.page.evaluate(to => { location.hash = to }, hash)
  }

  /** Opens a form, fills what is not filled yet, and presses "keep". */
  async note(kind: string, criterion: string, fields: Fields, photo?: { name: string; mimeType: string; buffer: Buffer }) {
    await this.go(`#/new/${this.audit}/${kind}/${criterion}`)
    const form = this.page.locator(`form[data-form=${kind}]`)
    await form.waitFor()
    await form.evaluate(element => { for (const folded of element.querySelectorAll('details')) folded.open = true })
    if (photo) {
      await form.locator('[data-photo]').setInputFiles(photo)
      await form.locator('img.shot').waitFor()
    }
    for (const [name, value] of Object.entries(fields)) await (value === 'press' ? this.drawRoom() : this.fill(name, value))
    await this.keep(form)
  }

  async drawRoom() {
    await this.page.getByRole('button', { name: /この大きさでかく|Draw it/ }).click()
  }

  async interview(code: string, language: string, notes: string) {
    await this.go(`#/new/${this.audit}/interview/`)
    const form = this.page.locator('form[data-form=interview]'), next = this.page.getByRole('button', { name: /^(次へ|Next)$/ }), end = this.page.getByRole('button', { name: /聞き取りを終える|End the interview/ })
    await form.waitFor()
    if (await form.locator('[name=code]').count()) {
      await this.fill('code', code)
      await this.fill('language', language)
      await this.page.getByRole('button', { name: /質問を始める|Begin the questions/ }).click()
    }
    if (await form.locator('[data-answer]').count()) {
      await form.locator('[data-answer=no]').first().click()
      await next.click()
      await form.locator('[data-answer]').first().click()
      await end.click()
    }
    await this.fill('text', notes)
    await this.keep(form)
  }

  async sign(name: string) {
    await this.go(`#/new/${this.audit}/signature/`)
    const form = this.page.locator('form[data-form=signature]')
    await form.waitFor()
    await this.fill('name', name)
    const box = await form.locator('svg.pad').boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 }
    await this.page.mouse.move(box.x + 30, box.y + 40)
    await this.page.mouse.down()
    for (const [x, y] of [[90, 90], [150, 30], [220, 100]] as const) await this.page.mouse.move(box.x + x, box.y + y)
    await this.page.mouse.up()
    await this.keep(form)
  }

  /** Writes something else over a version. */
  async correct(hash: string, text: string) {
    await this.go(`#/correct/${this.audit}/${hash}`)
    const form = this.page.locator('form[data-form]')
    await form.waitFor()
    await this.fill('text', text)
    await this.keep(form)
  }

  async keep(form: ReturnType<Page['locator']>) {
    await form.locator('[data-keep]').click()
    await this.page.waitForFunction(() => !document.querySelector('form[data-form]'))
  }

  /** What lies on the phone, as its own page reads it. */
  async hashes(key: string) {
    const names = await this.page.evaluate(() => new Promise<{ outbox: string[]; files: string[] }>((done, fail) => {
      const opening = indexedDB.open('akashi-notebook')
      opening.onerror = () => fail(opening.error)
      opening.onsuccess = () => {
        const tx = opening.result.transaction(['outbox', 'files']), [outbox, files] = [tx.objectStore('outbox').getAllKeys(), tx.objectStore('files').getAllKeys()]
        tx.oncomplete = () => { done({ outbox: outbox.result as string[], files: files.result as string[] }); opening.result.close() }
      }
    }))
    const known = await this.page.evaluate(unsealed, key)
    return { ...names, known, versions: known.map(({ hash }) => hash), texts: known.map(({ text }) => text) }
  }

  ask = () => this.page.locator('[data-send]').click()

  /** Until the phone says that nothing is only on it any more. */
  async sent() {
    for (const end = Date.now() + 45_000; ;) {
      const { items, photos, originals } = await this.held()
      if (items + photos + originals === 0) return
      if (Date.now() > end) throw new Error(`not sent: ${JSON.stringify({ items, photos, originals })} ${await this.text()}`)
      await this.page.locator('[data-send]').click({ timeout: 500 }).catch(() => undefined)
      await new Promise(done => setTimeout(done, 300))
    }
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
}

/** An assessor's phone: a browser profile on the disk that outlives every tab, and acts as a thumb does. */
export class Phone {
  readonly profile = mkdtempSync(path.join(tmpdir(), 'akashi-phone-'))
  context!: BrowserContext
  tab!: Tab
  key = '' // of what lies on it, as the server gave it: the tests unseal by themselves
  readonly complaints: string[] = []
  deaths = 0
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
    this.tab = await this.newTab()
  }

  async newTab(): Promise<Tab> {
    const page = await this.context.newPage()
    page.on('pageerror', error => this.complaints.push(error.message))
    page.on('console', message => { if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load resource/.test(message.text())) this.complaints.push(message.text()) })
    return new Tab(page, this.audit)
  }

  get page() { return this.tab.page }

  hashes = () => this.tab.hashes(this.key)

  offline = (off: boolean) => this.context.setOffline(off)

  /** In the office: sets the notebook up and takes the audit out. */
  async setUp() {
    await this.page.goto('/notebook')
    await this.page.fill('[name=name]', '佐藤の電話')
    await this.page.fill('[name=passphrase]', passphrase)
    await this.page.locator('form button').click()
    await this.page.locator(`[data-take-out="${this.audit}"]`).waitFor({ timeout: 8000 }).catch(async () => { console.log(await this.tab.text(), this.complaints) })
    await this.page.locator(`[data-take-out="${this.audit}"]`).click()
    await this.page.locator(`a[href="#/audit/${this.audit}"]`).first().waitFor()
    await this.page.waitForSelector('html[data-kept]')
    this.key = await this.page.evaluate(givenKey)
  }

  /** As it is opened in the field: from the phone's own cache, by the passphrase. */
  async reopen(at = '') {
    await this.page.goto(`/notebook${at}`)
    await this.page.waitForSelector('html[data-gate=locked], html[data-gate=open]')
    const open = this.page.waitForSelector('html[data-gate=open]') // the sign-in may be quicker than the thumb
    await Promise.race([open, this.page.fill('[name=passphrase]', passphrase).then(() => this.page.locator('form button').click({ noWaitAfter: true })).catch(() => undefined)])
    await open
  }

  /** The tab dies as the system kills it: no farewell, nothing saved on the way out. */
  async kill() {
    this.deaths += 1
    const dead = this.page, session = await this.context.newCDPSession(dead).catch(() => null)
    void session?.send('Page.crash').catch(() => undefined)
    await Promise.race([dead.waitForEvent('crash').catch(() => undefined), new Promise(done => setTimeout(done, 1500))])
    this.tab = await this.newTab()
    await dead.close().catch(() => undefined)
  }

  async end() {
    await this.context?.close()
    rmSync(this.profile, { recursive: true, force: true })
  }
}

/** In the page: the key that the server gives to the device's owner. */
async function givenKey(): Promise<string> {
  const device = await new Promise<string>(done => {
    const opening = indexedDB.open('akashi-notebook')
    opening.onsuccess = () => {
      const asked = opening.result.transaction('device').objectStore('device').get('this')
      asked.onsuccess = () => { done((asked.result as { device: string }).device); opening.result.close() }
    }
  })
  return ((await (await fetch(`/notebook/devices/${device}/key`, { headers: { accept: 'application/json' } })).json()) as { key: string }).key
}

/** In the page: hash and words of every version, unsealed without the notebook's own code. */
async function unsealed(base64: string): Promise<{ hash: string; text: string }[]> {
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)), 'AES-GCM', false, ['decrypt'])
  const records = await new Promise<{ hash: string; sealed: { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer } }[]>(done => {
    const opening = indexedDB.open('akashi-notebook')
    opening.onsuccess = () => {
      const asked = opening.result.transaction('versions').objectStore('versions').getAll()
      asked.onsuccess = () => { done(asked.result); opening.result.close() }
    }
  })
  return Promise.all(records.map(async ({ hash, sealed: { iv, bytes } }) => {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(hash) }, key, bytes)
    const { text, statement, notes, name } = (JSON.parse(new TextDecoder().decode(plain)) as { version: { content: Record<string, string> } }).version.content
    return { hash, text: text || statement || notes || name || '' }
  }))
}

/** Sato's phone, set up for one audit; the server lives in the phone's own time from here on. */
export async function phoneOf({ app, clock, cookieOf }: Pick<Awaited<ReturnType<typeof setStage>>, 'app' | 'clock' | 'cookieOf'>, audit: string): Promise<Phone> {
  clock.now = new Date()
  const phone = new Phone(await app.listen({ port: 0, host: '127.0.0.1' }), cookieOf('sato'), audit)
  await phone.start()
  await phone.setUp()
  return phone
}

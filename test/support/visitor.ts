import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { PublicLocale } from '../../server/http/locale.ts'

export type Visitor = Awaited<ReturnType<typeof visitorWith>>
type Typed = string | boolean | string[]

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const pictures = process.env.SHOTS_DIR // where to leave a picture of every page type, for people who look

/** Somebody at a browser of their own: types into forms by the names of the fields, presses buttons, and can look at a page as an auditor does. */
export async function visitorWith(browser: Browser, url: string, { javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ baseURL: url, locale: 'ja-JP', javaScriptEnabled, viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const complaints: string[] = [], flaws: string[] = []
  page.on('console', message => { if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`) })
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`))
  const path = () => new URL(page.url()).pathname

  return {
    page, complaints, flaws, path,
    open: async (to: string) => void await page.goto(to),
    /** Follows a link by where it leads. */
    follow: async (to: string) => { await Promise.all([page.waitForURL(new URL(to, url).href), page.locator(`a[href="${to}"]`).first().click()]) },
    // biome-ignore lint/performance/useDomNodeTextContent: only what a reader can see
    text: () => page.locator('main').innerText(),
    /** Fills the first form whose action ends so (unfolding what hides it) and presses its button, by its words when it has several; ends on the page that answers. */
    async submit(action: string, fields: Record<string, Typed> = {}, button?: string) {
      const form = page.locator(`form[action$="${action}"]`).first()
      const folded = page.locator('details:not([open])', { has: form }).first()
      if (await folded.count()) await folded.locator('summary').first().click()
      for (const [name, value] of Object.entries(fields)) await fill(form, name, value)
      const press = form.getByRole('button', button ? { name: button } : {}).last()
      await Promise.all([page.waitForEvent('load'), press.click()])
    },
    /** Notes as flaws what axe finds at both widths and what sticks out to the side (at 320 too); keeps pictures when asked for. */
    async inspect(name: string, lang: PublicLocale = 'ja') {
      await context.addCookies([{ name: 'lang', value: lang, url }])
      if (lang !== 'ja') await page.goto(withLang(page.url(), lang))
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
        flaws.push(...(await violationsOn(page)).flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${name} (${lang}, ${width} px) ${id}: ${html.slice(0, 160)} ${failureSummary}`)))
        await picture(page, `${name}-${lang}-${width}`)
      }
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 800 })
        flaws.push(...(await tooWide(page)).map(element => `${name} (${lang}, ${width} px) sticks out: ${element}`))
      }
      await page.setViewportSize({ width: 1280, height: 900 })
      if (lang !== 'ja') await context.addCookies([{ name: 'lang', value: 'ja', url }])
    },
    close: () => context.close(),
  }
}

/** The same, signed in as one of the cast of a theatre. */
export async function signedIn(browser: Browser, url: string, cookie: string, options = {}): Promise<Visitor> {
  const visitor = await visitorWith(browser, url, options), [name = '', value = ''] = cookie.split('=')
  await visitor.page.context().addCookies([{ name, value, url }])
  return visitor
}

async function fill(form: ReturnType<Page['locator']>, name: string, value: Typed) {
  const field = form.locator(`[name="${name}"]:not([type=hidden])`)
  const kind = await field.first().evaluate(element => (element instanceof HTMLInputElement ? element.type : element.tagName))
  if (kind === 'SELECT') return void await field.selectOption(String(value))
  if (kind === 'file') return field.setInputFiles(value as string)
  if (kind === 'radio') return form.locator(`[name="${name}"][value="${value}"]`).check()
  if (kind === 'checkbox') return value === false ? field.uncheck() : field.first().check()
  return field.fill(String(value))
}

// axe as it stands, brought into the page once: its wrapper for browsers brings it at every look, half of the time of all looks.
async function violationsOn(page: Page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe.source)
  return page.evaluate(async values => (await (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })).violations, tags)
}

// What sticks out of the page and is not inside something that scrolls by itself.
const tooWide = (page: Page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  return [...document.body.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > width + 1).slice(0, 5).map(element => element.outerHTML.slice(0, 160))
})

async function picture(page: Page, name: string) {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true })
}

function withLang(at: string, lang: string): string {
  const url = new URL(at)
  url.searchParams.set('lang', lang)
  return url.href
}

import { get } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCompany } from '../../scripts/journey/company.ts'
import { recommend, review } from '../../scripts/journey/correction.ts'
import { decide } from '../../scripts/journey/decision.ts'
import { askBack, beginReview, rateEverything, readReply } from '../../scripts/journey/desk-review.ts'
import { ownInstance, type Instance } from '../../scripts/journey/instance.ts'
import type { Person } from '../../scripts/journey/person.ts'
import { screenAndAssign } from '../../scripts/journey/screening.ts'
import { auditOnSite } from '../../scripts/journey/visit.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { answersBack, answersFinding, applies, arrives, describesCompany } from './path/employer.ts'

// The employer's and the public's part with JavaScript off; the staff, whose part whole-path.test.ts clicks, play theirs over HTTP.
const missing = await whyNoBrowser()
describe.skipIf(missing)(`without script${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let instance: Instance, browser: Browser, employer: Visitor
  const company = newCompany()
  let number = ''
  const silent = () => undefined
  const look = async () => undefined

  beforeAll(async () => {
    [instance, browser] = await Promise.all([ownInstance(), openBrowser()])
    employer = await visitorWith(browser, instance.url, { javaScriptEnabled: false })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await instance?.stop()
  })

  it('an employer applies, replies, corrects and downloads; anybody verifies', { timeout: 400_000 }, async () => {
    await arrives(employer, instance.url, `akemi.${company.corporateNumber}@takahashi-press.example`, look)
    await describesCompany(employer, company, look)
    const at = await applies(employer, look), applicationId = at.split('/').at(-1) ?? ''
    await screenAndAssign(instance.url, applicationId, silent)
    const assessor = await beginReview(instance.url, applicationId, silent)
    await askBack(assessor, applicationId, silent)
    await answersBack(employer, at, look)
    await readReply(assessor, applicationId)
    await rateEverything(assessor, applicationId, silent)
    await auditOnSite(assessor, applicationId, silent)
    await corrects(assessor, at)
    await recommend(assessor, applicationId, silent)
    number = await decide(instance.url, { applicationId, employer: assessor }, silent)
    await employer.open(at)
    const [download] = await Promise.all([employer.page.context().request.get(`/c/${number}/certificate.pdf`), employer.follow(`/c/${number}`)])
    expect(download.headers()['content-type']).toBe('application/pdf')
    await verifies()
  })

  it('the page of a number is at most 14 KB with its styles, in at most three requests, and its one script only adds', { timeout: 60_000 }, async () => {
    const requests: string[] = []
    const anybody = await visitorWith(browser, instance.url)
    anybody.page.on('request', request => requests.push(request.url()))
    await anybody.open(`/c/${number}`)
    expect(requests.length).toBeLessThanOrEqual(3)
    const sizes = await Promise.all(requests.filter(url => !url.endsWith('.js')).map(transferred))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(14 * 1024)
    expect(await anybody.page.locator('script:not([type=module][src]), [onclick], iframe').count()).toBe(0)
    expect(anybody.complaints).toEqual([])
  })

  async function corrects(assessor: Person, at: string) {
    for (const [criterion, done, outcome] of [['RE-08.2', 'planned', 'plan_accepted'], ['RE-07.3', 'planned', 'plan_accepted'], ['RE-07.3', 'done', 'verified']] as const) {
      await answersFinding(employer, at, criterion, done, look)
      await review(assessor, employer.path().split('/').at(-1) ?? '', { outcome, note: '記録を確認した。' })
    }
  }

  async function verifies() {
    const anybody = await visitorWith(browser, instance.url, { javaScriptEnabled: false })
    await anybody.open('/')
    await anybody.submit('/c', { number: number.toLowerCase().replaceAll('-', ' ') }) // as read out over the telephone
    expect(anybody.path()).toBe(`/c/${number}`)
    for (const folded of await anybody.page.locator('main summary').all()) await folded.click()
    const said = await anybody.text()
    for (const fact of [company.nameJa, company.nameLatin, number, '認証']) expect(said).toContain(fact)
    expect(said).toMatch(/[0-9a-f]{64}/)
  }
})

// Bytes of the body as they cross the wire, asked for as browsers do.
const transferred = (url: string) => new Promise<number>((resolve, reject) => {
  get(url, { headers: { accept: 'text/html,text/css,*/*', 'accept-language': 'ja', 'accept-encoding': 'gzip, deflate, br' } }, answer => {
    let bytes = 0
    answer.on('data', (chunk: Buffer) => { bytes += chunk.length }).on('end', () => resolve(bytes))
  }).on('error', reject)
})

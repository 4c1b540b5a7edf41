import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { actOnFindings } from '../../server/findings/clock.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { signedIn, visitorWith } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, clock, runJobs, world, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()
const phone = { width: 390, height: 844 }, desk = { width: 1280, height: 900 }
const pictures = process.env.PICTURES
const picture = async (page: Page, name: string) => {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}
// Nothing runs out of the side of the page.
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

describe.skipIf(missing)(`findings that act, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string, number: string, finding = ''
  const { issued, employerOf } = sealedFilesOn(theatre)

  beforeAll(async () => {
    const made = await issued({ employerId: await employerOf('yamada') })
    id = made.id
    number = made.number
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const visitorAs = async (who: CastName, size: typeof phone, lang: 'ja' | 'en' = 'ja') => {
    const visitor = await signedIn(browser, url, theatre.cookieOf(who), { javaScriptEnabled: false })
    await visitor.page.context().addCookies([{ name: 'lang', value: lang, url }])
    await visitor.page.setViewportSize(size)
    return visitor
  }
  const at = (text: string) => { clock.now = new Date(`${text}+09:00`) }

  it('surveillance finds zero tolerance: raised at a desk, in English', { timeout: 120_000 }, async () => {
    at('2026-12-01T10:00:00')
    const assessor = await visitorAs('sato', desk, 'en')
    await assessor.open(`/applications/${id}/findings?criterion=RE-06.1&grade=zero_tolerance`)
    await picture(assessor.page, '1-raise-en-desktop')
    await assessor.submit('/findings', { statement: 'Six passports are kept in the office safe.', visitedOn: '2026-12-01' })
    finding = assessor.path().split('/').at(-1) ?? ''
    expect([assessor.path(), await fits(assessor.page)]).toEqual([expect.stringMatching(/^\/findings\/[0-9a-f-]{36}$/), true])
    await picture(assessor.page, '2-raised-en-desktop')
    await assessor.close()
  })

  it('the employer protects and contains, on a phone; nothing typed is lost', { timeout: 120_000 }, async () => {
    const client = await visitorAs('yamada', phone)
    await client.open(`/findings/${finding}`)
    expect(await client.text()).toMatch(/働く人を守る計画[\s\S]*2026年12月4日/)
    await picture(client.page, '3-employer-ja-phone')
    const form = (step: string) => client.page.locator(`form:has(input[name=step][value=${step}])`)
    await form('protection_plan').locator('button').click()
    expect([await client.page.locator('#errors').count(), await fits(client.page)]).toEqual([1, true])
    await picture(client.page, '4-errors-ja-phone')
    await form('protection_plan').locator('textarea').fill('旅券を今日返し、社外の相談先を母語で渡す。')
    await form('protection_plan').locator('button').click()
    await form('containment').locator('textarea').fill('六人全員に返し、受け取りを確かめた。')
    await form('containment').locator('button').click()
    await client.submit('/responses', { cause: '預かる習慣', correction: '全員に返した', correctiveAction: '預かりを就業規則で禁じた', done: 'done' })
    expect(await client.text()).toMatch(/審査員が確かめています/)
    const looker = await signedIn(browser, url, theatre.cookieOf('yamada'))
    await looker.open(`/findings/${finding}`)
    await looker.inspect('finding-zero-tolerance', 'en')
    expect(looker.flaws).toEqual([])
    await looker.close()
    expect(await fits(client.page)).toBe(true)
    await client.close()
  })

  it('the secretariat takes note, the assessor verifies, a second person closes', { timeout: 120_000 }, async () => {
    const office = await visitorAs('suzuki', desk), assessor = await visitorAs('sato', desk), second = await visitorAs('kobayashi', phone)
    await office.open(`/findings/${finding}`)
    await office.submit('/steps', { words: '公平性委員会と決定者に知らせた。' })
    expect(await office.text()).toMatch(/事務局が通報を受けました/)
    await assessor.open(`/findings/${finding}`)
    await assessor.submit('/reviews', { outcome: 'verified', note: '六人と面談し、旅券を見た。' })
    expect(await assessor.text()).toMatch(/判定者の確認を待っています/)
    await second.open('/findings-to-close')
    await picture(second.page, '5-to-close-ja-phone')
    expect(await fits(second.page)).toBe(true)
    const looker = await signedIn(browser, url, theatre.cookieOf('kobayashi'))
    for (const [name, path] of [['findings-to-close', '/findings-to-close'], ['finding-second', `/findings/${finding}`]] as const) {
      await looker.open(path)
      await looker.inspect(name)
    }
    expect(looker.flaws).toEqual([])
    await looker.close()
    await second.follow(`/findings/${finding}`)
    await picture(second.page, '6-second-ja-phone')
    await second.submit('/closures', { outcome: 'closed', reasons: '面談の記録と写真で確かめた。' })
    expect([second.path(), await second.text()]).toEqual(['/findings-to-close', expect.stringMatching(/一人目として署名しました[\s\S]*あなたが署名しました/)])
    const other = await visitorAs('tanaka', phone)
    await other.open('/findings-to-close')
    expect(await other.text()).toMatch(/小林 由美さんが一人目として署名しました/)
    await picture(other.page, '6b-signed-ja-phone')
    expect(await fits(other.page)).toBe(true)
    await other.follow(`/findings/${finding}`)
    expect(await other.text()).toMatch(/「閉じる」を選ぶと、この指摘は閉じます/)
    await other.submit('/closures', { outcome: 'closed', reasons: '六人の受け取りを確かめた。' })
    expect([other.path(), await other.text()]).toEqual(['/findings-to-close', expect.stringMatching(/待っている指摘はありません/)])
    for (const visitor of [office, assessor, second, other]) await visitor.close()
  })

  it('and a month later it is seen to work', { timeout: 120_000 }, async () => {
    at('2027-01-04T10:00:00')
    const assessor = await visitorAs('sato', desk, 'en')
    await assessor.open(`/findings/${finding}`)
    await picture(assessor.page, '7-effect-en-desktop')
    await assessor.submit('/reviews', { outcome: 'effective', note: 'No document was held on 4 January.' })
    expect(await assessor.text()).toMatch(/It works\. This finding is done with\.[\s\S]*The assessor saw that it works[\s\S]*A second decision maker closed it/)
    await picture(assessor.page, '8-story-en-desktop')
    await assessor.close()
  })

  it('a missed date: warned, suspended by the clock, the public told the class of reason, reinstated by decision', { timeout: 120_000 }, async () => {
    const assessor = await visitorAs('sato', desk), client = await visitorAs('yamada', phone), decider = await visitorAs('kobayashi', desk), anybody = await visitorWith(browser, url, { javaScriptEnabled: false })
    await assessor.open(`/applications/${id}/findings?criterion=RE-07.3&grade=major`)
    await assessor.submit('/findings', { statement: '深夜の割増賃金が三か月もれている。' })
    const major = assessor.path() // plan due on 18 January
    at('2027-01-19T09:00:00')
    await actOnFindings(world)
    await client.open(major)
    expect(await client.text()).toMatch(/期限を過ぎたため、証書の停止を予告しました/)
    at('2027-01-26T09:00:00')
    await actOnFindings(world)
    await runJobs()
    await anybody.open(`/c/${number}`)
    expect([(await anybody.text()).includes('期限までに必要な手続きが行われなかったため'), /割増賃金|RE-07\.3/.test(await anybody.text())]).toEqual([true, false])
    await client.open(major)
    await picture(client.page, '9-suspended-ja-phone')
    const [{ certificate } = { certificate: '' }] = await sql<{ certificate: string }[]>`select id as certificate from certificates where number = ${number}`
    await decider.open(`/certificates/${certificate}/standing`)
    await decider.submit('/standing', { change: 'reinstated', reasons: '是正が出そろった。' })
    expect(await decider.text()).toMatch(/^決定しました。[\s\S]*有効/)
    await runJobs()
    const another = await visitorWith(browser, url, { javaScriptEnabled: false }) // the first one's browser may keep the page for a minute
    await another.open(`/c/${number}`)
    expect((await another.text()).split('\n')[0]).toBe('有効')
    for (const visitor of [assessor, client, decider, anybody, another]) await visitor.close()
  })
})

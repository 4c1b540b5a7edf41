import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { whyNoBrowser } from '../support/browser.ts'
import { passphrase, type Phone, phoneOf } from '../support/notebook-phone.ts'
import { stage } from '../support/world.ts'

// Issue 6: a phone passes through other hands, and other people sign in on it.
const theatre = await stage()
const { cookieOf } = theatre
const { caseAt } = benchOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a lock${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let audit: string, phone: Phone
  const gate = () => phone.page.getAttribute('html', 'data-gate')
  const signedIn = async (who: 'sato' | 'lee') => {
    const [name = '', value = ''] = cookieOf(who).split('=')
    await phone.context.addCookies([{ name, value, url: phone.url, expires: 2_000_000_000 }])
  }
  const byPassphrase = async () => {
    await phone.page.fill('[name=passphrase]', passphrase)
    await phone.page.locator('form button').click()
    await phone.page.waitForSelector('html[data-gate=open]')
  }

  beforeAll(async () => {
    audit = await caseAt('visit_planned')
    phone = await phoneOf(theatre, audit)
  }, 120_000)
  afterAll(() => phone?.end())

  it('holds in every tab, online and signed in, until the passphrase is typed', { timeout: 60_000 }, async () => {
    const other = await phone.newTab()
    await other.page.goto('/notebook')
    await other.page.waitForSelector('html[data-gate=open]')
    await phone.tab.go('')
    await phone.page.getByRole('button', { name: '鍵をかける' }).click()
    await phone.page.waitForSelector('html[data-gate=locked]')
    await new Promise(done => setTimeout(done, 1500))
    await phone.page.reload()
    await phone.page.waitForSelector('html[data-gate=locked]')
    await new Promise(done => setTimeout(done, 1500))
    expect([await gate(), await other.page.getAttribute('html', 'data-gate')]).toEqual(['locked', 'locked'])
    await other.page.close()
    await byPassphrase()
    await phone.page.reload()
    await phone.page.waitForSelector('html[data-gate=open]') // as before: the sign-in opens it
  })

  it('falls by itself when the session turns out to be another person’s; the passphrase opens, and the bar says why nothing goes', { timeout: 60_000 }, async () => {
    await phone.tab.note('note', 'RE-05.1', { text: '佐藤だけの秘密' })
    await phone.tab.sent()
    await signedIn('lee')
    await phone.tab.ask()
    await phone.page.waitForSelector('html[data-gate=locked]')
    await expect.poll(() => phone.tab.text()).toContain('別の人がサインインしたので、鍵をかけました。')
    await byPassphrase()
    await phone.tab.note('note', 'RE-05.1', { text: 'まだ送っていない秘密' })
    await expect.poll(() => phone.page.locator('.held-how').textContent(), { timeout: 10_000 }).toBe('別の人がサインインしているので、送れません。')
    expect([await gate(), (await phone.tab.held()).items]).toEqual(['open', 1])
    await signedIn('sato')
    await phone.tab.sent()
  })

  it('opens without the passphrase to a sign-in made anew, and to no other', { timeout: 60_000 }, async () => {
    await phone.tab.go('')
    await phone.page.getByRole('button', { name: '鍵をかける' }).click()
    await phone.page.waitForSelector('html[data-gate=locked]')
    await phone.page.locator('[data-sign-in]').click()
    await phone.page.waitForURL(/sign-in/)
    await phone.page.goto('/notebook')
    await phone.page.waitForSelector('html[data-gate=locked]')
    await new Promise(done => setTimeout(done, 1500))
    expect(await gate()).toBe('locked') // signed out: the old session opens nothing
    await signedIn('lee')
    await phone.page.reload()
    await phone.page.waitForSelector('html[data-gate=locked]')
    await new Promise(done => setTimeout(done, 1500))
    expect(await gate()).toBe('locked')
    expect(phone.complaints).toEqual([])
  })

  it('is no way round a wipe that was interrupted: the next opening finishes it, without a network too', { timeout: 60_000 }, async () => {
    await signedIn('lee')
    await phone.offline(true)
    await phone.page.evaluate(() => localStorage.setItem('akashi-notebook:wiped', '01938d1e-0000-7000-8000-000000000000')) // as a tab leaves it that died between the mark and the deletion
    await phone.page.reload()
    await phone.page.waitForSelector('html[data-gate=wiped]')
    expect(await phone.page.evaluate(async () => [(await indexedDB.databases()).length, localStorage.getItem('akashi-notebook:wiped') !== null])).toEqual([0, true])
  })
})

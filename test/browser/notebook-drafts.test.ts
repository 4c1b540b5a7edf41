import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { whyNoBrowser } from '../support/browser.ts'
import { type Phone, phoneOf } from '../support/notebook-phone.ts'
import { noisyPng } from '../support/photos.ts'
import { stage } from '../support/world.ts'

// Issue 6: what somebody began and did not keep yet. Neither haste nor a second tab loses a word of it.
const theatre = await stage()
const { world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a draft${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let audit: string, phone: Phone
  const open = async (kind: string, criterion: string, tab = phone.tab) => {
    await tab.go(`#/new/${audit}/${kind}/${criterion}`)
    await tab.page.locator(`form[data-form=${kind}]`).waitFor()
  }
  const away = async () => {
    await phone.page.locator('p.crumb a').click()
    await phone.page.locator('form[data-form]').waitFor({ state: 'detached' })
  }

  beforeAll(async () => {
    audit = await caseAt('visit_planned')
    phone = await phoneOf(theatre, audit)
  }, 120_000)
  afterAll(() => phone?.end())

  it('is whole when its form is left at once after the last word, by a link or by closing the tab', { timeout: 60_000 }, async () => {
    await open('note', 'RE-05.1')
    await phone.page.fill('[name=text]', '貼り付けた長い聞き書き')
    await away()
    await open('note', 'RE-05.1')
    expect(await phone.page.inputValue('[name=text]')).toBe('貼り付けた長い聞き書き')
    await phone.page.evaluate(() => {
      window.setTimeout = (() => 0) as unknown as typeof window.setTimeout // no timer comes to it any more
      const field = document.querySelector<HTMLTextAreaElement>('[name=text]')
      if (field) field.value = '電話をしまう直前の一言'
      field?.dispatchEvent(new Event('input', { bubbles: true }))
      dispatchEvent(new Event('pagehide'))
    })
    await new Promise(done => setTimeout(done, 300))
    await phone.kill()
    await phone.reopen(`#/new/${audit}/note/RE-05.1`)
    await expect.poll(() => phone.page.inputValue('[name=text]')).toBe('電話をしまう直前の一言')
  })

  it('keeps a large picture that was still being looked at when its form was left', { timeout: 60_000 }, async () => {
    await open('photo', 'RE-09.2')
    await phone.page.locator('[data-photo]').setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer: noisyPng(1500, 5) })
    await away()
    await open('photo', 'RE-09.2')
    await phone.page.locator('img.shot').waitFor()
    expect(phone.complaints).toEqual([])
  })

  it('of one tab stays when another tab keeps its own at the same place', { timeout: 60_000 }, async () => {
    const first = phone.tab, second = await phone.newTab()
    await second.page.goto('/notebook')
    await second.page.waitForSelector('html[data-gate=open]')
    for (const tab of [first, second]) await open('note', 'RE-07.2', tab)
    await second.fill('text', 'タブ2の言葉')
    await new Promise(done => setTimeout(done, 500))
    await first.fill('text', 'タブ1の言葉')
    await new Promise(done => setTimeout(done, 500))
    await first.keep(first.page.locator('form[data-form=note]'))
    await second.page.close()
    await open('note', 'RE-07.2')
    expect(await phone.page.inputValue('[name=text]')).toBe('タブ2の言葉')
    await away()
  })

  it('that is open in one tab is not opened in another, which says so; when the first lets go, the other has its last word', { timeout: 60_000 }, async () => {
    await open('note', 'RE-07.3')
    await phone.tab.fill('text', 'はじめのタブの言葉')
    await new Promise(done => setTimeout(done, 500))
    const second = await phone.newTab()
    await second.page.goto(`/notebook#/new/${audit}/note/RE-07.3`)
    await second.page.locator('[data-elsewhere]').waitFor()
    expect([await second.text(), await second.page.locator('form[data-form]').count()]).toEqual([expect.stringContaining('別のタブで開いています。'), 0])
    await phone.tab.fill('text', 'はじめのタブの最後の言葉')
    await away()
    await second.page.getByRole('button', { name: 'もう一度ためす' }).click()
    await second.page.locator('form[data-form=note]').waitFor()
    expect(await second.page.inputValue('[name=text]')).toBe('はじめのタブの最後の言葉')
    await second.page.getByRole('button', { name: 'やめる' }).click()
    await second.page.locator('form[data-form=note]').waitFor({ state: 'detached' })
    await second.page.close()
    await open('note', 'RE-07.3')
    expect(await phone.page.inputValue('[name=text]')).toBe('')
    await away()
  })

  it('that is a memo still being spoken is kept to its end', { timeout: 30_000 }, async () => {
    await phone.tab.go(`#/new/${audit}/voice/RE-01.2`)
    await phone.page.getByRole('button', { name: '録音を始める' }).click()
    await phone.page.getByText('録音しています').waitFor()
    await new Promise(done => setTimeout(done, 1500)) // before the first piece
    await phone.tab.keep(phone.page.locator('form[data-form]'))
    await phone.tab.sent()
    const [memo] = await sql`select (content->>'seconds')::int as seconds from notebook_versions where kind = 'voice' and criterion = 'RE-01.2'`
    expect(memo?.['seconds']).toBeGreaterThanOrEqual(1)
  })

  it('counts as only on this phone, and the audit leads back to it: criterion, kind and place', { timeout: 60_000 }, async () => {
    await phone.tab.go(`#/audit/${audit}`)
    const place = phone.page.locator('#place option').nth(1), site = await place.getAttribute('value') ?? '', named = (await place.textContent())?.split('（')[0] ?? ''
    await open('note', `RE-05.2/${site}`)
    await phone.tab.fill('text', '場所を選んで書いた下書き')
    await open('interview', '')
    await phone.tab.fill('code', 'A-07')
    await expect.poll(() => phone.page.locator('[data-held-drafts]').getAttribute('data-held-drafts')).toBe('5')
    expect(await phone.page.locator('.held-words').textContent()).toContain('書きかけ5件は、この端末にしかありません。')
    await phone.kill()
    await phone.reopen(`#/audit/${audit}`)
    const links = phone.page.locator('[data-drafts] a')
    await links.first().waitFor()
    expect((await links.allTextContents()).map(text => text.trim())).toEqual(['RE-05.1 メモ', 'RE-09.2 写真', 'RE-07.2 メモ', `RE-05.2 メモ ${named}`, '聞き取り'])
    await links.nth(3).click()
    await expect.poll(() => phone.page.inputValue('[name=text]')).toBe('場所を選んで書いた下書き')
    await phone.page.getByRole('button', { name: 'やめる' }).click()
    await expect.poll(() => phone.page.locator('[data-held-drafts]').getAttribute('data-held-drafts')).toBe('4')
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { casesOn } from '../support/cases.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Issue 5, done when 1: a review by keyboard only, and two assessors on one case.
const theatre = await stage()
const { app, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`the bench, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string
  beforeAll(async () => {
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  async function onBench() {
    const id = await caseIn('desk_review', 'yamada', await anotherEmployer('髙橋プレス株式会社'))
    for (const who of ['sato', 'lee'] as const) await assigned(id, who)
    return { id, at: (criterion = '') => `/applications/${id}/assessment${criterion && `/${criterion}`}` }
  }
  const visitorAs = (who: CastName) => signedIn(browser, url, theatre.cookieOf(who))
  const ratingsOf = async (id: string) => (await sql`select criterion, rating, note from ratings where application_id = ${id} order by criterion`).map(row => [row.criterion, row.rating, row.note])

  it('is worked by the keyboard alone, keeps the place on another device, and says how', { timeout: 120_000 }, async () => {
    const { id, at } = await onBench()
    const sato = await visitorAs('sato'), { keyboard } = sato.page
    const press = async (...keys: string[]) => { for (const key of keys) await keyboard.press(key) }
    const goes = async (key: string, to: string) => { await Promise.all([sato.page.waitForURL(`${url}${to}`), keyboard.press(key)]) }
    await sato.open(at('RE-01.1'))
    await press('?')
    expect(await sato.text()).toContain('所見を書く・欄を出る')
    await press('?')
    await goes('j', at('RE-01.2'))
    await goes('k', at('RE-01.1'))
    await goes('ArrowRight', at('RE-01.2'))
    await press('2', 'n')
    await keyboard.type('4月のjk手当 dns? 12') // letters are letters while one writes
    expect(await sato.page.locator('[name=note]').inputValue()).toBe('4月のjk手当 dns? 12')
    await Promise.all([sato.page.waitForEvent('load'), press('Control+Enter')])
    expect(await ratingsOf(id)).toEqual([['RE-01.2', 'minor', '4月のjk手当 dns? 12']])
    const shown = sato.path()
    expect(shown).not.toBe(at('RE-01.2')) // led on to the next doubtful one
    await press('3', 'n')
    await keyboard.type('書きかけ')
    await press('Escape')
    await sato.page.reload()
    expect([sato.path(), await sato.page.locator('[name=note]').inputValue()]).toEqual([shown, '書きかけ'])
    await press('1')
    await Promise.all([sato.page.waitForEvent('load'), press('s')])
    expect((await ratingsOf(id)).map(([criterion, rating]) => [criterion, rating])).toContainEqual([shown.split('/').at(-1), 'conforms'])
    const before = sato.path()
    await Promise.all([sato.page.waitForEvent('load'), press('d')])
    expect(sato.path()).not.toBe(before)
    const second = await visitorAs('sato') // another device
    await second.open(at())
    expect(await second.page.locator(`a[href="${sato.path()}"]`).first().textContent()).toContain('前回の続きから')
    expect(sato.complaints).toEqual([])
    for (const visitor of [sato, second]) await visitor.close()
  })

  it('leaves the letters alone where they were switched off', { timeout: 60_000 }, async () => {
    const { at } = await onBench()
    const sato = await visitorAs('sato')
    await sato.open(at('RE-01.1'))
    await sato.page.keyboard.press('?')
    await sato.page.locator('[data-keys-on]').uncheck()
    await sato.page.keyboard.press('1')
    await sato.page.reload()
    await sato.page.keyboard.press('2')
    expect(await sato.page.locator('[name=rating]:checked').count()).toBe(0)
    await sato.close()
  })

  it('shows two assessors each other’s marks, and neither overwrites the other', { timeout: 120_000 }, async () => {
    const { id, at } = await onBench()
    const [sato, lee] = [await visitorAs('sato'), await visitorAs('lee')]
    await sato.open(at('RE-05.4'))
    await lee.open(at('RE-05.4'))
    expect(await lee.text()).toMatch(/一緒に担当：\s*佐藤 誠\s*RE-05\.4/)
    await lee.page.locator('[name=note]').fill('Leeの書きかけ')
    await sato.submit(at('RE-05.4'), { rating: 'minor', note: '佐藤の所見' })
    await lee.page.locator('[data-changed-notice]').waitFor({ timeout: 20_000 })
    expect(await lee.text()).toContain('ほかの人がこの項目を評価しました')
    await lee.submit(at('RE-05.4'), { rating: 'major', note: 'Leeの所見' })
    expect([await lee.text(), await lee.page.locator('[name=note]').inputValue()]).toEqual([expect.stringMatching(/ほかの人が先に変更しました[\s\S]*佐藤の所見/), 'Leeの所見'])
    expect(await ratingsOf(id)).toEqual([['RE-05.4', 'minor', '佐藤の所見']])
    await lee.submit(at('RE-05.4'), { rating: 'major', note: 'Leeの所見' }) // having read it
    await sato.open(at('RE-05.4'))
    await sato.page.getByText('以前の評価').click()
    expect(await sato.text()).toMatch(/Leeの所見[\s\S]*佐藤の所見/)
    expect(await ratingsOf(id)).toEqual([['RE-05.4', 'major', 'Leeの所見']])
    await sato.inspect('bench-criterion')
    await sato.inspect('bench-criterion', 'en')
    expect(sato.flaws).toEqual([])
    for (const visitor of [sato, lee]) await visitor.close()
  })
})

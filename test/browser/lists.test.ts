import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sheetOf, shiftJis } from '../support/lists.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// A purchasing officer's real list: three thousand rows that many people have typed into over the years.
const theatre = await stage()
const { app, runJobs, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a messy list in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, officer: Visitor, rows: string[][]

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    const { number } = await issued({ employerId: await employerOf('yamada') })
    const issuedOn = '2026-11-24'
    const numbers = await fillRegister(sql, 600, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 36), -1) }), { fromSerial: 1000 })
    const wide = (text: string) => text.replace(/[!-~]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xFEE0))
    const slipped = (text: string) => text.replace('2026', '2062') // two neighbours exchanged
    rows = [
      ['取引先名', '証書番号', '法人番号', '所在地', 'Tier', '備考'],
      ['山田プレス工業㈱', '', '', '神奈川県厚木市', '1', '名前だけ'], ['山田プレス工業（株）', number, '', '', '1', '重複'], ['', '', '', '', '', ''], ['=HYPERLINK("http://evil.example","押して")', '', '', '大阪府', '2', '数式'], ['丸められた会社', '', '1.2345E+12', '', '2', ''],
      ...numbers.map((one, nth) => [`会社${nth}`, nth % 3 === 0 ? one : nth % 3 === 1 ? wide(one) : slipped(one), '', '愛知県', String((nth % 3) + 1), '']),
      ...Array.from({ length: 2394 }, (_, nth) => [`未登録の会社${nth}`, '', '', '岐阜県', '3', '']),
    ]
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    officer = await visitorWith(browser, url)
    const [name, value] = theatre.cookieOf('minato').split('=')
    await officer.page.context().addCookies([{ name: name ?? '', value: value ?? '', url }])
  }, 120_000)
  afterAll(() => browser?.close())

  const csv = () => shiftJis(rows.map(row => row.map(cell => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\r\n'))

  async function handIn(name: string, bytes: Uint8Array) {
    await officer.open('/lists')
    await officer.page.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
    await Promise.all([officer.page.waitForURL(/\/lists\/[0-9a-f-]{36}/), officer.page.getByRole('button', { name: '照合する' }).first().click()])
  }
  const barOf = async (label: string) => {
    const row = officer.page.locator('table.bars tr', { hasText: label })
    return await row.count() ? Number((await row.locator('td.numbers').textContent() ?? '').replace(/\D/g, '')) : 0
  }

  it('is drawn before anything happens, with reasons; goes onto the watchlist and off again', { timeout: 120_000 }, async () => {
    await officer.open('/lists')
    await officer.inspect('lists-empty')
    await officer.inspect('lists-empty', 'en')
    await officer.open('/lists?lang=ja')
    await handIn('取引先一覧.csv', csv())
    expect(await officer.text()).toMatch(/順番を待っています|照合しています/)
    await officer.inspect('list-waiting')
    await runJobs()
    await officer.page.getByText('照合が終わりました').waitFor() // the page renews itself
    expect([await barOf('番号が一致'), await barOf('番号の打ちまちがいらしい'), await barOf('名簿の中で重複'), await barOf('登録簿にない'), await barOf('調べられない行')]).toEqual([401, 200, 1, 2396, 1])
    expect(await officer.text()).toMatch(/山田プレス工業[\s\S]*名簿の中で重複[\s\S]*番号が一致[\s\S]*Excel が法人番号を丸めています/)
    await officer.inspect('list')
    await officer.inspect('list', 'en')
    expect([officer.flaws, officer.complaints]).toEqual([[], []])
    await officer.page.goto(`${officer.page.url().split('?')[0]}?lang=ja`)
    await officer.page.getByLabel(/たぶん同じ会社/).check()
    await officer.submit('/adoption')
    const taken = Number((await sql`select count(*)::int as n from suppliers where removed_at is null`)[0]?.n)
    expect([taken, await officer.text()]).toEqual([601, expect.stringContaining(`${taken.toLocaleString('ja')}社を見守り先に加えました`)])
    await officer.submit('/undoing')
    expect([(await sql`select count(*)::int as n from suppliers where removed_at is null`)[0]?.n, await officer.text()]).toEqual([0, expect.stringContaining('取り消しました')])
  })

  it('comes to the same from a sheet', { timeout: 60_000 }, async () => {
    await handIn('取引先一覧.xlsx', sheetOf(rows))
    await runJobs()
    await officer.page.getByText('照合が終わりました').waitFor() // the page renews itself
    expect(await barOf('番号が一致')).toBe(401)
    const [one, other] = await sql`select array_agg(outcome order by line) as all from supplier_list_rows group by list_id`
    expect(one?.all).toEqual(other?.all)
  })
})

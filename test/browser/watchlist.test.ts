import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { castOf } from '../../scripts/seed.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a buyer's watchlist in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, officer: Visitor

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    await issued({ employerId: await employerOf('yamada') })
    const issuedOn = '2026-11-24'
    const numbers = await fillRegister(sql, 40, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 15), -1) }), { fromSerial: 100 })
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, 'suspended', '2026-11-24', 'overdue', 'clock' from certificates where number in ${sql(numbers.slice(0, 3))}`
    const places = ['愛知県', '大阪府', '東京都', '北海道', '福岡県', '神奈川県']
    await sql`insert into suppliers (id, buyer_id, name, holder, matched, prefecture, tier, group_name, wanted_level, wanted_by, added_by)
      select gen_random_uuid(), m.buyer_id, '取引先' || lpad(n::text, 2, '0') || '製作所', case when n <= 40 then 'RE-JP-2026-' || lpad((99 + n)::text, 6, '0') end, case when n <= 40 then 'number' end, (${places}::text[])[n % 6 + 1], n % 3 + 1,
        case when n % 2 = 0 then '鋳造' else '部品' end, case when n % 2 = 0 then 'T3' end, case when n % 2 = 0 then '2026-10-31'::date end, m.person_id
      from generate_series(1, 60) n, buyer_members m join people p on p.id = m.person_id where p.email like 'watanabe@%'`
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    officer = await visitorWith(browser, url)
    const [name, value] = theatre.cookieOf('minato').split('=')
    await officer.page.context().addCookies([{ name: name ?? '', value: value ?? '', url }])
  }, 120_000)
  afterAll(() => browser?.close())

  it('is drawn, and sound in both languages and all widths', { timeout: 150_000 }, async () => {
    for (const [path, name] of [['/watchlist', 'watchlist'], ['/watchlist?standing=suspended', 'watchlist-filtered'], ['/watchlist/add?q=%E5%B1%B1%E7%94%B0', 'watchlist-add'], ['/buyer', 'buyer'], ['/calendar', 'calendar']] as const) {
      await officer.open(path)
      await officer.inspect(name)
    }
    await officer.open('/watchlist')
    await officer.inspect('watchlist', 'en')
    expect([officer.flaws, officer.complaints]).toEqual([[], []])
    expect(await officer.page.locator('.tile--open, .tile--good').count()).toBe(6)
    expect(await officer.page.locator('.column--gap').evaluateAll(columns => columns.filter(column => Number(column.getAttribute('height')) > 0).length)).toBeGreaterThan(5)
  })

  it('leads from the drawing to the suppliers, and to what is wanted of them', { timeout: 60_000 }, async () => {
    await officer.open('/watchlist?lang=ja')
    expect(await officer.text()).toMatch(/60社のうち37社が有効な証書を持っています/)
    await officer.page.getByRole('link', { name: '効力停止中' }).first().click()
    expect(await officer.text()).toMatch(/60社のうち3社[\s\S]*期限までに必要な手続きが行われなかったため/)
    await officer.submit('/watchlist/batch?standing=suspended', { wantedLevel: 'T3', wantedBy: '2026-11-01' })
    expect(await officer.text()).toContain('まだです')
    await officer.page.locator('tbody th a').first().click()
    await officer.inspect('supplier')
    await officer.submit('/removal')
    expect(await officer.text()).toContain('もう一度加える')
    await officer.page.getByRole('button', { name: 'もう一度加える' }).click()
    expect(await officer.text()).toContain('見守り先に加えました')
    expect(officer.flaws).toEqual([])
  })

  it('is shared with a colleague, who is asked by mail and says yes', { timeout: 90_000 }, async () => {
    const url = new URL(officer.page.url()).origin
    await officer.open('/buyer')
    await officer.submit('/buyer/members', { email: castOf.outsider.email })
    expect(await officer.text()).toMatch(/メールで尋ねました[\s\S]*返事待ち[\s\S]*mori@/)
    await officer.inspect('buyer-asked')
    const colleague = await visitorWith(browser, url)
    const [name, value] = theatre.cookieOf('outsider').split('=')
    await colleague.page.context().addCookies([{ name: name ?? '', value: value ?? '', url }])
    await colleague.open('/memberships?lang=ja')
    await colleague.inspect('memberships')
    await colleague.inspect('memberships', 'en')
    await colleague.open('/memberships?lang=ja')
    await colleague.page.getByRole('button', { name: '湊自動車株式会社に加わる' }).click()
    expect(await colleague.text()).toContain('60社')
    await colleague.open('/memberships')
    expect(await colleague.text()).toContain('今、あなたへの招待はありません')
    expect([colleague.flaws, colleague.complaints, officer.flaws]).toEqual([[], [], []])
  })
})

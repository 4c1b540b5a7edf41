import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { PDFDocument } from 'pdf-lib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newDocumentKey } from '../../server/adapters/documents.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { casesOn } from '../support/cases.ts'
import { png } from '../support/evidence-files.ts'
import { sheetOf, shiftJis } from '../support/lists.ts'
import { signedIn, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Issue 5, the bench: evidence beside its criterion, drawn from its bytes; nothing in a document runs.
const theatre = await stage()
const { app, as, idOf, world: { database: { sql }, documents: store } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const missing = await whyNoBrowser()
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function kept(id: string, name: string, type: string, bytes: Uint8Array) {
  const document = randomUUID(), key = newDocumentKey()
  await store.put(key, Readable.from([bytes]), { type })
  await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by, uploaded_at)
    select ${document}, employer_id, id, 'evidence', ${key}, ${name}, ${bytes.length}, ${'a'.repeat(64)}, ${type}, 'clean', ${idOf('yamada')}, clock_timestamp() from applications where id = ${id}`
  await asIfEarlier(sql, 'document_criteria', () => sql`insert into document_criteria (document_id, application_id, criterion, attached_by) values (${document}, ${id}, 'RE-05.4', ${idOf('yamada')})`)
  return document
}

async function manyPages(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  for (let nth = 1; nth <= 120; nth += 1) pdf.addPage([595, 842]).drawText(`Attendance record, page ${nth}`, { x: 60, y: 700 })
  pdf.addJavaScript('owned', "app.alert('ran')")
  return pdf.save()
}

async function onBench() {
  const id = await caseIn('desk_review', 'yamada', await anotherEmployer('髙橋プレス株式会社'))
  await assigned(id, 'sato')
  return { id, at: `/applications/${id}/assessment/RE-05.4` }
}

describe('a spreadsheet as a table', () => {
  it('is texts and nothing else, cut where it is long, in JSON and as a page of its own', async () => {
    const { id } = await onBench()
    const sheet = await kept(id, '賃金台帳.xlsx', xlsx, sheetOf([['氏名', '手当'], ['<script>alert(1)</script>', { formula: 'HYPERLINK("http://evil.example")', value: '=cmd' }], ...Array.from({ length: 600 }, (_, nth) => [nth, 'x'])]))
    const { body } = await as('sato').get(`/documents/${sheet}/table`)
    expect([body.rows[0], body.rows[1], body.rows.length, body.more, body.problem]).toEqual([['氏名', '手当'], ['<script>alert(1)</script>', '=cmd'], 500, true, null])
    const { text } = await as('sato').page(`/documents/${sheet}/table`)
    expect([text.includes('&lt;script&gt;alert(1)'), text.includes('<script>alert')]).toEqual([true, false])
    const csv = await kept(id, '名簿.csv', 'text/csv; charset=shift_jis', shiftJis('氏名,国籍\r\n山田,ベトナム\r\n'))
    expect((await as('sato').get(`/documents/${csv}/table`)).body.rows).toEqual([['氏名', '国籍'], ['山田', 'ベトナム']])
    expect((await sql`select count(*)::int as n from journal where operation = 'documents.read' and subject_id = ${sheet}`)[0]?.n).toBeGreaterThan(0)
  })

  it('says what it cannot show, and shows nobody what is not theirs', async () => {
    const { id } = await onBench()
    const broken = await kept(id, '壊れた表.xlsx', xlsx, Buffer.from('PK no sheet')), large = await kept(id, '大きい表.xlsx', xlsx, Buffer.alloc(9 * 1024 * 1024)), picture = await kept(id, '写真.png', 'image/png', png)
    expect([(await as('sato').get(`/documents/${broken}/table`)).body.problem, (await as('sato').get(`/documents/${large}/table`)).body.problem]).toEqual([expect.stringMatching(/broken|too_large/), 'too_large'])
    expect((await as('sato').page(`/documents/${broken}/table`)).text).toContain('元のファイルを開いてください')
    expect([(await as('sato').get(`/documents/${picture}/table`)).status, (await as('lee').get(`/documents/${broken}/table`)).status, (await as('outsider').get(`/documents/${broken}/table`)).status]).toEqual([404, 404, 404])
  })
})

describe.skipIf(missing)(`the evidence viewer, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, at: string
  beforeAll(async () => {
    const made = await onBench()
    at = made.at
    await kept(made.id, '出勤簿.pdf', 'application/pdf', await manyPages())
    await kept(made.id, '賃金台帳.xlsx', xlsx, sheetOf([['氏名', '手当'], ['<img src=x onerror=alert(1)>', 12000]]))
    await kept(made.id, '掲示の写真.png', 'image/png', png)
    await kept(made.id, '壊れた.pdf', 'application/pdf', Buffer.from('%PDF-1.7 no more'))
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())
  const sits = async (options = {}) => { const sato = await signedIn(browser, url, theatre.cookieOf('sato'), options); await sato.open(at); return sato }
  const inked = (sato: Visitor, page: number) => sato.page.locator(`.beside-page[data-page="${page}"] canvas`).evaluate(canvas => {
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height) ?? { data: [] as number[] }
    let dark = 0
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 100 && (data[at + 3] ?? 0) > 200) dark += 1
    return dark
  })

  it('draws a PDF by pdf.js beside the rating, page by page, and forgets what is far', { timeout: 120_000 }, async () => {
    const sato = await sits()
    let ran = false
    sato.page.on('dialog', dialog => { ran = true; void dialog.dismiss() })
    await sato.page.locator('[name=note]').fill('書きかけ')
    await sato.page.getByRole('link', { name: '出勤簿.pdf' }).click()
    await sato.page.locator('.beside-page[data-page="1"][data-drawn]').waitFor()
    expect([await sato.page.locator('.beside-page').count(), await inked(sato, 1) > 50, await sato.page.locator('.beside-page[data-page="1"] p').textContent()]).toEqual([120, true, 'Attendance record, page 1'])
    expect(await sato.page.locator('.beside canvas').count()).toBeLessThan(10)
    await sato.page.locator('.beside-page[data-page="90"]').scrollIntoViewIfNeeded()
    await sato.page.locator('.beside-page[data-page="90"][data-drawn]').waitFor()
    await expect.poll(() => sato.page.locator('.beside-page[data-page="1"] canvas').count()).toBe(0)
    const [viewer, rating] = [await sato.page.locator('.beside').boundingBox(), await sato.page.locator('.bench-rated').boundingBox()]
    expect((viewer?.x ?? 0) > (rating?.x ?? 0) + (rating?.width ?? 0)).toBe(true) // beside, and nothing typed is lost
    expect([await sato.page.locator('[name=note]').inputValue(), ran, sato.complaints]).toEqual(['書きかけ', false, []])
    await sato.close()
  })

  it('goes on to sheet and picture by the keyboard, and says what it cannot draw', { timeout: 120_000 }, async () => {
    const sato = await sits()
    const shows = (what: string) => sato.page.locator(`.beside ${what}`).first().waitFor()
    await sato.page.keyboard.press('e')
    await shows('.beside-page[data-drawn]')
    await sato.inspect('bench-viewer')
    await sato.inspect('bench-viewer', 'en')
    await sato.open(at)
    await sato.page.keyboard.press('e')
    await shows('.beside-page')
    await sato.page.keyboard.press('e')
    await shows('td')
    expect(await sato.page.locator('.beside td').allTextContents()).toEqual(['氏名', '手当', '<img src=x onerror=alert(1)>', '12000'])
    await sato.page.keyboard.press('e')
    await shows('img')
    await sato.page.keyboard.press('e')
    await sato.page.getByText('ここには表示できません').waitFor()
    await sato.page.getByRole('button', { name: '閉じる' }).click()
    expect(await sato.page.locator('.beside').count()).toBe(0)
    expect([sato.flaws, sato.complaints]).toEqual([[], []])
    await sato.close()
  })

  it('leaves plain links and pictures without script', { timeout: 60_000 }, async () => {
    const sato = await sits({ javaScriptEnabled: false })
    expect(await sato.page.locator('a[href$="/table"]').count()).toBe(1)
    expect(await sato.page.locator('img[alt="掲示の写真.png"]').count()).toBe(1)
    await sato.page.goto(`${url}${await sato.page.locator('a[href$="/table"]').getAttribute('href')}`)
    expect(await sato.text()).toContain('<img src=x onerror=alert(1)>')
    await sato.close()
  })
})

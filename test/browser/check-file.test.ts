import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { within } from '../../server/adapters/database.ts'
import { sealEdition, tellOf } from '../../server/certificates/edition.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world, clock } = theatre
const missing = await whyNoBrowser()
const files = mkdtempSync(path.join(tmpdir(), 'akashi-check-'))

describe.skipIf(missing)(`drop the PDF you were given${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, somebody: Visitor, url: string, number: string, other: string, pdf: Buffer
  const file = (name: string, bytes: Uint8Array) => {
    writeFileSync(path.join(files, name), bytes)
    return path.join(files, name)
  }
  // biome-ignore lint/performance/useDomNodeTextContent: only what a reader can see
  const shown = async (place: string, visitor = somebody) => (await visitor.page.locator(place).innerText()).replaceAll('\n', ' ')
  const answered = async (visitor = somebody) => {
    await visitor.page.waitForSelector('.check-answer .status')
    return shown('.check-answer', visitor)
  }
  const checked = async (at: string, visitor = somebody) => {
    await visitor.page.locator('check-file input').evaluate(input => { (input as HTMLInputElement).value = '' }) // as a click on it does
    await visitor.page.setInputFiles('check-file input', at)
    return answered(visitor)
  }
  const tone = () => somebody.page.locator('.check-answer .status').first().getAttribute('class')
  const listed = async () => {
    await somebody.page.locator('.check-list').evaluate(fold => { (fold as HTMLDetailsElement).open = true })
    return (await somebody.page.locator('.check-list li').allInnerTexts()).map(line => line.split('\n')[0])
  }
  async function happens(event: (typeof certificateEvents.$inferInsert)['event'], happenedOn: string, reasonClass: string | null = null) {
    const [row] = await world.database.sql`select id from certificates where number = ${number}`
    await world.database.db.insert(certificateEvents).values({ certificateId: row?.id, event, happenedOn, reasonClass, actor: 'clock' })
  }

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    number = (await issued({ employerId: await employerOf('yamada') })).number
    other = (await issued()).number
    pdf = (await app.inject(`/c/${number}/certificate.pdf`)).rawPayload
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
    somebody = await visitorWith(browser, url)
    await somebody.open(`/c/${number}`)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(files, { recursive: true, force: true })
  })

  it('says that the file is ours and valid today, and sends nothing but its hash', async () => {
    const sent: string[] = []
    somebody.page.on('request', request => sent.push(`${request.method()} ${new URL(request.url()).pathname} ${request.postData() ?? ''}`))
    expect(await checked(file('certificate.pdf', pdf))).toContain('本物です。いま有効です')
    expect(await tone()).toContain('status--good')
    expect(await shown('.check-more')).toContain('山田プレス工業株式会社')
    expect(sent.filter(line => !line.includes('/assets/')).map(line => line.replace(/[0-9a-f]{64}/, 'HASH').trim()).sort()).toEqual(['GET /c/files/HASH', 'GET /keys/root.der'])
    expect(await listed()).toEqual([...Array(7).fill('問題なし'), '未確認']) // who made the time stamp
    const receipt = await somebody.page.locator('.check-actions a').last().getAttribute('href')
    const { file: told } = JSON.parse((await app.inject(receipt ?? '')).body)
    expect(told).toMatchObject({ sha256: createHash('sha256').update(pdf).digest('hex') })
    await somebody.inspect('check-valid')
  })

  it('keeps the answer one sentence where readings stand over its words', async () => {
    const reader = await visitorWith(browser, url)
    await reader.open(`/c/${number}?lang=ja-simple`)
    await checked(file('certificate.pdf', pdf), reader)
    const heading = reader.page.locator('.check-answer .status')
    expect([await heading.locator('ruby').count() > 1, await heading.locator('> *').count()]).toEqual([true, 2]) // the shape, and the words as one
    await reader.close()
  })

  it('says that bytes were added, how many, and offers the original', async () => {
    expect(await checked(file('added.pdf', Buffer.concat([pdf, Buffer.from('\n% 一行')])))).toMatch(/書き足されています.*9バイト|書き足されています.*12バイト/)
    expect(await tone()).toContain('status--stopped')
    expect(await somebody.page.locator('.check-actions a').first().getAttribute('href')).toBe(`/c/${number}/certificate.pdf`)
    expect(await somebody.page.locator('.check-actions a').last().getAttribute('href')).toMatch(new RegExp(`^/c/${number}/report\\?file=[0-9a-f]{64}$`))
    await somebody.inspect('check-added')
  })

  it('says that a file was altered, with the holder from the register', async () => {
    const altered = Buffer.from(pdf)
    altered[5000] = (altered[5000] ?? 0) ^ 1
    expect(await checked(file('altered.pdf', altered))).toContain('書き換えられています')
    expect(await shown('.check-more')).toContain('Yamada Press Industries')
    expect(await listed()).toEqual(['問題あり', '未確認', '問題あり', '問題なし', '問題なし', '問題なし', '問題なし', '未確認'])
    await somebody.inspect('check-altered')
  })

  it('says that a file of somebody else was not issued by us, without reading one that is too large', async () => {
    expect(await checked(file('foreign.pdf', Buffer.from('%PDF-1.7 certificate of excellence')))).toContain('発行したものではありません')
    await somebody.inspect('check-foreign')
    truncateSync(file('sparse.pdf', Buffer.from('%PDF-1.7')), 2 ** 30)
    expect(await checked(path.join(files, 'sparse.pdf'))).toContain('1,073,741,824バイト')
  })

  it('warns when the file belongs to another certificate than the page', async () => {
    const theirs = (await app.inject(`/c/${other}/certificate.pdf`)).rawPayload
    expect(await checked(file('other.pdf', theirs))).toMatch(/本物です.*別の証書/)
  })

  it('says that it was ours and is no longer valid, since when and why', async () => {
    await happens('suspended', '2026-11-24', 'overdue')
    expect(await checked(file('certificate.pdf', pdf))).toMatch(/いまは有効ではありません.*2026年11月24日から効力が止まっています.*期限までに必要な手続き/)
    expect(await tone()).toContain('status--stopped')
    await somebody.inspect('check-suspended')
    await happens('reinstated', '2026-11-24')
    await happens('scope_reduced', '2026-11-24')
    expect(await checked(file('certificate.pdf', pdf))).toMatch(/ただし書き.*範囲が狭く/)
  })

  it('says which edition replaced it, and since when', async () => {
    const [row] = await world.database.db.select().from(certificates).where(eq(certificates.number, other))
    if (!row) throw new Error('no certificate')
    const older = (await app.inject(`/c/${other}/certificate.pdf`)).rawPayload
    const newer = await sealEdition(world, row, { ...row.statement, edition: 2 })
    await within(world.database.db, tx => tellOf(tx, newer, { event: 'reissued', on: '2026-11-24', actor: 'operator' }))
    expect(await checked(file('older.pdf', older))).toMatch(/いまは有効ではありません.*第1版.*2026年11月24日に第2版に替わりました/)
    expect(await shown('.check-more')).toContain('第1版')
  })

  it('never turns green when the register cannot be reached', async () => {
    await somebody.page.route('**/c/files/*', route => route.abort())
    expect(await checked(file('certificate.pdf', pdf))).toContain('確かめられません')
    expect(await tone()).toContain('status--waiting')
    expect((await listed()).slice(0, 3)).toEqual(['未確認', '未確認', '問題なし'])
    await somebody.page.unroute('**/c/files/*')
    await somebody.page.route('**/c/files/*', route => route.fulfill({ status: 502, contentType: 'text/html', body: 'bad gateway' }))
    expect(await checked(file('certificate.pdf', pdf))).toContain('確かめられません')
    await somebody.page.unroute('**/c/files/*')
  })

  it('is worked with the keyboard alone, and by dropping anywhere on the page', async () => {
    await somebody.page.reload()
    await somebody.page.evaluate(async () => void await customElements.whenDefined('check-file')) // drawn anew, it would drop the focus
    await somebody.page.locator('check-file input').focus()
    const [chooser] = await Promise.all([somebody.page.waitForEvent('filechooser'), somebody.page.keyboard.press('Space')])
    await chooser.setFiles(file('certificate.pdf', pdf))
    expect(await answered()).toContain('本物です')
    expect(await somebody.page.locator('[role=status] .status').count()).toBe(1)
    const dropped = await somebody.page.evaluateHandle(() => {
      const carried = new DataTransfer()
      carried.items.add(new File(['%PDF-1.7'], 'x.pdf', { type: 'application/pdf' }))
      return carried
    })
    await somebody.page.dispatchEvent('h1', 'drop', { dataTransfer: dropped })
    await expect.poll(() => answered()).toContain('発行したものではありません')
  })

  it('stands on the page of the look-up too', async () => {
    clock.now = new Date('2026-11-25T01:00:00Z')
    await somebody.open('/c')
    expect(await checked(file('certificate.pdf', pdf))).toContain('本物です')
    expect([somebody.complaints.filter(line => !/ERR_FAILED|status of (404|502)/.test(line)), somebody.flaws]).toEqual([[], []])
  })
})

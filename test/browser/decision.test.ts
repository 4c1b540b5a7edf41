import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../schema/shared.ts'
import type { CastName } from '../../scripts/seed.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Two decision makers, one after the other, at a sealed file; and one that somebody altered.
const theatre = await stage()
const { app, idOf, runJobs, world: { database: { sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a first certificate, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string
  const { awaiting, employerOf } = sealedFilesOn(theatre)

  beforeAll(async () => {
    id = await awaiting({ employerId: await employerOf('yamada'), exclusions: '夜勤の作業は見ていない。' })
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by)
      select ${newId()}, employer_id, id, 'evidence', ${newId()}, '遅れて届いた賃金台帳.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', 'clean', ${idOf('yamada')} from applications where id = ${id}`
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const signedIn = async (who: CastName, options = {}): Promise<Visitor> => {
    const visitor = await visitorWith(browser, url, options), [name = '', value = ''] = theatre.cookieOf(who).split('=')
    await visitor.page.context().addCookies([{ name, value, url }])
    return visitor
  }
  const certify = (visitor: Visitor, reasons: string) => visitor.submit('/decision', { outcome: 'certify', reasons })

  it('is signed first by one, who sees what came after the sealing and what nobody saw', { timeout: 120_000 }, async () => {
    const first = await signedIn('tanaka')
    await first.open(`/applications/${id}/decision`)
    expect(await first.text()).toMatch(/封をしたあとに加わったもの[\s\S]*遅れて届いた賃金台帳\.pdf[\s\S]*残っている点[\s\S]*夜勤の作業は見ていない。[\s\S]*二人の署名が要ります/)
    await first.inspect('decision-first')
    await first.inspect('decision-first', 'en')
    await first.open(`/applications/${id}/decision`)
    await certify(first, '面談と賃金台帳の記録を確認した。')
    expect(await first.text()).toMatch(/署名しました。二人目の署名を待っています。[\s\S]*あなたは一人目として署名しました/)
    await certify(first, 'もう一度')
    expect([(await first.text()).includes('二人目の判定者の署名が要ります'), first.flaws]).toEqual([true, []])
    await first.close()
  })

  it('and certified by the second, who reads what the first said, without script', { timeout: 120_000 }, async () => {
    const second = await signedIn('kobayashi')
    await second.open('/decisions')
    expect(await second.text()).toContain('一人目は署名済み')
    await second.inspect('decisions-one-signed')
    await second.open(`/applications/${id}/decision`)
    expect(await second.text()).toMatch(/田中 明さんが[\s\S]*一人目として署名しました[\s\S]*面談と賃金台帳の記録を確認した。/)
    await second.inspect('decision-second')
    await second.inspect('decision-second', 'en')
    const plain = await signedIn('kobayashi', { javaScriptEnabled: false })
    await plain.open(`/applications/${id}/decision`)
    await certify(plain, '一人目と同じ記録を読み、同じ結論に至った。')
    await runJobs()
    expect([(await sql`select stage from applications where id = ${id}`)[0]?.stage, second.flaws]).toEqual(['certified', []])
    await plain.close()
    await second.close()
  })

  it('is certified with a condition that the first wrote and the second found as it was, and the holder reads it', { timeout: 120_000 }, async () => {
    const other = await awaiting(), under = { condition: '寮の非常灯を直し、写真を出す。', conditionUntil: '2027-01-31' }
    await sql`update memberships set employer_id = (select employer_id from applications where id = ${other}) where person_id = ${idOf('outsider')}`
    const first = await signedIn('tanaka', { javaScriptEnabled: false })
    await first.open(`/applications/${other}/decision`)
    await first.page.locator('form[action$="/decision"] summary').click()
    await first.submit('/decision', { outcome: 'certify', reasons: '小さな不備が一つ残る。', ...under })
    expect(await first.text()).toMatch(/あなたは一人目として署名しました[\s\S]*条件: 寮の非常灯を直し、写真を出す。[\s\S]*期限：2027年1月31日/)
    await first.close()
    const second = await signedIn('kobayashi')
    await second.open(`/applications/${other}/decision`)
    expect(await second.page.locator('[name=condition]').inputValue()).toBe(under.condition)
    await second.inspect('decision-condition')
    await second.inspect('decision-condition', 'en')
    await second.open(`/applications/${other}/decision`)
    await certify(second, '同じ結論に至った。')
    await runJobs()
    expect([await second.text(), second.flaws]).toEqual([expect.stringContaining('条件つきで認証されました'), []])
    await second.close()
    const holder = await signedIn('outsider')
    await holder.open(`/applications/${other}/decision`)
    await holder.inspect('decision-condition-holder')
    expect([(await holder.text()).includes(under.condition), (await sql`select standing from register_entries e join certificates c on c.id = e.certificate_id where c.application_id = ${other}`)[0], holder.flaws]).toEqual([true, { standing: 'certified_with_condition' }, []])
    await holder.close()
  })

  it('is not decided on a file that somebody altered: the row is named, and there is a way on', { timeout: 120_000 }, async () => {
    const other = await awaiting(), reader = await signedIn('tanaka')
    await asIfEarlier(sql, 'answers', () => sql`update answers set explanation = 'べつの話' where application_id = ${other} and criterion = 'RE-03.1'`)
    await reader.open(`/applications/${other}/decision`)
    expect(await reader.text()).toMatch(/封をしたあとで、記録が書き換えられています[\s\S]*回答 RE-03\.1 · 書き換えられた/)
    expect(await reader.page.locator('form[action$="/decision"]').count()).toBe(0)
    await reader.inspect('decision-altered')
    await reader.inspect('decision-altered', 'en')
    expect(reader.flaws).toEqual([])
    await reader.close()
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { casesOn } from '../support/cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Issue 5, done when 1: an assignment with a conflict is refused; and what the people around it see. The acts with JavaScript off, the looks with it on.
const theatre = await stage()
const { app, idOf, world: { database: { sql } } } = theatre
const { caseIn } = casesOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`independence, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, id: string
  beforeAll(async () => {
    await sealedFilesOn(theatre).issued({ nameJa: '髙橋プレス株式会社' })
    id = await caseIn('accepted')
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const visitorAs = (who: CastName, options = {}) => signedIn(browser, url, theatre.cookieOf(who), options)
  const plain = { javaScriptEnabled: false }

  it('a conflict that came to light after the page was opened is refused and read by the committee', { timeout: 120_000 }, async () => {
    const [operator, assessor, committee] = [await visitorAs('suzuki', plain), await visitorAs('lee', plain), await visitorAs('ito', plain)]
    await operator.open(`/applications/${id}/assignments`)
    await assessor.open('/ties')
    await assessor.submit('/ties', { corporateNumber: '4012301000013', kind: 'advised', statement: 'Adviser to the president until last spring.' })
    expect(await assessor.text()).toContain('Adviser to the president')
    const form = operator.page.locator(`form[action$="/assignments"]:has([value="${idOf('lee')}"])`).first()
    await Promise.all([operator.page.waitForEvent('load'), form.getByRole('button').click()])
    expect(await operator.text()).toContain('利害関係の申告があるため、この案件を担当できません')
    expect(await operator.text()).toMatch(/担当にできません：会社との関係（助言をした）/)
    await committee.open('/impartiality')
    expect(await committee.text()).toMatch(/割り当てが拒まれた[\s\S]*山田プレス工業株式会社[\s\S]*鈴木 恵[\s\S]*Lee Ji-won[\s\S]*利害関係がある/)
    for (const visitor of [operator, assessor, committee]) await visitor.close()
  })

  it('the employer objects to the one who was assigned, and the secretariat upholds it', { timeout: 120_000 }, async () => {
    const [operator, employer] = [await visitorAs('suzuki', plain), await visitorAs('yamada', plain)]
    await operator.open(`/applications/${id}/assignments`)
    const form = operator.page.locator(`form[action$="/assignments"]:has([value="${idOf('sato')}"])`).first()
    await Promise.all([operator.page.waitForEvent('load'), form.getByRole('button').click()])
    await employer.open(`/applications/${id}`)
    await employer.follow(`/applications/${id}/objection`)
    await employer.submit('/objection', { reasons: '取引先の顧問です。' })
    expect([await employer.text(), await employer.page.locator('[name=reasons]').inputValue()]).toEqual([expect.stringContaining('入力してください'), '取引先の顧問です。'])
    const [assignment] = await sql`select id from assignments where application_id = ${id} and person_id = ${idOf('sato')}`
    await employer.submit('/objection', { assignmentId: String(assignment?.id) })
    expect(await employer.text()).toContain('事務局の回答を待っています')
    await operator.open(`/applications/${id}/objection`)
    await operator.submit('/answer', { outcome: 'upheld', reasons: '顧問であることを確かめました。' })
    await employer.open(`/applications/${id}/objection`)
    expect(await employer.text()).toMatch(/異議を認めました[\s\S]*顧問であることを確かめました。/)
    for (const visitor of [operator, employer]) await visitor.close()
  })

  it('the register gains a competence, and its pages and all the others are sound at every width in both languages', { timeout: 300_000 }, async () => {
    const [operator, employer, assessor, committee] = [await visitorAs('suzuki'), await visitorAs('yamada'), await visitorAs('lee'), await visitorAs('ito')]
    await operator.open(`/competences/${idOf('sato')}`)
    await operator.submit(`/competences/${idOf('sato')}`, { subject: 'care', evidence: '介護の研修', obtainedOn: '2026-06-01', validUntil: '2028-05-31' })
    expect(await operator.text()).toMatch(/介護・福祉[\s\S]*介護の研修/)
    await sql`update competences set ended_at = now(), ended_by = ${idOf('suzuki')} where person_id = ${idOf('sato')} and kind = 'law_training'`
    const looks = [[operator, 'competences', '/competences'], [operator, 'competence', `/competences/${idOf('sato')}`], [operator, 'proposals', `/applications/${id}/assignments`], [operator, 'objection-secretariat', `/applications/${id}/objection`],
      [employer, 'objection-client', `/applications/${id}/objection`], [assessor, 'ties', '/ties'], [committee, 'impartiality', '/impartiality']] as const
    for (const lang of ['ja', 'en'] as const) {
      for (const [visitor, name, path] of looks) {
        await visitor.open(path)
        await visitor.inspect(name, lang)
      }
    }
    for (const visitor of [operator, employer, assessor, committee]) expect([visitor.flaws, visitor.complaints]).toEqual([[], []])
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignments } from '../../schema/assessments.ts'
import type { CastName } from '../../scripts/seed.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, idOf, runJobs, world: { database: { db, sql } } } = theatre
const missing = await whyNoBrowser()

describe.skipIf(missing)(`how a standing changes, in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, number: string, id: string, applicationId: string

  beforeAll(async () => {
    const { issued, employerOf } = sealedFilesOn(theatre)
    ;({ number, id: applicationId } = await issued({ employerId: await employerOf('yamada') }))
    id = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
    url = await app.listen({ port: 0, host: '127.0.0.1' })
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const visitorAs = (who: CastName, options = {}) => signedIn(browser, url, theatre.cookieOf(who), options)

  it('a suspension is decided: asked for what is missing, nothing typed is lost, and the reasons stand in the history', { timeout: 120_000 }, async () => {
    const decider = await visitorAs('kobayashi', { javaScriptEnabled: false })
    await decider.open('/standings')
    expect(await decider.text()).toContain('いま決定を待っている証書はありません')
    await decider.open(`/certificates/${id}/standing`)
    await decider.submit('/standing', { change: 'suspended', reasonClass: 'zero_tolerance', until: '', reasons: '身分証明書が会社に預けられていた。' })
    expect([await decider.text(), await decider.page.locator('[name=reasons]').inputValue()]).toEqual([expect.stringContaining('停止なら6か月以内'), '身分証明書が会社に預けられていた。'])
    await decider.submit('/standing', { until: '2027-05-24' })
    expect(await decider.text()).toMatch(/効力停止中[\s\S]*停止の期限：2027年5月24日[\s\S]*身分証明書が会社に預けられていた。/)
    await decider.close()
  })

  it('its pages are sound in both languages and all widths', { timeout: 180_000 }, async () => {
    const decider = await visitorAs('kobayashi'), holder = await visitorAs('yamada')
    for (const lang of ['ja', 'en'] as const) {
      for (const [name, path] of [['standing-worklist', '/standings'], ['standing-suspended', `/certificates/${id}/standing`]] as const) {
        await decider.open(path)
        await decider.inspect(name, lang)
      }
      await holder.open('/employer/certificates')
      await holder.page.locator('main summary').first().click()
      await holder.inspect('standing-own', lang)
    }
    await decider.open(`/certificates/${id}/standing`)
    await decider.submit('/standing', { change: 'reinstated', reasons: '改められた。' })
    await decider.open(`/certificates/${id}/standing`)
    await decider.inspect('standing-certified')
    await decider.inspect('standing-certified', 'en')
    expect([decider.flaws, holder.flaws, decider.complaints, holder.complaints]).toEqual([[], [], [], []])
    await decider.close()
    await holder.close()
  })

  it('whoever took part is refused, the certificate stands as before, and the attempt is on record', { timeout: 60_000 }, async () => {
    const decider = await visitorAs('lee'), before = (await sql`select count(*)::int as events from certificate_events where certificate_id = ${id}`)[0]
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
    await decider.open(`/certificates/${id}/standing`)
    await db.insert(assignments).values({ applicationId, personId: idOf('lee'), part: 'interpreter', assignedBy: idOf('suzuki'), endedAt: theatre.clock.now })
    await decider.submit('/standing', { change: 'withdrawn', reasonClass: 'nonconformity', reasons: '取り消す。' })
    expect(await decider.text()).toContain('この案件の調査に加わった人は、判定できません')
    expect([await sql`select count(*)::int as events from certificate_events where certificate_id = ${id}`, (await sql`select after from journal where operation = 'standing_decisions.decide.refused' and actor_id = ${idOf('lee')}`)[0]?.after]).toEqual([[before], { refused: 'not_independent', missing: ['interpreter'] }])
    await decider.close()
  })

  it('the employer gives its certificate back on a phone, warned, by typing the number; the public page says so', { timeout: 60_000 }, async () => {
    const holder = await visitorAs('yamada')
    await holder.page.setViewportSize({ width: 390, height: 844 })
    await holder.open('/employer/certificates')
    await holder.submit('/surrender', { number: 'RE-JP-2026' })
    expect([await holder.text(), (await sql`select 1 from certificate_events where certificate_id = ${id} and event = 'surrendered'`).length]).toEqual([expect.stringContaining('この操作は取り消せません'), 0])
    await holder.submit('/surrender', { number })
    expect(await holder.text()).toMatch(/返上[\s\S]*効力を失いました/)
    expect(await holder.page.locator('form[action$="/surrender"]').count()).toBe(0)
    await runJobs()
    await holder.open(`/c/${number}`)
    expect(await holder.text()).toContain('返上')
    await holder.close()
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { whyNoBrowser } from '../support/browser.ts'
import { Phone } from '../support/notebook-phone.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, clock, cookieOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a day with the notebook${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let phone: Phone, audit: string
  beforeAll(async () => {
    audit = await caseAt('visit_planned')
    clock.now = new Date()
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    phone = new Phone(url, cookieOf('sato'), audit)
    await phone.start()
  }, 120_000)
  afterAll(() => phone?.end())

  it('smoke', async () => {
    const shots = process.env.SHOTS_DIR
    const shot = async (name: string) => { if (shots) await phone.page.screenshot({ path: `${shots}/nb-${name}.png` }) }
    await phone.page.goto('/notebook')
    await phone.page.waitForSelector('html[data-gate=set_up]')
    await shot('setup')
    await phone.setUp()
    await shot('list')
    await phone.offline(true)
    await phone.kill()
    await phone.reopen()
    await phone.go(`#/audit/${audit}`)
    await shot('audit')
    await phone.go(`#/criterion/${audit}/RE-08.5`)
    await shot('criterion')
    await phone.note('note', 'RE-08.5', { text: '非常口の前に台車' })
    await shot('kept')
    await phone.go(`#/new/${audit}/sketch/RE-09.1`)
    await phone.page.waitForSelector('svg.room')
    const box = await phone.page.locator('svg.room').boundingBox()
    for (const [x, y] of [[.1, .1], [.55, .1], [.55, .5], [.1, .5]] as const) await phone.page.mouse.click((box?.x ?? 0) + x * (box?.width ?? 0), (box?.y ?? 0) + y * (box?.height ?? 0))
    await phone.fill('people', '4')
    await shot('sketch')
    await phone.go(`#/new/${audit}/interview/`)
    await phone.page.waitForSelector('form[data-form=interview]')
    await phone.fill('language', 'my')
    await shot('interview-start')
    await phone.page.getByRole('button', { name: '質問を始める' }).click()
    await phone.page.locator('[data-answer=no]').click()
    await shot('interview')
    await phone.offline(false)
    await expect.poll(() => phone.held(), { timeout: 10_000 }).toEqual({ items: 0, photos: 0, originals: 0 })
    expect((await sql`select count(*)::int as n from notebook_versions`)[0]).toEqual({ n: 1 })
    await shot('sent')
    expect(phone.complaints).toEqual([])
  }, 120_000)
})

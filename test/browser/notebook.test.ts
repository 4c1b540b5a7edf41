import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { whyNoBrowser } from '../support/browser.ts'
import { casesOn } from '../support/cases.ts'
import { Phone } from '../support/notebook-phone.ts'
import { jpegWithPlace, latitude, noisyPng } from '../support/photos.ts'
import { seeded } from '../support/seeded.ts'
import { stage } from '../support/world.ts'

// Issue 6, done when 1: a day offline from first to last tap, two phones, ten tabs killed, then a network that comes and goes. Play a day again with NOTEBOOK_SEED.
const theatre = await stage()
const { app, clock, cookieOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { assigned } = casesOn(theatre)
const missing = await whyNoBrowser()
const seed = Number(process.env.NOTEBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31))
const chance = seeded(seed)

type Act = { text: string; do: () => Promise<void> }
const killsInTheDay = 8, killsWhileSending = 2

describe.skipIf(missing)(`an audit day without a network${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let audit: string, sato: Phone, lee: Phone
  beforeAll(async () => {
    console.log(`NOTEBOOK_SEED=${seed}`)
    audit = await caseAt('visit_planned')
    await assigned(audit, 'lee')
    clock.now = new Date()
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    sato = new Phone(url, cookieOf('sato'), audit)
    lee = new Phone(url, cookieOf('lee'), audit)
    for (const phone of [sato, lee]) {
      await phone.start()
      await phone.setUp()
    }
  }, 120_000)
  afterAll(async () => {
    for (const phone of [sato, lee]) await phone?.end()
  })

  const photo = (name: string, buffer: Buffer, mimeType = 'image/png') => ({ name, mimeType, buffer })
  const kept = async (phone: Phone, text: string) => (await phone.hashes()).texts.filter(one => one === text).length

  /** One act, and the tab's death at some moment of it. Whoever comes back looks, and does what is not there again. */
  async function play(phone: Phone, { text, do: act }: Act, dies: boolean) {
    if (dies) {
      const after = chance.below(700)
      await Promise.all([act().catch(() => undefined), new Promise(done => setTimeout(done, after)).then(() => phone.kill())])
      await phone.reopen()
    }
    if (await kept(phone, text) === 0) await act()
  }

  it('keeps every item and photo once, with equal hashes, and both sides of a conflict', { timeout: 240_000 }, async () => {
    // In the office: one note that both have, then the network is gone.
    await sato.tab.note('note', 'RE-06.1', { text: '賃金台帳を見る' })
    for (const phone of [sato, lee]) await phone.tab.sent()
    await lee.tab.ask()
    await expect.poll(() => kept(lee, '賃金台帳を見る'), { timeout: 15_000 }).toBe(1)
    for (const phone of [sato, lee]) {
      await phone.offline(true)
      await phone.page.close()
      phone.tab = await phone.newTab()
      await phone.reopen() // from the phone's own cache
    }

    const acts = (phone: Phone, who: string): Act[] => [
      { text: `${who} 台車が非常口の前`, do: () => phone.tab.note('note', 'RE-08.5', { text: `${who} 台車が非常口の前` }) },
      { text: `${who} 寮の二階`, do: () => phone.tab.note('photo', 'RE-09.2', { text: `${who} 寮の二階`, place_kept: 'yes' }, photo('a.png', noisyPng(700, who.length * 7))) },
      { text: `${who} 消火器`, do: () => phone.tab.note('photo', 'RE-09.2', { text: `${who} 消火器` }, photo('b.jpg', jpegWithPlace(), 'image/jpeg')) },
      { text: `${who} 便所`, do: () => phone.tab.note('check', 'RE-09.1', { what: 'sanitation', toilets: '2', toilets_clean: 'yes', hot_water: 'no', text: `${who} 便所` }) },
      { text: `${who} 四人部屋`, do: () => phone.tab.note('sketch', 'RE-09.1', { width: '4.5', depth: '4', draw: 'press', people: '4', basis: 'trainee', text: `${who} 四人部屋` }) },
      { text: `${who} 賃金が低い`, do: () => phone.tab.note('finding', 'RE-06.1', { grade: 'major', statement: `${who} 賃金が低い` }) },
      { text: `${who} 落ち着いて話した`, do: () => phone.tab.interview(who === '佐藤' ? 'B-11' : 'C-12', 'my', `${who} 落ち着いて話した`) },
      { text: `${who} 社長`, do: () => phone.tab.sign(`${who} 社長`) },
      { text: `${who} 台帳を直した`, do: async () => phone.tab.correct((await phone.hashes()).known.find(({ text }) => text === '賃金台帳を見る')?.hash ?? '', `${who} 台帳を直した`) },
    ]
    const [his, hers] = [acts(sato, '佐藤'), acts(lee, '李')]
    const deaths = chance.some(killsInTheDay, his.length + hers.length)
    const day = async (phone: Phone, mine: Act[], from: number) => { for (const [nth, act] of mine.entries()) await play(phone, act, deaths.includes(from + nth)) }
    await Promise.all([day(sato, his, 0), day(lee, hers, his.length)])

    // Everything is on the phones, nothing of it anywhere else.
    expect((await sql`select count(*)::int as n from notebook_versions where application_id = ${audit}`)[0]).toEqual({ n: 1 })
    const before = [await sato.hashes(), await lee.hashes()]
    expect(before.map(({ outbox, files }) => [outbox.length, files.length])).toEqual([[9, 4], [9, 4]])
    expect((await sato.tab.held()).items).toBe(9)
    expect(await sato.tab.text()).toMatch(/記録9件、写真2枚、元のファイル2件は、この端末にしかありません/)

    // In the evening: the network comes and goes, and two more tabs die in the middle of it.
    for (const phone of [sato, lee]) {
      const dies = phone === sato ? chance.some(killsWhileSending, 6) : []
      for (let turn = 0; turn < 6; turn += 1) {
        await phone.offline(turn % 2 === 1)
        await new Promise(done => setTimeout(done, 60 + chance.below(300)))
        if (!dies.includes(turn)) continue
        await phone.kill()
        await phone.reopen()
      }
      await phone.offline(false)
    }
    for (const phone of [sato, lee]) await phone.tab.sent()
    for (const phone of [sato, lee]) await phone.tab.ask()
    for (const phone of [sato, lee]) await expect.poll(async () => (await phone.hashes()).versions.length, { timeout: 20_000 }).toBe(19)

    const versions = await sql<{ hash: string; item: string; text: string; over: string[]; files: { sha256: string; size: number; part: string }[] }[]>`
      select hash, item, coalesce(content->>'text', content->>'statement', content->>'notes', content->>'name') as text, over, files from notebook_versions where application_id = ${audit}`
    expect(versions.map(({ hash }) => hash).toSorted()).toEqual([...new Set(before.flatMap(({ versions: known }) => known))].toSorted())
    expect([(await sato.hashes()).versions, (await lee.hashes()).versions].map(known => known.toSorted())).toEqual([versions.map(({ hash }) => hash).toSorted(), versions.map(({ hash }) => hash).toSorted()])
    expect(versions.map(({ text }) => text).toSorted()).toEqual(['賃金台帳を見る', ...[...his, ...hers].map(({ text }) => text)].toSorted()) // nothing twice, nothing missing
    expect(new Set(versions.map(({ item }) => item)).size).toBe(17) // the item of the office has three versions

    // The conflict stands twice, until somebody writes one over both.
    const standing = versions.filter(({ hash }) => !versions.some(({ over }) => over.includes(hash)) && versions.filter(other => other.item === versions.find(one => one.hash === hash)?.item).length === 3)
    expect(standing.map(({ text }) => text).toSorted()).toEqual(['佐藤 台帳を直した', '李 台帳を直した'].toSorted())

    // Every byte of every file, as it was hashed on the phone.
    await theatre.runJobs()
    const files = versions.flatMap(version => version.files)
    expect(files.length).toBe(8)
    for (const { sha256, size } of files) {
      const { rawPayload } = await app.inject({ url: `/notebook/files/${audit}/${sha256}`, headers: { cookie: cookieOf('sato') } })
      expect([createHash('sha256').update(rawPayload).digest('hex'), rawPayload.length, rawPayload.includes(latitude)]).toEqual([sha256, size, false])
    }
    expect([...sato.complaints, ...lee.complaints]).toEqual([])
  })

  it('shows both sides of the conflict beside each other, and keeps both as one text', { timeout: 60_000 }, async () => {
    await sato.tab.go(`#/audit/${audit}`)
    await sato.page.locator('.notice a[href*="/item/"]').click()
    await sato.page.locator('[data-version]').nth(1).waitFor()
    expect(await sato.tab.text()).toMatch(/台帳を直した[\s\S]*台帳を直した/)
    await sato.page.getByRole('button', { name: '二つをつないで一つの文にする' }).click()
    await sato.page.locator('[data-version]').nth(1).waitFor({ state: 'detached' })
    await sato.tab.sent()
    expect(await sql`select cardinality(over) as over, content->>'text' like '%佐藤 台帳を直した%李 台帳を直した%' or content->>'text' like '%李 台帳を直した%佐藤 台帳を直した%' as both from notebook_versions where application_id = ${audit} and cardinality(over) = 2`).toEqual([{ over: 2, both: true }])
  })
})

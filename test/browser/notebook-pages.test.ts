import type { Browser } from 'playwright-core'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { jpeg } from '../support/evidence-files.ts'
import { notebookOn, sha256Of, wireOn } from '../support/notebooks.ts'
import { signedIn } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// What came home from the field, as the assessor reads it at the desk, and the phone that was lost: both without script.
const theatre = await stage()
const { cookieOf, runJobs, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const missing = await whyNoBrowser()

describe.skipIf(missing)(`the notebook at the desk, in a browser without script${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, url: string, put: Awaited<ReturnType<typeof wireOn>>['put']
  beforeAll(async () => {
    const wire = await wireOn(theatre)
    url = `http://127.0.0.1:${wire.port}`
    put = wire.put
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  /** As an auditor looks at it, in both languages and at both widths. */
  async function seen(path: string, name: string) {
    const auditor = await signedIn(browser, url, cookieOf('sato'))
    for (const lang of ['ja', 'en'] as const) {
      await auditor.open(path)
      await auditor.inspect(name, lang)
    }
    expect([auditor.flaws, auditor.complaints]).toEqual([[], []])
    await auditor.close()
  }

  it('shows a day: conflicts side by side, what is late or nowhere else, gaps, a room, a signature', { timeout: 120_000 }, async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), tablet = await opened('sato', id), item = v7()
    const [{ site } = { site: '' }] = await sql`select scope->'sites'->1->>'id' as site from applications where id = ${id}`
    const photo = (bytes: Uint8Array) => [{ part: 'original' as const, sha256: sha256Of(bytes), size: bytes.length, type: 'image/jpeg' }]
    const made = [
      version(phone, { item, place: site, content: { text: '2階の非常口は内側から開く。' } }), version(phone, { kind: 'photo', criterion: 'RE-09.2', place: site, content: { text: '廊下の消火器', place_kept: false }, files: photo(jpeg) }),
      version(phone, { kind: 'photo', criterion: 'RE-09.2', content: { text: '階段' }, files: photo(Buffer.from('never sent')) }), version(phone, { deviceAt: '2026-11-20T01:00:00.000Z', previous: 'a'.repeat(64), content: { text: '時計が遅れた端末で書いたメモ' } }),
      version(phone, { kind: 'sketch', criterion: 'RE-09.1', place: site, content: { corners: [[0, 0], [4, 0], [4, 3], [0, 3]], square_metres: 12, people: 3, per_person: 4, basis: 'dormitory', minimum: 2.5, text: '201号室' } as never }),
      version(phone, { kind: 'signature', criterion: '', content: { name: '山田 太郎', role: '工場長', strokes: [[[0, 40], [30, 0], [50, 40], [80, 5]], [[20, 25], [60, 25]]] } as never }),
      version(phone, { kind: 'interview', criterion: '', content: { code: 'A-01', kind: 'single', people: 1, language: 'my', minutes: 30, notes: '給与明細は読める', heldOn: '2026-11-24', answers: { 'RE-02.1': 'yes' } } as never }),
      version(phone, { kind: 'interview', criterion: '', content: { code: 'A-01', kind: 'single', people: 1, language: 'vi', minutes: 20, notes: '別の人に同じ符号', heldOn: '2026-11-24' } as never }),
      version(phone, { kind: 'finding', criterion: 'RE-09.2', content: { grade: 'major', statement: '1階の非常口が施錠されていた。', evidenceReference: '写真 3' } }),
      version(phone, { kind: 'check', criterion: 'RE-09.2', place: site, content: { what: 'fire_exit', two_ways_out: 'yes', exits_clear: 'no', exits: 2, text: '' } }),
    ]
    await sync(phone, made)
    await sync(tablet, [version(tablet, { item, place: site, content: { text: '2階の非常口は鍵がないと開かない。' } })])
    await put(phone, sha256Of(jpeg), jpeg)
    await runJobs()
    await sql`update applications set stage = 'correcting' where id = ${id}`
    await sync(phone, [version(phone, { kind: 'interview', criterion: '', content: { code: 'A-09', kind: 'single', people: 1, language: 'ne', minutes: 15, notes: '閉じたあとに届いた', heldOn: '2026-11-24' } as never })])

    const desk = await signedIn(browser, url, cookieOf('sato'), { javaScriptEnabled: false })
    await desk.open(`/applications/${id}/visit`)
    await desk.follow(`/applications/${id}/visit/notebook`)
    const text = await desk.text()
    expect(['2階の非常口は内側から開く。', '2階の非常口は鍵がないと開かない。', 'まだ届いていないものがあります', '閉じたあとに届いた', '別の人に同じ符号', '元のファイルはまだです', '201号室', '工場長'].filter(words => !text.includes(words))).toEqual([])
    await desk.close()
    await seen(`/applications/${id}/visit/notebook`, 'notebook-of-a-case')
  })

  it('lets a lost phone be wiped, and says when it was', { timeout: 120_000 }, async () => {
    const phone = await opened('sato', await caseAt('visit_planned'))
    await sync(phone, [version(phone)], { waiting: 12 })
    const desk = await signedIn(browser, url, cookieOf('sato'), { javaScriptEnabled: false })
    await desk.open('/notebook/devices')
    await desk.submit(`/${phone.device}/wipe`)
    expect(await desk.text()).toMatch(/鍵は壊しました[\s\S]*端末からの確認はまだです/)
    expect((await sync(phone)).body.wipe).toBe(true)
    await desk.close()
    await seen('/notebook/devices', 'notebook-devices')
  })
})

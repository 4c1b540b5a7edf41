import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { misuseReports } from '../../schema/misuse-reports.ts'
import { buildApp } from '../../server/app.ts'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, anybody, mails, runJobs, world, cookieOf } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { id: applicationId, number } = await issued({ employerId: await employerOf('yamada') })
const { body: record } = await anybody.get(`/c/${number}`)
mails.length = 0

let senders = 0
const told = { kind: 'altered_document', seenWhere: 'https://shop.example/about', seenOn: '2026-11-23', account: '日付が書きかえられている。', contact: 'mieko@reader.example', fileSha256: 'a'.repeat(64) }
const send = (form: Record<string, string>, { at = number, lang = 'ja', headers = {} }: { at?: string; lang?: string; headers?: Record<string, string> } = {}) => app.inject({
  method: 'POST', url: `/c/${at}/report?lang=${lang}`, payload: new URLSearchParams(form).toString(), remoteAddress: `203.0.113.${senders++ % 250}`,
  headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
})
const form = (change: Record<string, string> = {}) => ({ ...told, once: randomUUID(), ...change })
const referenceIn = (html: string) => /M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(html)?.[0] ?? ''
const reported = async (change = {}, how = {}) => referenceIn((await send(form(change), how)).body)
const rowOf = async (reference: string) => (await sql`select * from misuse_reports where reference = ${reference}`)[0]
const count = async () => (await sql`select count(*)::int as n from misuse_reports`)[0]?.n as number

describe('reporting misuse', () => {
  it('may anybody, without an account or a cookie; the page says what is kept and what happens next', async () => {
    const page = await app.inject({ url: `/c/${number}/report?file=${'b'.repeat(64)}`, headers: { host: 'akashi.test', accept: 'text/html', cookie: cookieOf('yamada') } })
    expect([page.statusCode, page.headers['set-cookie'], page.headers['cache-control'], page.body.includes('b'.repeat(64)), page.body.includes('<script')]).toEqual([200, undefined, 'no-store', true, false])
    const answer = await send(form())
    expect([answer.statusCode, answer.headers['set-cookie'], referenceIn(answer.body).length, answer.body.includes('2026年12月1日'), answer.body.includes('2026年12月24日')]).toEqual([201, undefined, 16, true, true])
  })

  it('keeps what was told, and what the page said at that moment', async () => {
    const row = await rowOf(await reported())
    expect(row).toMatchObject({ number, kind: told.kind, seen_where: told.seenWhere, seen_on: '2026-11-23', account: told.account, contact: told.contact, file_sha256: told.fileSha256 })
    const [checkpoint] = await sql`select note from log_checkpoints order by size desc limit 1`
    expect(row?.page_said).toEqual({ standing: 'certified', since: '2026-11-24', asOf: '2026-11-24', sha256: record.sha256, checkpoint: checkpoint?.note ?? null })
    const later = await issued()
    await db.insert(certificateEvents).values({ event: 'suspended', happenedOn: '2026-11-24', reasonClass: 'overdue', certificateId: (await sql`select id from certificates where number = ${later.number}`)[0]?.id, actor: 'clock' })
    expect((await rowOf(await reported({}, { at: later.number })))?.page_said).toMatchObject({ standing: 'suspended' })
  })

  it('is possible with the least: no name, no day, no file', async () => {
    const answer = await send({ kind: 'other', seenWhere: '店先', account: '見た', contact: '', seenOn: '', once: randomUUID() })
    expect([answer.statusCode, answer.body.includes('連絡先がないので')]).toEqual([201, true])
    expect(await rowOf(referenceIn(answer.body))).toMatchObject({ contact: null, seen_on: null, file_sha256: null })
  })

  it.each([['a number that was never issued', makeNumber({ year: 2031, serial: 77, cycle: 1 })], ['a number that is none', 'ISO9001-4711'], ['no number', 'no-number'], ['a number in lower case', number.toLowerCase()]])('takes %s', async (_, at) => {
    const row = await rowOf(await reported({}, { at: encodeURIComponent(at) }))
    expect([row?.number, row?.page_said === null]).toEqual([at === 'no-number' ? '' : at.toUpperCase() === number ? number : at, at.toUpperCase() !== number])
  })

  it('sent twice is one report with one reference, also when both arrive at the same moment', async () => {
    const before = await count(), once = form()
    const answers = await Promise.all([send(once), send(once)])
    const again = await send(once)
    const references = new Set([...answers, again].map(({ body }) => referenceIn(body)))
    expect([references.size, referenceIn(again.body) !== '', await count()]).toEqual([1, true, before + 1])
  })

  it('loses nothing that was typed when something is missing', async () => {
    const before = await count()
    const answer = await send(form({ kind: '', seenWhere: '', account: '  "長い" 話\n二行目 <b>', fileSha256: told.fileSha256 }), { lang: 'en' })
    expect(answer.statusCode).toBe(422)
    for (const kept of ['&quot;長い&quot; 話\n二行目 &lt;b&gt;', told.contact, 'value="2026-11-23"', `value="${told.fileSha256}"`, 'What seems wrong?: This is required.', 'Where did you see it?: This is required.']) expect(answer.body).toContain(kept)
    expect(await count()).toBe(before)
  })

  it.each([['a kind that does not exist', { kind: 'gossip' }], ['a hash that is none', { fileSha256: 'xyz' }], ['control characters', { account: 'a\u0000b' }], ['a day that is none', { seenOn: '2026-02-31' }], ['a day that has not come', { seenOn: '2026-11-25' }]])('refuses %s', async (_, change) => {
    expect((await send(form(change))).statusCode).toBe(422)
  })

  it('comes from our own pages, and not in floods; whoever waits keeps the words', async () => {
    expect((await send(form(), { headers: { origin: 'https://evil.example' } })).statusCode).toBe(403)
    const flood = () => app.inject({ method: 'POST', url: `/c/${number}/report`, payload: new URLSearchParams(form()).toString(), remoteAddress: '198.51.100.7',
      headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' } })
    const answers = []
    for (let sent = 0; sent <= 20; sent++) answers.push(await flood())
    expect([answers[19]?.statusCode, answers[20]?.statusCode, answers[20]?.body.includes(told.account)]).toEqual([201, 429, true])
  })

  it('leaves no trace of the reporter in logs, journal or mails', async () => {
    const lines: string[] = []
    const logged = await buildApp(world, pino({ level: 'debug' }, new Writable({ write(line, _, done) { lines.push(String(line)); done() } })))
    const answer = await logged.inject({ method: 'POST', url: `/c/${number}/report`, payload: new URLSearchParams(form()).toString(), headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' } })
    await runJobs()
    const [entry] = await sql`select * from journal where operation = 'misuse_reports.report' order by id desc limit 1`
    const mail = mails.at(-1)
    expect([answer.statusCode, lines.length > 0, entry?.actor_role, entry?.actor_id, entry?.application_id, mail?.to, mail?.text.includes(referenceIn(answer.body))]).toEqual([201, true, 'public', null, applicationId, 'suzuki@akashi.example', true])
    for (const secret of [told.contact, told.account, told.seenWhere]) expect([lines.join(''), JSON.stringify(entry), mail?.text, mail?.html].filter(text => text?.includes(secret))).toEqual([])
  })

  it('is never seen by the company', async () => {
    await reported()
    for (const path of [`/applications/${applicationId}`, `/c/${number}`, '/applications']) expect((await as('yamada').page(path)).text).not.toMatch(/不正使用の知らせ|M-[0-9A-Z]{4}-/)
    expect((await as('yamada').get('/misuse-reports')).status).toBe(403)
  })

  it('is never changed or removed, by SQL either', async () => {
    const reference = await reported()
    for (const change of [sql`update misuse_reports set account = '' where reference = ${reference}`, sql`delete from misuse_reports where reference = ${reference}`, sql`truncate misuse_reports, misuse_report_steps`]) await expect(change).rejects.toThrow()
  })
})

describe('what the secretariat does about it', () => {
  const step = (id: string, body: object) => as('suzuki').post(`/misuse-reports/${id}/steps`, { once: randomUUID(), ...body })

  it('sees every report, the open ones first, with their ages', async () => {
    const old = 'M-0000-0000-0001'
    await db.insert(misuseReports).values({ reference: old, number: '', kind: 'other', seenWhere: '駅', account: '見た', reportedAt: new Date('2026-11-13T03:00:00Z') })
    const [young, closed] = [await reported(), await reported()]
    const { id } = await rowOf(closed) ?? {}
    await step(id, { step: 'taken_up' })
    await step(id, { step: 'unfounded', note: '電話で確かめた。' })
    const { body } = await as('suzuki').get('/misuse-reports')
    const page = await as('suzuki').page('/misuse-reports')
    const order = body.reports.map(({ reference }: { reference: string }) => reference)
    const line = (reference: string) => body.reports.find((row: { reference: string }) => row.reference === reference)
    expect([order.indexOf(old), order.indexOf(young) < order.indexOf(closed), order.at(-1)]).toEqual([0, true, closed])
    expect([line(old), line(young)]).toMatchObject([{ state: 'new', days: 11, takenUpBy: '2026-11-20', overdue: true, number: '', holderJa: null }, { state: 'new', days: 0, overdue: false, holderJa: '山田プレス工業株式会社' }])
    expect([line(closed).state, body.open, body.overdue]).toEqual(['unfounded', order.length - 1, 1])
    for (const words of ['着手の期限（2026年11月20日）を過ぎました', '11日', '番号はありません', '事実でなかった']) expect(page.text).toContain(words)
  })

  it('reads everything beside the certificate as it is now, and goes step by step', async () => {
    const { id } = await rowOf(await reported({ fileSha256: record.sha256 })) ?? {}
    const page = await as('suzuki').page(`/misuse-reports/${id}`)
    for (const fact of [told.account, told.seenWhere, told.contact, record.sha256, '第1版と同じファイル', '未着手', '発行', number]) expect(page.text).toContain(fact)
    expect((await step(id, { step: 'founded', note: '早すぎる' })).body.code).toBe('no_such_step')
    expect((await step(id, { step: 'taken_up' })).status).toBe(201)
    expect((await step(id, { step: 'founded', note: '' })).status).toBe(422)
    expect((await step(id, { step: 'founded', note: '店に電話して確かめた。' })).status).toBe(201)
    expect((await step(id, { step: 'unfounded', note: '二度' })).status).toBe(409)
    const { body } = await as('suzuki').get(`/misuse-reports/${id}`)
    expect([body.state, body.choices, body.steps.map((taken: { step: string; by: string; note: string }) => [taken.step, taken.by, taken.note])]).toEqual(
      ['founded', ['taken_up', 'note'], [['founded', '鈴木 恵', '店に電話して確かめた。'], ['taken_up', '鈴木 恵', '']]])
    const journal = await sql`select before, after from journal where subject_id = ${id} and operation = 'misuse_reports.step' order by id`
    expect(journal).toMatchObject([{ before: { state: 'new' }, after: { step: 'taken_up' } }, { before: { state: 'taken_up' }, after: { step: 'founded' } }])
  })

  it('is closed one way only when two operators act at the same moment', async () => {
    const { id } = await rowOf(await reported()) ?? {}
    await step(id, { step: 'taken_up' })
    const answers = await Promise.all([step(id, { step: 'founded', note: 'はい' }), step(id, { step: 'unfounded', note: 'いいえ' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('shows an empty desk as such', async () => {
    const other = await stage()
    expect((await other.as('suzuki').page('/misuse-reports')).text).toContain('知らせはまだありません')
  })
})

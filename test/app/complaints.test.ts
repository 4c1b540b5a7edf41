import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { readEntry } from '../../server/proof/entry.ts'
import { recount } from '../../server/proof/remedies.ts'
import { publicLocales } from '../../server/http/locale.ts'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, anybody, idOf, mails, runJobs, clock, world } = theatre
const { sql } = world.database
const { number, id: applicationId } = await sealedFilesOn(theatre).issued({ nameJa: '苦情製作所株式会社' })
const day_ms = 86_400_000, begun = clock.now

let senders = 0
const send = (path: string, form: Record<string, string>, { lang = 'ja', from = `203.0.113.${senders++ % 250}`, json = false, server = app } = {}) => server.inject({
  method: 'POST', url: `${path}?lang=${lang}`, payload: new URLSearchParams(form).toString(), remoteAddress: from,
  headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: json ? 'application/json' : 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
})
const words = { target: 'employer', about: number, account: '寮の非常口がふさがれている。', contact: '' }
const filed = async (change: Record<string, string> = {}) => (await send('/complaints', { ...words, once: randomUUID(), ...change }, { json: true })).json() as { reference: string; code: string; acknowledgeBy: string; answerBy: string }
const idBy = async (reference: string) => String((await sql`select id from complaints where reference = ${reference}`)[0]?.id)
const step = (id: string, who: CastName, name: string, more: Record<string, string> = {}) => as(who).post(`/complaint-cases/${id}/steps`, { step: name, text: name === 'assigned' ? '' : '調べました。', ...more, once: randomUUID() })
const follow = async (code: string) => (await send('/complaints/follow', { code }, { json: true })).json()

describe('a complaint', () => {
  it('is filed by anybody, followed by its code, answered by somebody without a tie', async () => {
    const page = await app.inject({ url: `/complaints?number=${number}`, headers: { host: 'akashi.test', accept: 'text/html' } })
    expect([page.statusCode, page.headers['set-cookie'], page.headers['cache-control'], page.body.includes(number), page.body.includes('<script')]).toEqual([200, undefined, 'no-store', true, false])
    const { reference, code, acknowledgeBy, answerBy } = await filed()
    expect([code.startsWith(reference), code.length, acknowledgeBy, answerBy]).toEqual([true, 26, '2026-12-01', '2026-12-24'])
    expect(await follow(code)).toMatchObject({ reference, state: 'new', told: [] })
    const id = await idBy(reference)
    await runJobs()
    expect(mails.find(({ subject, to }) => subject === '苦情が届きました' && to === 'suzuki@akashi.example')?.text).toContain(reference)

    const seen = (await as('suzuki').get(`/complaint-cases/${id}`)).body
    expect([seen.number, seen.state, seen.choices]).toEqual([number, 'new', ['acknowledged', 'note']])
    await step(id, 'suzuki', 'acknowledged', { text: '受け付けました。' })
    const candidates = (await as('suzuki').get(`/complaint-cases/${id}`)).body.candidates.map(({ name }: { name: string }) => name)
    expect(candidates.toSorted()).toEqual(['中村 修', '小林 由美', '石井 久美子', '鈴木 恵'].toSorted()) // not Tanaka, who certified this employer
    await step(id, 'suzuki', 'assigned', { handler: idOf('kobayashi') })
    expect([(await as('kobayashi').get('/complaint-cases')).body.complaints.length, (await as('tanaka').get('/complaint-cases')).body.complaints.length, (await as('tanaka').get(`/complaint-cases/${id}`)).status]).toEqual([1, 0, 404])
    await step(id, 'kobayashi', 'note', { text: '中の覚え書き' })
    expect((await step(id, 'suzuki', 'upheld')).body.code).toBe('not_your_step')
    expect((await step(id, 'kobayashi', 'upheld', { text: '非常口は開けさせました。' })).status).toBe(201)
    expect((await step(id, 'kobayashi', 'not_upheld')).body.code).toBe('no_such_step')
    const status = await follow(code)
    expect([status.state, status.told.map(({ step: name, text }: { step: string; text: string }) => [name, text])]).toEqual(['upheld', [['acknowledged', '受け付けました。'], ['upheld', '非常口は開けさせました。']]])
    expect([JSON.stringify(status).includes('小林'), JSON.stringify(status).includes('覚え書き')]).toEqual([false, false])
  })

  it('keeps only the hash of the code, tells it once, and writes neither code nor words into a log or an address', async () => {
    const lines: string[] = []
    const server = await buildApp(world, pino({ level: 'trace' }, new Writable({ write: (chunk, _, done) => { lines.push(String(chunk)); done() } })))
    const body = { ...words, contact: 'mieko@reader.example', once: randomUUID() }
    const [first, again] = [await send('/complaints', body, { json: true, server }), await send('/complaints', body, { json: true, server })].map(answer => answer.json())
    expect([typeof first.code, again.code, again.reference]).toEqual(['string', null, first.reference])
    expect((await send('/complaints/follow', { code: first.code }, { server })).statusCode).toBe(200)
    await server.close()
    expect([lines.length > 0, lines.filter(line => line.includes(first.code) || line.includes('mieko@') || line.includes('非常口'))]).toEqual([true, []])
    const kept = JSON.stringify([await sql`select * from complaints`, await sql`select * from journal`, await sql`select * from submissions`, await sql`select * from mails`])
    expect([kept.includes(first.reference), kept.includes(first.code)]).toEqual([true, false])
    expect(await sql`select 1 from journal where operation = 'complaints.file' and (employer_id is not null or application_id is not null)`).toHaveLength(0) // the employer's own trail tells nothing
  })

  it('is found by its code as people type it, and no other code finds anything', async () => {
    const { code, reference } = await filed()
    for (const typed of [code.toLowerCase(), code.replaceAll('-', ' '), code.replaceAll('-', ''), ` ${code} `, code.replaceAll('0', 'O').replaceAll('1', 'l'), code.replace(/[0-9A-Z]/g, letter => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))]) expect((await follow(typed)).reference).toBe(reference)
    for (const wrong of [reference, `${code}0`, `C-${'0000-'.repeat(4)}0000`, "' or 1=1", '苦情']) expect((await follow(wrong)).code).toBe('complaint_code_unknown')
    expect((await send('/complaints/follow', { code: '' })).statusCode).toBe(422)
  })

  it('knows the employer also by its name, and takes what it does not know', async () => {
    const numberOf = async (about: string) => (await as('suzuki').get(`/complaint-cases/${await idBy((await filed({ about })).reference)}`)).body.number
    expect([await numberOf('苦情製作所株式会社'), await numberOf(number.toLowerCase()), await numberOf('どこかの会社'), await numberOf('RE-JP-2031-000077')]).toEqual([number, number, null, null])
  })

  it('loses nothing that was typed when something is missing, in the reader’s language', async () => {
    const answer = await send('/complaints', { ...words, target: 'employer', about: '', account: '  "長い" 話 <b>', contact: 'mieko@reader.example' }, { lang: 'vi' })
    expect(answer.statusCode).toBe(422)
    for (const kept of ['&quot;長い&quot; 話 &lt;b&gt;', 'mieko@reader.example', 'value="employer" checked', 'id="errors"']) expect(answer.body).toContain(kept)
    expect((await send('/complaints', { ...words, target: 'scheme', about: '' })).statusCode).toBe(201)
  })

  it('has to wait when it comes too often from one address, and so has who tries codes', async () => {
    const statuses: number[] = []
    for (let nth = 0; nth < 21; nth += 1) statuses.push((await send('/complaints/follow', { code: `C-${String(nth).padStart(4, '0')}-0000-0000-0000-0000` }, { from: '198.51.100.7' })).statusCode)
    expect([statuses.slice(0, 20).every(status => status === 422), statuses[20]]).toEqual([true, 429])
  })

  it('is handed to nobody with a tie; the attempt stays on record', async () => {
    const id = await idBy((await filed()).reference)
    await step(id, 'suzuki', 'acknowledged')
    const attempt = await step(id, 'suzuki', 'assigned', { handler: idOf('tanaka') })
    expect([attempt.status, attempt.body.code, (await step(id, 'suzuki', 'assigned', { handler: idOf('yamada') })).status, (await step(id, 'suzuki', 'assigned')).status]).toEqual([403, 'has_interest', 404, 422])
    expect((await sql`select after from journal where operation = 'complaints.step.refused' and subject_id = ${id}`)[0]?.after).toEqual({ step: 'assigned', handler: idOf('tanaka'), refused: 'has_interest', missing: ['decider'] })
  })

  it('is not there for an operator who told of a tie: neither mail nor page nor step, and nobody hands it to them; one about nobody stays', async () => {
    const id = await idBy((await filed()).reference), scheme = await idBy((await filed({ target: 'scheme', about: '' })).reference)
    await step(id, 'suzuki', 'acknowledged')
    await sql`update employers set corporate_number = '8000000000001' where id = (select employer_id from applications where id = ${applicationId})`
    const tie = async (who: CastName) => sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values (${randomUUID()}, ${idOf(who)}, '8000000000001', 'family_tie', '兄', ${idOf(who)}, '2023-12-31')`
    await tie('kobayashi')
    const { candidates } = (await as('suzuki').get(`/complaint-cases/${id}`)).body
    expect([candidates.map((one: { id: string }) => one.id).toSorted(), (await step(id, 'suzuki', 'assigned', { handler: idOf('kobayashi') })).body.code]).toEqual([(['suzuki', 'nakamura', 'ishii'] as const).map(idOf).toSorted(), 'has_interest'])
    await tie('suzuki')
    await runJobs()
    mails.length = 0
    const { reference } = await filed()
    await runJobs()
    const seen = await Promise.all([id, await idBy(reference), scheme].map(async one => (await as('suzuki').get(`/complaint-cases/${one}`)).status)), listed = (await as('suzuki').get('/complaint-cases')).text
    expect([mails.some(({ text }) => text.includes(reference)), seen, listed.includes(reference), listed.includes(scheme), (await step(id, 'suzuki', 'note')).body.code]).toEqual([false, [404, 404, 200], false, true, 'not_found'])
    expect((await sql`select after from journal where operation = 'complaints.step.refused' and subject_id = ${id} order by id desc limit 1`)[0]?.after).toEqual({ step: 'note', handler: idOf('suzuki'), refused: 'has_interest', missing: [] })
    await sql`update recorded_ties set ended_on = '2024-01-01'`
  })

  it('about a company that is not on the register, but named by its number, is not there either for who is tied to that number', async () => {
    const about = '見本鉄工（法人番号 ４０１２-３０１０-０００１４）', told = randomUUID()
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values (${told}, ${idOf('suzuki')}, '4012301000014', 'family_tie', '兄', ${idOf('suzuki')}, '2023-12-31')`
    await runJobs()
    mails.length = 0
    const { reference } = await filed({ about }), id = await idBy(reference), other = await idBy((await filed({ about: '別の会社 14012301000014' })).reference)
    await runJobs()
    expect([mails.some(({ text }) => text.includes(reference)), (await as('suzuki').get(`/complaint-cases/${id}`)).status, (await as('suzuki').get('/complaint-cases')).text.includes(reference), (await step(id, 'suzuki', 'acknowledged')).body.code, (await as('suzuki').get(`/complaint-cases/${other}`)).status]).toEqual([false, 404, false, 'not_found', 200])
    await sql`update recorded_ties set ended_on = '2024-01-01' where id = ${told}`
    expect((await as('suzuki').get(`/complaint-cases/${id}`)).status).toBe(200)
  })

  it('is not there any more for a handler whose tie came to light, who is refused, on record', async () => {
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
    const id = await idBy((await filed()).reference)
    await step(id, 'suzuki', 'acknowledged')
    await step(id, 'suzuki', 'assigned', { handler: idOf('lee') })
    const seen = async () => [(await as('lee').get(`/complaint-cases/${id}`)).status, (await as('lee').get('/complaint-cases')).body.complaints.length]
    const before = await seen()
    await sql`insert into assignments (id, application_id, person_id, part, assigned_by, ended_at) values (${randomUUID()}, ${applicationId}, ${idOf('lee')}, 'interpreter', ${idOf('suzuki')}, ${clock.now.toISOString()})`
    const attempt = await step(id, 'lee', 'upheld')
    expect([before, await seen(), attempt.body.code, (await sql`select after from journal where operation = 'complaints.step.refused' and subject_id = ${id}`)[0]?.after.missing]).toEqual([[200, 1], [404, 0], 'has_interest', ['interpreter']])
  })

  it('is late after five business days unacknowledged, and after thirty days unanswered', async () => {
    const id = await idBy((await filed()).reference)
    const late = async (days: number) => { clock.now = new Date(begun.getTime() + days * day_ms); return (await as('suzuki').get(`/complaint-cases/${id}`)).body.overdue }
    const unseen = [await late(7), await late(8)]
    clock.now = begun
    await step(id, 'suzuki', 'acknowledged')
    expect([unseen, await late(8), await late(30), await late(31)]).toEqual([[false, true], false, false, true])
    clock.now = begun
  })

  it('changes nothing about the certificate, and its employer finds no trace of it', async () => {
    const before = (await anybody.get(`/c/${number}`)).body
    await filed()
    expect((await anybody.get(`/c/${number}`)).body).toEqual(before)
    expect((await as('suzuki').page(`/journal/${applicationId}`)).text).not.toContain('苦情の受付')
  })
})

describe('the public counts', () => {
  const entries = async () => (await sql<{ body: string }[]>`select body from log_entries order by seq`).map(({ body }) => readEntry(body)).filter(entry => entry !== undefined)
  const shown = async () => {
    const { appeals, complaints } = (await anybody.get('/oversight')).body
    return Object.fromEntries(Object.entries({ appeals, complaints }).map(([kind, { notUpheld: _, sharePercent: __, ...counts }]) => [kind, counts]))
  }

  it('are those that anybody counts from the log, whatever happens meanwhile', async () => {
    expect(await shown()).toEqual(recount(await entries()))
    for (const [days, outcome] of [[3, 'upheld'], [12, 'not_upheld'], [20, 'not_upheld']] as const) {
      const id = await idBy((await filed()).reference)
      await step(id, 'suzuki', 'acknowledged')
      await step(id, 'suzuki', 'assigned', { handler: idOf('kobayashi') })
      clock.now = new Date(begun.getTime() + days * day_ms)
      await step(id, 'kobayashi', outcome)
      clock.now = begun
    }
    const counts = (await anybody.get('/oversight')).body.complaints
    expect([await shown(), counts.answered, counts.upheld, counts.sharePercent, counts.longestDays]).toEqual([recount(await entries()), 4, 2, 50, 20])
    expect(counts.received).toBe((await sql`select count(*)::int as n from complaints`)[0]?.n)
  })

  it('are read in ten languages, drawn, and the same for everybody', async () => {
    const pages = await Promise.all(publicLocales.map(lang => anybody.page(`/oversight?lang=${lang}`, lang)))
    expect(pages.map(({ status, text }) => status === 200 && text.includes('<svg class="bar') && !/undefined|NaN|\{\w+\}/.test(text))).toEqual(publicLocales.map(() => true))
    expect(pages[0]?.headers['set-cookie']).toBeUndefined()
  })
})

import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import { Bundle } from '../../schema/notebook-shapes.ts'
import { benchOn } from '../support/bench.ts'
import { hashed, notebookOn, type Captured, type Phone } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, clock, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { opened, version, sync, outcomes } = notebookOn(theatre)
const morning = clock.now
beforeEach(() => { clock.now = morning })
const notesOf = async (id: string) => (await sql`select note from visit_notes where application_id = ${id} order by written_at, id`).map(({ note }) => note)
const pageOf = async (id: string) => (await as('sato').get(`/applications/${id}/visit/notebook`)).body
const keptOf = async (id: string) => (await sql`select count(*)::int as kept from notebook_versions where application_id = ${id}`)[0]?.kept

describe('a device', () => {
  it('gets its key once and for all, and again when the answer was lost; nobody else does', async () => {
    const device = v7(), add = () => as('sato').post('/notebook/devices', { device, name: '佐藤の電話' })
    const [first, again] = [await add(), await add()]
    expect([first.status, Buffer.from(first.body.key, 'base64').length, again.body]).toEqual([201, 32, first.body])
    expect((await as('sato').get(`/notebook/devices/${device}/key`)).body).toEqual(first.body)
    expect([(await as('lee').get(`/notebook/devices/${device}/key`)).status, (await as('lee').post('/notebook/devices', { device, name: 'x' })).status, (await as('yamada').get(`/notebook/devices/${device}/key`)).status]).toEqual([404, 409, 403])
  })

  it('that was lost is wiped: no key any more, nothing of what it sends, and it hears only that', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), url = `/notebook/devices/${phone.device}`
    await sync(phone, [version(phone)])
    expect([(await as('lee').post(`${url}/wipe`)).status, (await as('sato').post(`${url}/wiped`)).status, (await as('sato').post(`${url}/wipe`)).status]).toEqual([404, 409, 201])
    expect((await sql`select key from notebook_devices where device = ${phone.device}`)[0]).toEqual({ key: null })
    expect([(await as('sato').get(`${url}/key`)), (await as('sato').post('/notebook/devices', { device: phone.device, name: 'x' }))].map(({ status, body }) => [status, body.code])).toEqual([[410, 'device_wiped'], [410, 'device_wiped']])
    const { body } = await sync(phone, [version(phone)])
    expect(body).toEqual({ wipe: true, serverAt: expect.any(String), confirmed: [], refused: [], versions: [], after: 0, more: false, filesWanted: [], filesRefused: [] })
    expect([await keptOf(id), (await as('sato').post(`/notebook/audits/${id}`, { device: phone.device })).body.code]).toEqual([1, 'device_wiped'])
    expect((await as('sato').post(`${url}/wiped`)).status).toBe(201)
    expect((await as('sato').page('/notebook/devices')).text).toContain('端末が消去を確認しました')
  })

  it('has not brought everything home while files are missing that its versions name, and the wipe warns of them', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), other = await opened('sato', id), original = (sha256: string) => ({ part: 'original' as const, sha256, size: 5, type: 'image/jpeg' })
    await sync(phone, [version(phone, { kind: 'photo', files: [original('c'.repeat(64))] }), version(phone, { kind: 'photo', files: [original('c'.repeat(64))] }), version(phone, { kind: 'photo', files: [original('d'.repeat(64))] })])
    await sync(phone, [])
    await sql`insert into notebook_files (application_id, sha256, refused, device) values (${id}, ${'d'.repeat(64)}, 'file_truncated', ${phone.device})`
    const { devices } = (await as('sato').get('/notebook/devices')).body
    expect([phone, other].map(one => devices.find(({ device }: Phone) => device === one.device)).map(({ waiting, filesWaiting }) => [waiting, filesWaiting])).toEqual([[0, 1], [0, 0]])
    const text = (await as('sato').page('/notebook/devices', 'en')).text, [of = ''] = text.split('<li>').filter(row => row.includes(phone.device))
    expect([of.includes('have not arrived from it: 1'), of.includes('are lost: 1'), of.includes('Everything on it had arrived')]).toEqual([true, true, false])
  })

  it('is said to be protected by its passphrase alone until the wipe reaches it, before and after the wipe was ordered', async () => {
    const phone = await opened('sato', await caseAt('visit_planned'))
    const told = async (lang: string, words: string) => (await as('sato').page('/notebook/devices', lang)).text.split(words).length - 1
    const before = await told('en', 'the passphrase alone protects')
    await as('sato').post(`/notebook/devices/${phone.device}/wipe`)
    const after = (await as('sato').page('/notebook/devices', 'en')).text
    expect([before > 0, await told('en', 'the passphrase alone protects'), after.includes('can no longer be read'), await told('ja', '合言葉だけ')]).toEqual([true, before, false, before])
  })

  it('that says it holds more than can be counted is refused, and what it said before stands', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    expect((await sync(phone, [], { after: Number.MAX_SAFE_INTEGER, waiting: 7 })).status).toBe(200)
    expect((await sync(phone, [], { waiting: 2_147_483_648 })).status).toBe(422)
    expect((await sql`select waiting from notebook_devices where device = ${phone.device}`)[0]).toEqual({ waiting: 7 })
    expect((await sync(phone, [], { waiting: 2_147_483_647 })).status).toBe(200)
  })

  it('is listed for its owner, and for the secretariat, which may wipe it too', async () => {
    const phone = await opened('sato', await caseAt('visit_planned'))
    await sync(phone, [version(phone)], { waiting: 7 })
    const mine = async (who: 'sato' | 'lee' | 'suzuki') => (await as(who).get('/notebook/devices')).body.devices.find(({ device }: Phone) => device === phone.device)
    expect([await mine('sato'), await mine('lee'), await mine('suzuki')]).toEqual([expect.objectContaining({ name: 'satoの電話', own: true, waiting: 6, audits: 1 }), undefined, expect.objectContaining({ own: false, owner: '佐藤 誠' })])
    expect((await as('sato').page('/notebook/devices')).text).toContain('この端末だけにあるもの：6')
    expect((await as('sato').page('/notebook/devices', 'en')).text).toContain('Only on this device when last heard of: 6')
    const wiped = await as('suzuki').submit(`/notebook/devices/${phone.device}/wipe`)
    expect([wiped.status, wiped.location, (await sync(phone)).body.wipe]).toEqual([303, '/notebook/devices', true])
  })
})

describe('an audit', () => {
  it('goes out with all that a day without a network needs', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await as('sato').post(`/applications/${id}/visit/notes`, { criterion: 'RE-06.1', note: '前回のメモ' })
    const { status, body } = await as('sato').post(`/notebook/audits/${id}`, { device: phone.device })
    expect([status, Bundle.safeParse(body).error]).toEqual([201, undefined])
    expect(body).toMatchObject({ applicationId: id, nameEn: 'Yamada Press Industries Co., Ltd.', stage: 'visit_planned', after: 0, visit: { startsOn: '2026-11-24', announced: true }, sample: { total: 5, codes: [], strata: [] }, notes: [{ criterion: 'RE-06.1', note: '前回のメモ', by: '佐藤 誠', photo: false }] })
    expect([body.criteria.length > 30, body.sections.length > 5, body.sites.some(({ visited }: { visited: boolean }) => visited), body.criteria.some(({ question }: { question: object | null }) => question !== null)]).toEqual([true, true, true, true])
    expect(await sql`select operation from journal where operation = 'notebooks.take_out' and application_id = ${id}`).toMatchObject([{ operation: 'notebooks.take_out' }])
  })

  it('is offered to its assessor alone, and taken out by nobody else', async () => {
    const id = await caseAt('visit_planned'), device = v7()
    const offered = async (who: 'sato' | 'lee') => (await as(who).get('/notebook/audits')).body.audits.map(({ applicationId }: Phone) => applicationId)
    await as('lee').post('/notebook/devices', { device, name: 'x' })
    expect([(await offered('sato')).includes(id), await offered('lee'), (await as('lee').post(`/notebook/audits/${id}`, { device })).status, (await as('yamada').get('/notebook/audits')).status]).toEqual([true, [], 404, 403])
    expect([(await as('sato').post(`/notebook/audits/${id}`, { device })).status, (await anybody.get('/notebook/audits')).status]).toEqual([404, 401])
  })

  it('stays at home before a visit is planned, and once the decider has it', async () => {
    const device = v7()
    await as('sato').post('/notebook/devices', { device, name: 'x' })
    expect((await as('sato').post(`/notebook/audits/${await caseAt('desk_review')}`, { device })).body.code).toBe('closed_for_changes')
    expect((await as('sato').post(`/notebook/audits/${await caseAt('awaiting_decision')}`, { device })).body.code).toBe('closed_for_changes')
  })

  it('goes out for a visit without notice, whose notes land when it begins', async () => {
    const id = await caseAt('desk_review')
    const { body } = await as('sato').get(`/applications/${id}/visit`), siteIds = body.sites.map((site: { id: string }) => site.id)
    await as('sato').post(`/applications/${id}/visit`, { startsOn: '2026-11-24', endsOn: '2026-11-24', siteIds, team: '佐藤', interpreterLanguages: 1, announcement: 'unannounced', version: body.head.version })
    const phone = await opened('sato', id), one = version(phone, { content: { text: '門の前' } })
    expect([outcomes(await sync(phone, [one])), await notesOf(id)]).toEqual([[['merged'], []], []])
    expect((await as('sato').post(`/applications/${id}/visit/beginning`, { version: body.head.version })).status).toBe(201)
    expect(await notesOf(id)).toEqual(['門の前'])
  })
})

describe('what is sent', () => {
  const bent = (change: (one: Captured) => { hash: string; version: unknown }) => async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), answer = await sync(phone, [change(version(phone))])
    return [outcomes(answer), await keptOf(phone.applicationId)]
  }
  const withContent = (content: Record<string, unknown>) => bent(({ version: one }) => hashed({ ...one, content } as typeof one))
  const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)

  it.each([
    ['with another hash', bent(({ version: one }) => ({ hash: 'a'.repeat(64), version: one })), 'hash_differs'],
    ['altered on the way', bent(({ hash, version: one }) => ({ hash, version: { ...one, content: { text: '別' } } })), 'hash_differs'],
    ['that is none', bent(({ hash }) => ({ hash, version: { note: 1 } })), 'unreadable'],
    ['with a field that nobody knows', bent(({ version: one }) => ({ ...hashed({ ...one, extra: 1 } as typeof one) })), 'unreadable'],
    ['with a NUL', withContent({ text: 'a\0b' }), 'unreadable'], ['with half a character', bent(({ hash, version: one }) => ({ hash, version: { ...one, content: { text: '\ud83d' } } })), 'unreadable'],
    ['nested without end', withContent(deep), 'unreadable'],
    ['with an id in capitals', bent(({ version: one }) => hashed({ ...one, item: one.item.toUpperCase() })), 'unreadable'],
    ['that weighs too much', withContent({ text: 'あ'.repeat(90_000) }), 'too_big'],
    ['of another audit', bent(({ version: one }) => hashed({ ...one, applicationId: randomUUID() })), 'not_taken_out'],
    ['of another device', bent(({ version: one }) => hashed({ ...one, device: v7() })), 'not_taken_out'],
  ])('as a version %s is refused, and the rest of the call is not', async (_, play, reason) => expect(await play()).toEqual([[[], [reason]], 0]))

  it('from a device that never took the audit out is refused, and it learns nothing', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), device = v7()
    await sync(phone, [version(phone)])
    await as('sato').post('/notebook/devices', { device, name: 'x' })
    const stranger = { ...phone, device }, answer = await sync(stranger, [version(stranger)])
    expect([outcomes(answer), answer.body.versions]).toEqual([[[], ['not_taken_out']], []])
  })

  it('is kept to the letter: numbers, characters of all planes, a clock with odd seconds', async () => {
    const phone = await opened('sato', await caseAt('visit_planned'))
    const odd = version(phone, { deviceAt: '2026-11-24T09:00:00.123456Z', content: { text: '𠮷野家 🏭 \u2028"\\', n: [0.1, 1e21, 5e-324, 1e-7, 1.7976931348623157e308, 0, 2 ** 63], deep: { b: null, a: [true, false] }, 'ключ': '' } })
    expect(outcomes(await sync(phone, [odd]))).toEqual([['merged'], []])
    expect((await sync(phone)).body.versions.map((one: Captured) => hashed(one.version).hash)).toEqual([odd.hash])
  })

  it('in any order and over and over ends the same; a gap is told until it is filled', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    const one = version(phone, { content: { text: '一' } }), two = version(phone, { content: { text: '二' }, previous: one.hash }), three = version(phone, { content: { text: '三' }, previous: two.hash })
    await sync(phone, [three])
    await sync(phone, [three, one, three])
    expect([await keptOf(id), (await pageOf(id)).gaps]).toEqual([2, [{ device: 'satoの電話', owner: '佐藤 誠', missing: 1 }]])
    expect((await as('sato').page(`/applications/${id}/visit/notebook`)).text).toContain('まだ届いていないものがあります')
    expect([outcomes(await sync(phone, [two, one])), await keptOf(id), (await pageOf(id)).gaps]).toEqual([[['merged', 'merged'], []], 3, []])
    expect((await notesOf(id)).toSorted()).toEqual(['一', '三', '二'].toSorted())
  })

  it('by a clock that is days wrong is kept as it is, beside the server’s time, and said', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id)
    await sync(phone, [version(phone, { deviceAt: '2031-01-01T00:00:00.000Z' })])
    const [item] = (await pageOf(id)).groups[0].items
    expect(item.heads[0]).toMatchObject({ deviceAt: '2031-01-01T00:00:00.000Z', serverAt: morning.toISOString(), clocksApart: true })
    expect((await as('sato').page(`/applications/${id}/visit/notebook`, 'en')).text).toContain('More than a day between the device’s clock and the arrival')
  })

  it('comes to other devices page by page', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), tablet = await opened('sato', id)
    const many = Array.from({ length: 205 }, (_, nth) => version(phone, { content: { text: `メモ ${nth}` } }))
    await sync(phone, many.slice(0, 200))
    await sync(phone, many.slice(200))
    const first = await sync(tablet), second = await sync(tablet, [], { after: first.body.after })
    expect([first.body.versions.length, first.body.more, second.body.versions.length, second.body.more]).toEqual([200, true, 5, false])
    expect(new Set([...first.body.versions, ...second.body.versions].map(({ hash }: Captured) => hash))).toEqual(new Set(many.map(({ hash }) => hash)))
  })

  it('waits when the sign-in has run out: told in JSON, nothing lost', async () => {
    const answer = await anybody.post('/notebook/sync', {})
    expect([answer.status, answer.body.code]).toEqual([401, 'not_signed_in'])
  })
})

describe('the notebook of a case', () => {
  it('is its assessors’ alone', async () => {
    const id = await caseAt('visit_planned'), url = `/applications/${id}/visit/notebook`
    expect([(await as('sato').get(url)).status, (await as('lee').get(url)).status, (await as('yamada').get(url)).status, (await as('suzuki').get(url)).status, (await as('tanaka').get(url)).status, (await anybody.get(url)).status]).toEqual([200, 404, 403, 403, 403, 401])
    expect((await as('sato').page(`/applications/${id}/visit`)).text).toContain(url)
  })
})

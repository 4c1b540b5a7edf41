import { describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, idOf, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const holder = number.slice(0, 17)
const minato = as('minato')
const issuedOn = '2026-11-24'
const more = await fillRegister(sql, 8, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 36), -1) }), { fromSerial: 100 })
const suspend = (one: string | undefined) => sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, 'suspended', '2026-11-24', 'overdue', 'clock' from certificates where number = ${one ?? ''}`
const add = async (body: object) => (await minato.post('/watchlist', body)).body.id as string

describe('a buyer’s suppliers', () => {
  it('nobody yet: the page says what to do', async () => {
    const page = await minato.page('/watchlist')
    for (const words of ['見守り先はまだありません', '/lists', '/watchlist/add']) expect(page.text).toContain(words)
  })

  it('are added by number, by choosing, or by name alone; once each', async () => {
    const first = await minato.post('/watchlist', { number: number.toLowerCase() })
    expect((await minato.get(first.location)).body).toMatchObject({ name: '山田プレス工業株式会社', holder, matched: 'number', standing: 'certified', prefecture: '神奈川県', corporateNumber: '4012301000013', certificate: { number } })
    expect((await minato.post('/watchlist', { holder })).body.code).toBe('already_exists')
    expect((await minato.get(`/watchlist/${await add({ holder: more[0]?.slice(0, 17), tier: 2 })}`)).body).toMatchObject({ matched: 'chosen', tier: 2 })
    expect((await minato.get(`/watchlist/${await add({ name: 'Hanoi Parts', country: 'vn', group: '部品' })}`)).body).toMatchObject({ name: 'Hanoi Parts', standing: 'none', holder: null, country: 'VN', certificates: [], changes: [] })
  })

  it.each([[{}, 422], [{ number: 'ISO' }, 400], [{ number: 'RE-JP-2031-000001-1-X' }, 400], [{ holder: 'RE-JP-2031-000001' }, 404], [{ name: 'x', country: '日本' }, 422], [{ name: 'x', tier: 12 }, 422]])('%j is refused and changes nothing', async (body, status) => {
    const before = (await sql`select count(*)::int as n from suppliers`)[0]?.n
    expect([(await minato.post('/watchlist', body)).status, (await sql`select count(*)::int as n from suppliers`)[0]?.n]).toEqual([status, before])
  })

  it('are found on the register by name, number, slip and corporate number, with what is watched already', async () => {
    const search = async (q: string) => (await minato.get(`/watchlist/add?q=${encodeURIComponent(q)}`)).body
    expect((await search('山田')).rows).toEqual([{ holder, number, nameJa: '山田プレス工業株式会社', prefecture: '神奈川県', standing: 'certified', watched: true }])
    expect(await search(number.replace('2026', '2062'))).toMatchObject({ fault: 'number_mistyped', rows: [{ holder }] })
    expect([(await search('4012301000013')).rows.length, (await search('高橋')).rows.length, (await search('%')).rows]).toEqual([1, 8, []])
  })

  it('are edited, linked, and taken off with the way back', async () => {
    const id = await add({ name: '山本製作所' })
    const form = { name: '山本製作所（本社）', prefecture: '岐阜県', country: 'JP', tier: '3', group: '鋳造', wantedLevel: 'T3', wantedBy: '2026-10-31', version: '0' }
    expect((await minato.post(`/watchlist/${id}`, form)).status).toBe(201)
    expect([(await minato.post(`/watchlist/${id}`, form)).body.code, (await minato.post(`/watchlist/${id}`, { ...form, wantedBy: '', version: '1' })).status]).toEqual(['stale', 422])
    expect((await minato.get(`/watchlist/${id}`)).body).toMatchObject({ tier: 3, group: '鋳造', gap: true })
    expect((await minato.post(`/watchlist/${id}/link`, { holder: more[1]?.slice(0, 17) })).status).toBe(201)
    expect((await minato.get(`/watchlist/${id}`)).body).toMatchObject({ gap: false, matched: 'chosen' })
    expect((await minato.post(`/watchlist/${id}/removal`)).status).toBe(201)
    expect((await minato.page(`/watchlist/${id}`)).text).toContain('もう一度加える')
    expect([(await minato.post(`/watchlist/${id}/removal`)).status, (await minato.post(`/watchlist/${id}`, { ...form, version: '3' })).status]).toEqual([404, 404])
    expect((await minato.post('/watchlist', { holder: more[1]?.slice(0, 17) })).status).toBe(201)
  })

  it('are filtered, counted, and changed together', async () => {
    await suspend(more[0])
    const found = async (query: string) => (await minato.get(`/watchlist?${query}`)).body.suppliers.map((one: { name: string }) => one.name)
    expect([await found('standing=suspended'), await found('standing=none'), await found('country=VN'), await found(`q=${encodeURIComponent('ﾔﾏﾀﾞ')}`), await found(`q=${encodeURIComponent('山田')}`), await found('q=%25')]).toEqual([['髙橋プレス㈱'], ['Hanoi Parts'], ['Hanoi Parts'], [], ['山田プレス工業株式会社'], []])
    expect((await minato.post('/watchlist/batch?standing=none', { wantedLevel: 'T3', wantedBy: '2026-06-30' })).body).toEqual({ changed: 1 })
    expect([await found('gap=open'), (await minato.post('/watchlist/batch', {})).body.code]).toEqual([['Hanoi Parts'], 'nothing_to_change'])
  })

  it('answer plainly whatever stands in the address', async () => {
    const forged = Buffer.from(JSON.stringify(['x', '-'.repeat(36)])).toString('base64url')
    for (const query of ['?group=%00', '?prefecture=%00', '?country=%00', `?after=${forged}`, '.csv?group=%00']) expect([query, (await minato.get(`/watchlist${query}`)).status]).toEqual([query, 200])
  })

  it('page on behind a name of a hundred kanji', async () => {
    const hoshi = as('hoshi'), name = (nth: number) => `${'髙'.repeat(100)}${String(nth).padStart(3, '0')}`
    const { body: { id } } = await hoshi.post('/lists', { rows: Array.from({ length: 120 }, (_, nth) => ({ name: name(nth) })) })
    await runJobs()
    await hoshi.post(`/lists/${id}/adoption`, { unknown: 'yes' })
    const seen: string[] = []
    for (let url: string | null = '/watchlist'; url && seen.length < 500;) {
      const { suppliers, next }: { suppliers: { name: string }[]; next: string | null } = (await hoshi.get(url)).body
      seen.push(...suppliers.map(one => one.name))
      url = next
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, nth) => name(nth)))
    await hoshi.post(`/lists/${id}/undoing`)
  })

  it('cost the same statements for three as for three thousand, page by page without a gap', { timeout: 60_000 }, async () => {
    const few = await countQueries(world, () => minato.get('/watchlist'))
    await sql`insert into suppliers (id, buyer_id, name, added_by) select gen_random_uuid(), m.buyer_id, '会社' || lpad(n::text, 4, '0'), m.person_id from buyer_members m, generate_series(1, 2996) n where m.person_id = ${idOf('minato')}`
    let begun = performance.now()
    const many = await countQueries(world, () => minato.get('/watchlist'))
    begun = performance.now() - begun
    const seen: string[] = []
    for (let url: string | null = '/watchlist?tier=1'; url && seen.length < 400;) {
      const { body }: { body: { suppliers: { id: string }[]; next: string | null } } = await minato.get(url)
      seen.push(...body.suppliers.map(({ id }) => id))
      url = body.next
    }
    expect([few === many, seen.length, new Set(seen).size, begun < 3000]).toEqual([true, 400, 400, true])
    const { body } = await minato.get('/watchlist')
    expect([body.all, body.portfolio.standings.find((row: { standing: string }) => row.standing === 'none').suppliers, body.portfolio.changes[0]]).toEqual([3000, 2997, expect.objectContaining({ change: 'suspended', standing: 'suspended', before: 'certified' })])
    await sql`update suppliers set removed_at = now() where name like '会社%'`
  })

  it('are exported as CSV for Excel, as a sheet and as JSON', async () => {
    await add({ name: '=cmd|calc' })
    const csv = await minato.get('/watchlist.csv'), json = (await minato.get('/watchlist.json?standing=suspended')).body
    expect([csv.text.charCodeAt(0), csv.text.includes("'=cmd|calc"), json.suppliers.map((one: { number: string }) => one.number), (await minato.get('/watchlist.xlsx')).text.slice(0, 2)]).toEqual([0xFEFF, true, [more[0]], 'PK'])
  })

  it('are nobody else’s to see or to change', async () => {
    const [row] = await sql`select id from suppliers where holder = ${holder} and removed_at is null`
    for (const path of ['', '/link', '/removal']) expect([path, (await as('hoshi').post(`/watchlist/${row?.id}${path}`, { name: 'x', country: 'JP', tier: 1, version: 0, holder })).status]).toEqual([path, 404])
    expect([(await as('hoshi').get(`/watchlist/${row?.id}`)).status, (await as('yamada').get('/watchlist')).status, (await anybody.get('/watchlist.csv')).status, (await as('hoshi').get('/watchlist')).body.all]).toEqual([404, 403, 401, 0])
    expect([...await sql`select 1 from journal where operation like 'watchlist.%' and (employer_id is not null or application_id is not null)`]).toEqual([])
  })
})

describe('a buyer’s company', () => {
  it('is founded by whoever belongs to nobody, and by staff never', async () => {
    const [person] = await sql`insert into people (id, email, name) values (gen_random_uuid(), 'new@buyer.example', '新任') returning id`
    const entered = await anybody.post(`/sign-in/as/${person?.id}`)
    const cookie = String([entered.headers['set-cookie']].flat().find(one => String(one).startsWith('akashi_session'))).split(';')[0] ?? ''
    const post = (url: string, body: object) => theatre.app.inject({ method: 'POST', url, payload: body, headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'application/json', cookie } })
    expect((await post('/buyer/new', { nameJa: '', nameEn: 'x' })).statusCode).toBe(422)
    expect((await post('/buyer/new', { nameJa: '新物産', nameEn: 'Shin Bussan', corporateNumber: '' })).statusCode).toBe(201)
    expect((await theatre.app.inject({ url: '/buyer', headers: { accept: 'application/json', cookie } })).json()).toMatchObject({ nameJa: '新物産', code: expect.stringMatching(/^B-[0-9A-Z]{4}-[0-9A-Z]{4}$/), members: [{ email: 'new@buyer.example', me: true }] })
    await expect(sql`insert into buyer_members (person_id, buyer_id) select ${idOf('tanaka')}, buyer_id from buyer_members limit 1`).rejects.toMatchObject({ constraint_name: 'staff_belong_to_no_buyer' })
    await expect(sql`update people set staff_roles = '{assessor}' where id = ${idOf('minato')}`).rejects.toMatchObject({ constraint_name: 'staff_belong_to_no_buyer' })
  })

  it('tells each member in the way they chose', async () => {
    expect([(await minato.post('/buyer/alerts', { alerts: 'daily' })).status, (await minato.get('/buyer')).body.alerts, (await minato.post('/buyer/alerts', { alerts: 'sometimes' })).status]).toEqual([201, 'daily', 422])
  })
})

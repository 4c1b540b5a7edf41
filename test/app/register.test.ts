import { describe, expect, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { columns } from '../../server/register/columns.ts'
import { turnDay } from '../../server/register/turn-day.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, app, clock, world } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const other = await issued({ nameJa: '=HYPERLINK("http://evil.example")' })
const at = (path: string) => encodeURI(path)
const found = async (query: string) => (await anybody.get(at(`/register?${query}`))).body.rows.map((row: { number: string }) => row.number)

describe('the directory', () => {
  it.each(['q=山田', 'q=山', 'q=プレス', 'q=ﾌﾟﾚｽ', 'q=ﾌﾟ', 'q=ぷれす', 'q=yamada press', 'q=ＹＡＭＡＤＡ', 'q=ヤマダ', 'q=工業 山田', `q=${number}`, `q=${number.replaceAll('-', '').toLowerCase()}`, 'q=4012301000013', 'q=４０１２３０１００００１３', 'q=山田&prefecture=神奈川県', 'industry=fabricated_metal', 'standing=certified&q=山田', 'standard=RE 0.1.0-draft&q=山田'])('finds by %s', async query => {
    const numbers = await found(query)
    expect(numbers).toContain(number)
    if (/q=/.test(query)) expect(numbers).toEqual([number])
  })

  it.each(['q=山口', 'q=山田&prefecture=大阪府', 'q=%25', 'q=_', 'q=山_', 'prefecture=nowhere', 'standing=suspended', 'standing=nonsense', 'standard=XX 9', `q=${'山'.repeat(200)}`])('finds nothing by %s, and says what to do', async query => {
    const { status, body } = await anybody.get(`/register?${query.includes('%') ? query : at(query)}`)
    expect([status, body.rows]).toEqual([200, []])
    expect((await anybody.page(`/register?${query.includes('%') ? query : at(query)}`)).text).toContain('見つかりませんでした')
  })

  it.each(['after=x', 'after=W10', `after=${Buffer.from('["a"]').toString('base64url')}`, `q=${'x'.repeat(10_000)}`, 'q=a&q=b', 'after=a&after=b', 'lang=xx', 'q=%00', 'prefecture=%00', 'industry=%00', 'standard=%00', 'q=%00山'.slice(0, 5)])('is not upset by %s', async query => expect((await anybody.get(`/register?${query}`)).status).toBe(200))

  it('is the same for everybody, may be cached, and answers 304', async () => {
    const one = await theatre.as('minato').get('/register'), two = await anybody.get('/register')
    expect([one.text === two.text, two.headers['cache-control'], two.headers['set-cookie']]).toEqual([true, 'public, max-age=30', undefined])
    expect((await app.inject({ url: '/register', headers: { accept: 'application/json', 'if-none-match': String(two.headers.etag) } })).statusCode).toBe(304)
  })

  it('shows who is suspended, why and since when; and keeps those that ended', async () => {
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, 'suspended', '2026-11-24', 'overdue', 'clock' from certificates where number = ${number}`
    expect((await anybody.get(at('/register?q=山田'))).body.rows[0]).toMatchObject({ standing: 'suspended', since: '2026-11-24', reasonClass: 'overdue' })
    const page = await anybody.page(at('/register?q=山田'))
    for (const words of ['効力停止中', '2026年11月24日から', '期限までに必要な手続きが行われなかったため']) expect(page.text).toContain(words)
    expect(await found('standing=suspended')).toEqual([number])
    expect((await anybody.get('/register')).body.totals).toEqual([{ standing: 'certified', certificates: 1 }, { standing: 'suspended', certificates: 1 }])
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor) select gen_random_uuid(), id, 'reinstated', '2026-11-24', 'clock' from certificates where number = ${number}`
  })

  it('says expired from the day after, before and after the job of the new day; and expiry is told once', async () => {
    const today = clock.now
    clock.now = new Date('2029-11-24T15:30:00Z') // past midnight in Japan
    const ask = async () => [(await anybody.get(at('/register?q=山田'))).body.rows[0], await found('standing=expired&q=山田'), await found('standing=certified&q=山田')]
    const before = await ask()
    expect(before).toMatchObject([{ standing: 'expired', since: '2029-11-24', reasonClass: null }, [number], []])
    await Promise.all([turnDay(world), turnDay(world)])
    expect(await ask()).toEqual(before)
    expect([...await sql`select change, standing, standing_before as before from register_changes where change = 'expired' and number = ${number}`]).toEqual([{ change: 'expired', standing: 'expired', before: 'certified' }])
    clock.now = today
  })
})

describe('page after page', () => {
  it('leads back to the first with everything that was asked', async () =>
    expect((await anybody.get('/register?q=R%26D%20%2B%E5%B1%B1&lang=en&after=x')).body.start).toBe('/register?q=R%26D+%2B%E5%B1%B1&lang=en'))

  it('shows every certificate once, in the order of readings, with a fixed number of statements', { timeout: 60_000 }, async () => {
    const issuedOn = '2026-11-24'
    await fillRegister(sql, 130, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 36), -1) }), { fromSerial: 100 })
    const seen: string[] = []
    const costs = new Set<number>()
    for (let url: string | null = '/register'; url;) {
      const here: string = url
      let body: { rows: { number: string }[]; next: string | null } = { rows: [], next: null }
      costs.add(await countQueries(world, async () => { body = (await anybody.get(here)).body }))
      seen.push(...body.rows.map(row => row.number))
      url = body.next
    }
    expect([seen.length, new Set(seen).size, costs.size <= 2, Math.max(...costs) <= 5]).toEqual([132, 132, true, true])
    const many = (await anybody.get('/register?standing=certified')).body
    expect([many.found, many.more, many.rows.length]).toEqual([130, false, 50])
  })
})

describe('open data', () => {
  it('is one table: the files have exactly the columns that the dictionary tells of', async () => {
    const { body: dictionary } = await anybody.get('/register/dictionary')
    const csv = await anybody.get('/register.csv'), json = (await anybody.get('/register.json')).body
    const [head, ...lines] = csv.text.replace('\uFEFF', '').trimEnd().split('\r\n')
    const names = dictionary.columns.map(({ name }: { name: string }) => name)
    expect([names, Object.keys(json.certificates[0])]).toEqual([columns.map(({ name }) => name), names])
    expect([head, lines.length, json.certificates.length]).toEqual([names.join(','), 132, 132])
    expect([csv.text.charCodeAt(0), csv.headers['content-type'], String(csv.headers['content-disposition'])]).toEqual([0xFEFF, 'text/csv; charset=utf-8', expect.stringContaining('attachment')])
  })

  it('lets no name run as a formula', async () => {
    const { text } = await anybody.get('/register.csv')
    expect([text.includes(`"'=HYPERLINK(""http://evil.example"")"`), /(^|,)"?=HYPERLINK/m.test(text)]).toEqual([true, false])
    expect(other.number).toMatch(/^RE-JP-/)
  })

  it('tells search engines of every certificate', async () => {
    expect((await anybody.get('/sitemap.xml')).text.match(/<loc>/g)?.length).toBe(2)
    const part = await anybody.get('/sitemap-1.xml')
    expect([part.text.includes(`/c/${number}</loc>`), part.text.match(/<loc>/g)?.length, (await anybody.get('/sitemap-2.xml')).status, (await anybody.get('/sitemap-x.xml')).status, (await anybody.get('/robots.txt')).text.includes('/sitemap.xml')]).toEqual([true, 132, 404, 404, true])
  })

  it('of an empty register is empty, and says so', async () => {
    const empty = await stage()
    expect([(await empty.anybody.get('/register.json')).body.certificates, (await empty.anybody.get('/register.csv')).text.trimEnd().split('\r\n').length]).toEqual([[], 1])
    expect((await empty.anybody.page('/register')).text).toContain('まだ証書は発行されていません')
    expect(db).toBeDefined()
  })
})

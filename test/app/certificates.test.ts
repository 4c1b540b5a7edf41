import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { publicLocales } from '../../server/http/locale.ts'
import { anyHistory } from '../support/any-history.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { origin, stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, anybody, clock, cookieOf, world } = theatre
const { db, sql } = world.database
const { issued, awaiting, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada'), exclusions: '構内の請負会社' })
const today = clock.now
await anyHistory(sql)

const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test', ...headers } })
const page = (url: string, headers: Record<string, string> = {}) => ask(url, { accept: 'text/html', ...headers })
const on = (day: string) => { clock.now = new Date(`${day}T03:00:00Z`) }
async function happens(number: string, ...events: { event: (typeof certificateEvents.$inferInsert)['event']; happenedOn: string; reasonClass?: string }[]) {
  const [row] = await sql`select id from certificates where number = ${number}`
  for (const event of events) await db.insert(certificateEvents).values({ ...event, certificateId: row?.id, actor: 'clock' })
}

describe('looking a number up', () => {
  it.each([['as printed', number], ['in lower case', number.toLowerCase()], ['without hyphens', number.replaceAll('-', '')], ['with spaces', ` ${number.replaceAll('-', ' ')} `],
    ['full-width', number.replace(/[!-~]/g, half => String.fromCharCode(half.charCodeAt(0) + 0xFEE0))]])('leads to the certificate when typed %s', async (_, typed) => {
    const reply = await page(`/c?number=${encodeURIComponent(typed)}`)
    expect([reply.statusCode, reply.headers.location]).toEqual([303, `/c/${number}`])
  })

  it('tells a slip of the finger from an unknown number and from no number at all', async () => {
    const slip = number.replace(/.(?=-\d-.$)/, digit => String((Number(digit) + 1) % 10))
    const codes = []
    for (const typed of [slip, 'RE-JP-2031-000001-1-X', 'ISO9001-4711', '<script>alert(1)</script>', '\u0000']) codes.push((await anybody.get(`/c/${encodeURIComponent(typed)}`)))
    expect(codes.map(({ status, body }) => [status, body.code])).toEqual([[400, 'number_mistyped'], [400, 'number_mistyped'], [400, 'number_malformed'], [400, 'number_malformed'], [400, 'number_malformed']])
    expect(codes[0]?.body.near).toEqual([{ number, holderJa: '山田プレス工業株式会社', holderLatin: 'Yamada Press Industries Co., Ltd.' }])
  })

  it('answers 404 for a well-formed number that was never issued, with the possible causes', async () => {
    const never = makeNumber({ year: 2031, serial: 77, cycle: 1 })
    const reply = await page(`/c/${never}`)
    expect([reply.statusCode, reply.body.includes('登録簿にありません'), reply.body.includes('審査中の会社は、ここには載りません'), (await anybody.get(`/c/${never}`)).body.code]).toEqual([404, true, true, 'number_unknown'])
  })

  it('keeps what was typed, offers what is near, and escapes it', async () => {
    const reply = await page(`/c?number=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`)
    expect([reply.statusCode, reply.body.includes('<img src=x'), reply.body.includes('&lt;img src&#x3D;x')]).toEqual([400, false, true])
    const slip = number.slice(0, -1) + (number.endsWith('0') ? '1' : '0')
    expect((await page(`/c?number=${slip}&lang=en`)).body).toContain(`href="/c/${number}?lang=en"`)
  })

  it('shows the empty form when nothing was typed', async () => {
    expect([(await page('/c')).statusCode, (await page('/c?number=')).statusCode, (await page('/c?number=a&number=b')).statusCode]).toEqual([200, 200, 200])
  })
})

describe('the public record', () => {
  it('says in words first what it is worth, and carries what a certificate must show', async () => {
    const { body } = await page(`/c/${number}`)
    const main = body.slice(body.indexOf('<main'))
    for (const fact of ['有効', '山田プレス工業株式会社', 'Yamada Press Industries Co., Ltd.', '4012301000013', '神奈川県厚木市見本1-2-3', '第一寮', '金属製品製造業', '技能実習、特定技能1号', '11–50人（うち外国人 1–10人）',
      '構内の請負会社', '2029年11月23日', '2026年11月20日', '佐藤社会保険労務士事務所', '賃金と控除', 'この証書が言っていないこと', 'これは見本です']) expect(main).toContain(fact)
    expect(main.indexOf('有効')).toBeLessThan(main.indexOf('山田プレス工業株式会社'))
  })

  it('tells programs and people the same', async () => {
    const { body: record } = await anybody.get(`/c/${number}`)
    const { body } = await page(`/c/${number}`)
    expect(record).toMatchObject({
      number, standing: 'certified', since: '2026-11-24', issuedOn: '2026-11-24', expiresOn: '2029-11-23', url: `${origin}/c/${number}`, pdfUrl: `${origin}/c/${number}/certificate.pdf`,
      history: [{ event: 'issued', on: '2026-11-24', reasonClass: null }], sample: true,
    })
    for (const fact of [record.number, record.sha256, record.holder.corporateNumber, record.assessor.nameJa, record.standard.version, ...record.sites.map((site: { nameJa: string }) => site.nameJa),
      ...record.scorecard.map((line: { titleJa: string }) => line.titleJa)]) expect(body).toContain(fact)
  })

  it('says nothing of workers, drafts, people or places in storage', async () => {
    const { text } = await anybody.get(`/c/${number}`)
    const [row] = await sql`select f.document_key, c.status_index, c.id, d.reasons, d.decided_by, a.scope from certificates c join certificate_files f on f.certificate_id = c.id join decisions d using (application_id) join applications a on a.id = c.application_id where c.number = ${number}`
    expect(row?.scope.populations).toContainEqual({ nationality: 'VN', residenceStatus: 'technical_intern', people: 3 })
    for (const secret of [row?.document_key, row?.id, row?.reasons, row?.decided_by, '"VN"', 'ベトナム', 'populations', '寮の門限の話', '田中 明', '佐藤 誠', 'statusIndex', 'ヤマダプレス']) expect(text).not.toContain(secret)
    expect((await page(`/c/${number}`)).body).not.toContain('ベトナム')
    await awaiting({ nameJa: '未決株式会社' })
    expect((await sql`select count(*)::int as certificates from public_certificates where statement::text like '%未決%'`)[0]).toEqual({ certificates: 0 })
  })

  it.each<[string, Parameters<typeof happens>[1][], string, Record<string, unknown>, string]>([
    ['suspended', [{ event: 'suspended', happenedOn: '2027-02-01', reasonClass: 'overdue' }], '2027-02-02', { standing: 'suspended', since: '2027-02-01', reasonClass: 'overdue' }, '効力停止中'],
    ['reinstated', [{ event: 'suspended', happenedOn: '2027-02-01' }, { event: 'reinstated', happenedOn: '2027-03-01' }], '2027-03-02', { standing: 'certified', since: '2027-03-01', reasonClass: null }, '有効'],
    ['reduced', [{ event: 'scope_reduced', happenedOn: '2027-02-01', reasonClass: 'own_request' }], '2027-02-02', { standing: 'scope_reduced', since: '2027-02-01', reasonClass: 'own_request' }, '範囲を縮小'],
    ['withdrawn for a reason that has no word', [{ event: 'withdrawn', happenedOn: '2027-02-01', reasonClass: 'secret_details' }], '2030-02-02', { standing: 'withdrawn', since: '2027-02-01', reasonClass: 'other' }, '取り消されました'],
    ['surrendered', [{ event: 'surrendered', happenedOn: '2027-02-01' }], '2027-02-01', { standing: 'surrendered', since: '2027-02-01' }, '返上しました'],
    ['replaced', [{ event: 'replaced', happenedOn: '2027-02-01' }], '2027-02-01', { standing: 'replaced', since: '2027-02-01' }, '新しい証書に替わりました'],
    ['transferred', [{ event: 'transferred', happenedOn: '2027-02-01' }], '2027-02-01', { standing: 'transferred', since: '2027-02-01' }, '移りました'],
    ['on its last day', [], '2029-11-23', { standing: 'certified' }, '有効'],
    ['expired', [], '2029-11-24', { standing: 'expired', since: '2029-11-24', reasonClass: null }, '期限が切れています'],
  ])('shows a certificate that is %s', async (_, events, day, expected, words) => {
    const one = await issued()
    await happens(one.number, ...events)
    on(day)
    const [record, shown] = [(await anybody.get(`/c/${one.number}`)).body, await page(`/c/${one.number}`)]
    clock.now = today
    expect(record).toMatchObject(expected)
    expect([shown.statusCode, shown.body.includes(words), shown.body.includes('secret_details')]).toEqual([200, true, false])
    expect(record.history.length).toBe(events.length + (expected.standing === 'expired' ? 2 : 1))
  })
})

describe('the public page', () => {
  it.each(publicLocales)('comes in %s with its stylesheet in 14 KB and three requests; its one script only adds', async lang => {
    for (const asked of ['', '&on=2026-11-24']) {
      const { body } = await page(`/c/${number}?lang=${lang}${asked}`)
      const assets = [...new Set([...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url = '']) => url))]
      const css = await Promise.all(assets.filter(url => url.includes('.css')).map(async url => (await ask(url)).rawPayload))
      const sent = [Buffer.from(body), ...css].reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)
      expect([sent <= 14 * 1024, css.length, assets.length <= 3]).toEqual([true, 1, true])
      expect([...body.matchAll(/<script[^>]*>/g)].map(([tag]) => tag).filter(tag => !/^<script type="module" src="\/assets\/check\.\w+\.js">$/.test(tag))).toEqual([])
    }
  })

  it('is the same for everybody: no cookie is read or set, and caches may keep it for half a minute', async () => {
    const stranger = await page(`/c/${number}?lang=en`)
    const member = await page(`/c/${number}?lang=en`, { cookie: `${cookieOf('yamada')}; lang=ja; flash=decisions.certify_done` })
    expect([member.body, member.headers['set-cookie'], stranger.headers['set-cookie']]).toEqual([stranger.body, undefined, undefined])
    expect([stranger.headers['cache-control'], stranger.headers.vary]).toEqual(['public, max-age=30', 'accept, accept-language'])
    expect([(await page(`/c/${number}`, { 'accept-language': 'en-GB' })).body.includes('<html lang="en"'), (await page(`/c/${number}`, { cookie: 'lang=en' })).body.includes('<html lang="ja"')]).toEqual([true, true])
  })

  it('answers 304 to whoever has it, and 200 again once it is suspended', async () => {
    const one = await issued()
    const { headers: { etag } } = await page(`/c/${one.number}`)
    const again = await page(`/c/${one.number}`, { 'if-none-match': String(etag) })
    const asJson = await ask(`/c/${one.number}`, { accept: 'application/json', 'if-none-match': String(etag) })
    await happens(one.number, { event: 'suspended', happenedOn: '2026-11-24', reasonClass: 'overdue' })
    expect([again.statusCode, again.body, asJson.statusCode]).toEqual([304, '', 200])
    await vi.waitFor(async () => expect((await page(`/c/${one.number}`, { 'if-none-match': String(etag) })).statusCode).toBe(200), 2_000) // Postgres tells the page cache
  })

  it('asks for patience after 600 questions a minute from one address, and nobody else waits', async () => {
    const from = (remoteAddress: string) => app.inject({ method: 'GET', url: `/c/${number}?on=2026-11-24&nothing-kept=1`, remoteAddress, headers: { host: 'akashi.test' } })
    let last = await from('203.0.113.9')
    for (let asked = 1; asked <= 600; asked++) last = await from('203.0.113.9')
    expect([last.statusCode, Number(last.headers['retry-after']) > 0, (await from('203.0.113.10')).statusCode]).toEqual([429, true, 200])
  })
})

describe('the file', () => {
  it('comes as it is on the register, in parts if asked, and not twice', async () => {
    const { body: { sha256, size } } = await anybody.get(`/c/${number}`)
    const whole = await ask(`/c/${number}/certificate.pdf`)
    expect([whole.statusCode, whole.headers['content-type'], whole.headers['content-disposition'], createHash('sha256').update(whole.rawPayload).digest('hex')])
      .toEqual([200, 'application/pdf', `inline; filename="${number}.pdf"; filename*=UTF-8''${number}.pdf`, sha256])
    const part = await ask(`/c/${number}/certificate.pdf`, { range: 'bytes=0-4' })
    expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([206, '%PDF-', `bytes 0-4/${size}`])
    expect((await ask(`/c/${number}/certificate.pdf`, { 'if-none-match': `"${sha256}"` })).statusCode).toBe(304)
    expect((await ask(`/c/${number}/certificate.pdf`, { range: `bytes=${size}-` })).statusCode).toBe(416)
    expect((await ask('/c/RE-JP-2031-000077-1-Z/certificate.pdf')).statusCode).toBe(404)
  })
})

describe('the keys', () => {
  it('are there for everybody who wants to check by other means', async () => {
    const { body: { keys: [key] } } = await anybody.get('/keys.json')
    const root = await ask('/keys/root.der')
    expect([key.keyId, key.development, key.rootFingerprintSha256, root.headers['content-type']]).toEqual([world.signer.keyId, true, createHash('sha256').update(root.rawPayload).digest('hex'), 'application/pkix-cert'])
    expect((await as('yamada').get(`/c/${number}`)).body.keyId).toBe(key.keyId)
  })
})

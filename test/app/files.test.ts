import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { sealEdition, tellOf } from '../../server/certificates/edition.ts'
import { within } from '../../server/adapters/database.ts'
import { publicLocales } from '../../server/http/locale.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { origin, stage } from '../support/world.ts'

const theatre = await stage()
const { app, anybody, world, clock } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const { number: odd } = await issued({ nameJa: '</script><script>alert(1)</script>' })
const first = await hashOf(`/c/${number}/certificate.pdf`)

async function hashOf(url: string) {
  return createHash('sha256').update((await app.inject(url)).rawPayload).digest('hex')
}

async function happens(event: (typeof certificateEvents.$inferInsert)['event'], happenedOn: string, reasonClass: string | null = null) {
  const [row] = await sql`select id from certificates where number = ${number}`
  await db.insert(certificateEvents).values({ certificateId: row?.id, event, happenedOn, reasonClass, actor: 'clock' })
}

const record = {
  number, edition: 1, currentEdition: 1, replacedOn: null, standing: 'certified', since: '2026-11-24', reasonClass: null, expiresOn: '2029-11-23', asOf: '2026-11-24',
  holder: { nameJa: '山田プレス工業株式会社', nameLatin: 'Yamada Press Industries Co., Ltd.' }, sha256: first, size: expect.any(Number), url: `${origin}/c/${number}`,
}

describe('asking for a file by its hash', () => {
  it('says whose it is and what it is worth today, and nothing else', async () => {
    const reply = await anybody.get(`/c/files/${first}`)
    expect([reply.status, reply.body]).toEqual([200, record])
    expect(reply.headers).toMatchObject({ 'cache-control': 'public, max-age=30', 'content-type': 'application/json; charset=utf-8' })
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect((await anybody.get(`/c/files/${first.toUpperCase()}`)).body).toEqual(record)
  })

  it('tells those who hold it already that nothing changed', async () => {
    const { headers } = await anybody.get(`/c/files/${first}`)
    expect((await app.inject({ url: `/c/files/${first}`, headers: { 'if-none-match': String(headers.etag) } })).statusCode).toBe(304)
  })

  it('answers 404 with a problem for a file that is not ours, and for what is no hash', async () => {
    const answers = await Promise.all(['0'.repeat(64), first.slice(1), 'x'.repeat(64), `${first}%00`, '..%2f..', number].map(asked => anybody.get(`/c/files/${asked}`)))
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(6).fill([404, 'not_found']))
    expect(answers[0]?.headers['content-type']).toBe('application/problem+json')
  })

  it('does not know a file that was drawn and sealed, but never published', async () => {
    const [row] = await db.select().from(certificates).where(eq(certificates.number, number))
    if (!row) throw new Error('no certificate')
    const drawn = await sealEdition(world, row, { ...row.statement, edition: 9 })
    expect((await anybody.get(`/c/files/${drawn.sha256}`)).status).toBe(404)
  })

  it('says since when it is suspended, and why in general words', async () => {
    await happens('suspended', '2026-11-24', 'overdue')
    expect((await anybody.get(`/c/files/${first}`)).body).toEqual({ ...record, standing: 'suspended', reasonClass: 'overdue' })
    await happens('reinstated', '2026-11-24')
  })

  it('knows an older edition for ever, and says when it was replaced', async () => {
    const [row] = await db.select().from(certificates).where(eq(certificates.number, number))
    if (!row) throw new Error('no certificate')
    clock.now = new Date('2027-02-01T03:00:00Z')
    const file = await sealEdition(world, row, { ...row.statement, edition: 2 })
    await within(db, tx => tellOf(tx, file, { event: 'reissued', on: '2027-02-01', actor: 'operator' }))
    const newer = await hashOf(`/c/${number}/certificate.pdf`)
    expect(newer).not.toBe(first)
    expect((await anybody.get(`/c/files/${newer}`)).body).toEqual({ ...record, edition: 2, currentEdition: 2, asOf: '2027-02-01', sha256: newer })
    expect((await anybody.get(`/c/files/${first}`)).body).toEqual({ ...record, currentEdition: 2, replacedOn: '2027-02-01', asOf: '2027-02-01' })
  })
})

describe('the page to keep', () => {
  it('comes as a file with everything inside, names its own script and style, and knows every edition', async () => {
    const reply = await app.inject({ url: `/c/${number}/offline.html?lang=en` })
    expect([reply.statusCode, reply.headers['content-disposition'], reply.headers['set-cookie']]).toEqual([200, expect.stringContaining(`attachment; filename="${number}.html"`), undefined])
    const policy = String(reply.headers['content-security-policy'])
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const [, style] = /<style>(.*?)<\/style>/s.exec(reply.body) ?? [], [, script] = /<script>(.*?)<\/script>/s.exec(reply.body) ?? []
    expect(policy).toBe(`default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`)
    expect(reply.body.replaceAll('&#x27;', '\'').replaceAll('&#x3D;', '=')).toContain(policy)
    expect(reply.body).not.toMatch(/(src|href)="(?!http:\/\/akashi\.test\/c\/)[^"]*"/)
    const { files, root } = JSON.parse(/<script type="application\/json" id="kept">(.*?)<\/script>/s.exec(reply.body)?.[1] ?? '')
    expect(files.map((file: { edition: number }) => file.edition)).toEqual([2, 1])
    expect(Buffer.from(root, 'base64').equals(world.signer.root)).toBe(true)
    expect(reply.body).toContain(world.credentialKey.publicJwk.x)
  })

  it('carries no name out of its script', async () => {
    const { body } = await app.inject({ url: `/c/${odd}/offline.html` })
    expect(body.match(/<script/g)).toHaveLength(2)
    expect(body).not.toContain('<script>alert')
  })

  it('stays small in every language', async () => {
    const sizes = await Promise.all(publicLocales.map(async lang => [lang, (await app.inject({ url: `/c/${number}/offline.html?lang=${lang}` })).rawPayload.length] as const))
    expect(sizes.filter(([lang, size]) => size > (lang === 'ja' || lang === 'en' ? 40 : 56) * 1024)).toEqual([]) // readings and other scripts take more bytes
  })

  it('exists for certificates only', async () => {
    expect((await Promise.all(['RE-JP-2031-000077-1-0', 'nothing', '%00'].map(asked => anybody.get(`/c/${asked}/offline.html`)))).map(({ status }) => status)).toEqual([404, 404, 404])
  })
})

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { conformityCredential } from '../../server/credentials/conformity.ts'
import { publishStatus } from '../../server/credentials/status-list.ts'
import { checkCredential } from '../../server/proof/credential.ts'
import { readStatus, statusPlaces } from '../../server/proof/status.ts'
import { anyHistory } from '../support/any-history.ts'
import { certificateSample, crowdedSample } from '../support/certificate-sample.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world, clock, runJobs } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
await anyHistory(sql)
const { number } = await issued({ employerId: await employerOf('yamada'), exclusions: '構内の請負会社' })

const did = 'did:web:akashi.test'
const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test', ...headers } })
const document = async () => JSON.parse((await ask('/.well-known/did.json')).body)
const credential = async () => (await ask(`/c/${number}/certificate.vc.jwt`)).body
const says = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'))
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const passed = { form: 'passed', issuer: 'passed', key: 'passed', signature: 'passed', dates: 'passed' }
const [row = { id: '', place: -1 }] = await sql<{ id: string; place: number }[]>`select id, status_index as place from certificates where number = ${number}`
const happens = async (event: (typeof certificateEvents.$inferInsert)['event'], happenedOn: string) => {
  await db.insert(certificateEvents).values({ certificateId: row.id, event, happenedOn, actor: 'clock' })
  await runJobs()
}
const at = () => clock.now
const [head = '', body = '', signature = ''] = (await credential()).split('.')

describe('the credential', () => {
  it('is a vc+jwt of the issuer, which jose verifies with nothing but the DID document', async () => {
    const answer = await ask(`/c/${number}/certificate.vc.jwt`)
    const { verificationMethod, assertionMethod } = await document()
    const header = decodeProtectedHeader(answer.body)
    const method = verificationMethod.find(({ id }: { id: string }) => id === header.kid)
    expect([answer.statusCode, answer.headers['content-type'], header, assertionMethod]).toEqual([200, 'application/vc+jwt', { alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: `${did}#${world.credentialKey.kid}` }, [header.kid]])
    const { payload } = await compactVerify(answer.body, await importJWK(method.publicKeyJwk as JWK), { algorithms: ['ES256'] })
    expect(JSON.parse(Buffer.from(payload).toString('utf8'))).toMatchObject({
      type: ['DigitalConformityCredential', 'VerifiableCredential'], issuer: { id: did }, validFrom: '2026-11-24T00:00:00+09:00', validUntil: '2029-11-23T14:59:59.999Z',
      credentialStatus: { statusPurpose: 'suspension', statusListIndex: row.place, statusListCredential: 'http://akashi.test/credentials/status' },
      credentialSubject: { id: `http://akashi.test/c/${number}`, conformityAssessment: [{ specifiedCondition: ['構内の請負会社'], assessmentDate: '2026-11-20' }] },
    })
  })

  it('is bound to the file, and the log to both', async () => {
    const jwt = await credential()
    const pdf = await ask(`/c/${number}/certificate.pdf`)
    const [event] = await sql`select sha256, credential_sha256, (select body::json->>'vc' from log_entries where seq = log_seq) as told from certificate_events where certificate_id = ${row.id} and event = 'issued'`
    const { says: read } = checkCredential(jwt, await document(), { at: at() })
    expect([read?.pdfSha256, event]).toEqual([sha256(pdf.rawPayload), { sha256: sha256(pdf.rawPayload), credential_sha256: sha256(jwt), told: sha256(jwt) }])
  })

  it('names nobody and says what the certificate says', async () => {
    const text = JSON.stringify(says(await credential()))
    const people = await sql<{ name: string }[]>`select name from people where name <> ''`
    expect(people.length).toBeGreaterThan(5)
    expect(people.filter(({ name }) => text.includes(name))).toEqual([])
    expect(['山田プレス工業株式会社', 'SAMPLE', 'certifies nothing'].filter(words => !text.includes(words))).toEqual([])
  })

  it('carries the latest checkpoint of the log, so that each holder is its witness', () => {
    const note = 'akashi.test/log\n7\nAAAA\n\n— akashi.test/log BBBB\n'
    const vc = conformityCredential({ statement: certificateSample(), sha256: '0'.repeat(64), statusIndex: 1, checkpoint: note, publicUrl: 'https://akashi.example.jp' })
    expect(vc.evidence).toEqual([{ type: ['https://c2sp.org/tlog-checkpoint'], name: expect.any(String), description: note }])
  })

  it('stays the same, is not sent twice, and is unknown where there is none', async () => {
    const first = await ask(`/c/${number}/certificate.vc.jwt`)
    const again = await ask(`/c/${number}/certificate.vc.jwt`, { 'if-none-match': String(first.headers.etag) })
    const statuses = await Promise.all([`${number}/certificate.vc.jwt?edition=1`, `${number}/certificate.vc.jwt?edition=2`, `${number}/certificate.vc.jwt?edition=x`, 'RE-JP-2031-000077-1-Z/certificate.vc.jwt'].map(async url => (await ask(`/c/${url}`)).statusCode))
    expect([first.headers['cache-control'], again.statusCode, statuses]).toEqual(['public, max-age=30', 304, [200, 404, 422, 404]])
  })
})

const published = path.resolve(import.meta.dirname, '../../../shared/data/untp-0.7.0/ConformityCredential.json')
describe.skipIf(!existsSync(published))(`the credential and the schema of UNTP 0.7.0${existsSync(published) ? '' : ' (skipped: no untp-0.7.0 beside this repository)'}`, () => {
  const faults = (vc: unknown) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    formats.default(ajv)
    const validate = ajv.compile(JSON.parse(readFileSync(published, 'utf8')))
    return validate(vc) ? [] : validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)
  }

  it('agree, for what was issued and for the longest that can be', async () => {
    const longest = conformityCredential({ statement: crowdedSample(), sha256: 'a'.repeat(64), statusIndex: 131_071, checkpoint: 'note', publicUrl: 'https://akashi.example.jp' })
    expect([faults(says(await credential())), faults(longest)]).toEqual([[], []])
  })

  it('disagree when it is built as the W3C words it: the schema wants one status and a number', async () => {
    const vc = says(await credential())
    expect(faults({ ...vc, credentialStatus: [vc.credentialStatus] })).toEqual(['/credentialStatus must be object'])
    expect(faults({ ...vc, credentialStatus: { ...vc.credentialStatus, statusListIndex: '7' } })).toEqual(['/credentialStatus/statusListIndex must be integer'])
    expect(faults({ ...vc, issuer: { id: did } })).not.toEqual([])
  })
})

describe('the status list', () => {
  const list = async () => (await ask('/credentials/status')).body
  const outside = async (jwt: string) => (await decodeList({ encodedList: says(jwt).credentialSubject.encodedList })).getStatus(row.place)
  const ours = async (jwt: string) => readStatus(jwt, await document(), row.place, { at: at(), id: 'http://akashi.test/credentials/status' }).suspended

  it('is built when nobody did, and decodes with a library that is not ours', async () => {
    const answer = await ask('/credentials/status')
    const { length } = await decodeList({ encodedList: says(answer.body).credentialSubject.encodedList })
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control'], length]).toEqual([200, 'application/vc+jwt', 'public, max-age=30', statusPlaces])
    expect(says(answer.body)).toMatchObject({ issuer: did, type: ['VerifiableCredential', 'BitstringStatusListCredential'], validUntil: new Date(at().getTime() + 3 * 86_400_000).toISOString() })
  })

  it('is set when a certificate is suspended, cleared when it is reinstated, set when it is withdrawn, until an upheld appeal lifts that', async () => {
    const seen = async () => { const jwt = await list(); return [await outside(jwt), await ours(jwt)] }
    const story = [await seen()]
    for (const [event, on] of [['suspended', '2026-11-24'], ['reinstated', '2026-11-24'], ['withdrawn', '2026-11-24'], ['reinstated', '2026-11-24']] as const) {
      await happens(event, on)
      story.push(await seen())
    }
    expect(story).toEqual([[false, false], [true, true], [false, false], [true, true], [false, false]])
  })

  it('waits for the day on which a suspension begins', async () => {
    const other = await issued()
    const [{ id = '', place = -1 } = {}] = await sql<{ id: string; place: number }[]>`select id, status_index as place from certificates where number = ${other.number}`
    await db.insert(certificateEvents).values({ certificateId: id, event: 'suspended', happenedOn: '2026-11-25', actor: 'clock' })
    const isSet = async () => (await decodeList({ encodedList: says(await publishStatus(world)).credentialSubject.encodedList })).getStatus(place)
    const before = await isSet()
    clock.now = new Date('2026-11-24T15:00:00Z') // midnight in Japan
    expect([before, await isSet()]).toEqual([false, true])
  })

  it('is the same bytes until something changed or six hours went by, and old ones are forgotten', async () => {
    const rows = async () => (await sql`select count(*)::int as n from status_lists`)[0]?.n
    const [first, count] = [await publishStatus(world), await rows()]
    await Promise.all([publishStatus(world), publishStatus(world), runJobs()])
    clock.now = new Date(at().getTime() + 5.9 * 3_600_000)
    expect([await publishStatus(world), await list(), await rows()]).toEqual([first, first, count])
    clock.now = new Date(at().getTime() + 0.2 * 3_600_000)
    const later = await publishStatus(world)
    expect([later === first, await list(), await rows()]).toEqual([false, later, count + 1])
    clock.now = new Date(at().getTime() + 31 * 86_400_000)
    await publishStatus(world)
    expect(await rows()).toBe(1)
  })
})

describe('whoever checks', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = decodeProtectedHeader(`${head}.${body}.${signature}`)
  const check = async (jwt: string, change: object = {}, when: Date = at()) => checkCredential(jwt, { ...await document(), ...change }, { at: when })
  const signed = async (head: object, payload: object) => {
    const input = `${encoded(head)}.${encoded(payload)}`
    return `${input}.${Buffer.from(await world.credentialKey.sign(Buffer.from(input))).toString('base64url')}`
  }

  it('believes what is ours, within its dates', async () => {
    const jwt = `${head}.${body}.${signature}`
    expect((await check(jwt)).checks).toEqual(passed)
    expect([(await check(`${jwt}\n`)).checks, (await check(jwt, {}, new Date('2029-11-23T15:00:00Z'))).checks.dates, (await check(jwt, {}, new Date('2026-11-23T14:59:59Z'))).checks.dates]).toEqual([passed, 'failed', 'failed'])
  })

  it('refuses no algorithm, another one, another form, another key, another issuer, another text', async () => {
    const vc = says(`${head}.${body}.${signature}`)
    const of = async (jwt: string) => (await check(jwt)).checks
    const unsigned = `${encoded({ ...header, alg: 'none' })}.${body}.`
    expect(await of(unsigned)).toMatchObject({ form: 'failed' })
    expect(await of(`${encoded({ ...header, alg: 'none' })}.${body}.${signature}`)).toMatchObject({ form: 'failed' })
    expect(await of(`${encoded({ ...header, alg: 'HS256' })}.${body}.${signature}`)).toMatchObject({ form: 'failed' })
    expect(await of(await signed({ ...header, typ: 'JWT' }, vc))).toMatchObject({ form: 'failed', signature: 'passed' })
    expect(await of(await signed(header, { vc }))).toMatchObject({ form: 'failed', issuer: 'failed', signature: 'passed' })
    expect(await of(await signed({ ...header, kid: `${did}#other` }, vc))).toMatchObject({ key: 'failed', signature: 'failed' })
    expect(await of(await signed({ ...header, kid: 'did:web:evil.example#k' }, { ...vc, issuer: { id: 'did:web:evil.example' } }))).toMatchObject({ issuer: 'failed', key: 'failed', signature: 'failed' })
    expect(await of(await signed({ ...header, kid: `${did}#log` }, vc))).toMatchObject({ key: 'failed' })
    expect(await of(`${head}.${encoded({ ...vc, validUntil: '2099-01-01T00:00:00Z' })}.${signature}`)).toMatchObject({ form: 'passed', key: 'passed', signature: 'failed' })
    expect((await check(`${head}.${encoded(vc)}x.${signature}`)).says).toBeNull()
  })

  it('says "could not be checked" without a DID document, and no more', () => {
    const unsure = { issuer: 'could_not_be_checked', key: 'could_not_be_checked', signature: 'could_not_be_checked' }
    for (const broken of [undefined, null, 'x', {}, [], { id: did }, { id: did, verificationMethod: 'x' }]) expect(checkCredential(`${head}.${body}.${signature}`, broken, { at: at() })).toEqual({ checks: { ...passed, ...unsure }, says: null })
    const holed = { id: did, verificationMethod: [null, 7, { id: header.kid, controller: did, publicKeyJwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }], assertionMethod: [header.kid] }
    expect(checkCredential(`${head}.${body}.${signature}`, holed, { at: at() }).checks).toMatchObject({ signature: 'failed' })
  })

  it('is not upset by any bytes', async () => {
    const junk = ['', '.', '..', 'a.b.c', '\u0000', `${head}.${head}`, `${head}.${encoded([])}.${signature}`, `${head}.${encoded(null)}.${signature}`, 'x'.repeat(5_000_000), `${'['.repeat(100_000)}`, `${head}.${Buffer.from('['.repeat(100_000)).toString('base64url')}.${signature}`, randomBytes(400).toString('latin1')]
    for (const text of junk) expect([checkCredential(text, await document()).checks.form, readStatus(text, await document(), 0).checks.form]).toEqual(['failed', 'failed'])
  })

  it('knows a place that is not on the list, another list, an old one, and a bomb', async () => {
    const jwt = await publishStatus(world)
    const list = says(jwt)
    const [of, document_] = [async (change: object, place = 0, when = at()) => readStatus(await signed(header, { ...list, ...change }), await document(), place, { at: when }), await document()]
    for (const place of [statusPlaces, -1, 1.5, Number.NaN, 2 ** 40]) expect(readStatus(jwt, document_, place, { at: at() })).toMatchObject({ checks: { list: 'passed', index: 'failed' }, suspended: null })
    expect(readStatus(jwt, document_, 0, { at: at(), id: 'http://akashi.test/credentials/other' })).toMatchObject({ checks: { list: 'failed' }, suspended: null })
    expect(readStatus(jwt, document_, 0, { at: new Date(at().getTime() + 4 * 86_400_000) })).toMatchObject({ checks: { fresh: 'could_not_be_checked' }, suspended: false, asOf: list.validFrom })
    expect(readStatus(jwt, document_, 0, { at: new Date(at().getTime() - 86_400_000) })).toMatchObject({ checks: { fresh: 'failed' }, suspended: null })
    const holding = (encodedList: string) => of({ credentialSubject: { ...list.credentialSubject, encodedList } })
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024)).toString('base64url')
    const before = process.memoryUsage().rss
    for (const encoded of [`u${bomb}`, 'u', 'H4sI', `u${gzipSync(Buffer.alloc(10)).toString('base64url')}`]) expect(await holding(encoded)).toMatchObject({ checks: { list: 'failed', index: 'could_not_be_checked' }, suspended: null })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    expect(await of({ credentialSubject: { ...list.credentialSubject, statusPurpose: 'message' } })).toMatchObject({ checks: { list: 'failed' }, suspended: null })
    expect(await of({ credentialSubject: null, type: ['VerifiableCredential'] })).toMatchObject({ checks: { list: 'failed' } })
  })
})

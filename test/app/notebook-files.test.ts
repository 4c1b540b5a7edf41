import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../server/adapters/documents.ts'
import { benchOn } from '../support/bench.ts'
import { heic, jpeg, pdf } from '../support/evidence-files.ts'
import { gather } from '../support/documents-contract.ts'
import { notebookOn, sha256Of, wireOn, type Phone } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, cookieOf, runJobs, world: { database: { sql }, spool } } = theatre
const { caseAt } = benchOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const { head, put, putAndDie, cut } = await wireOn(theatre)
const spooled = () => readdirSync(path.dirname(spool.fileOf('x'))).length

const photo = (bytes = 300_000) => Buffer.concat([jpeg, randomBytes(bytes)]) // what phones add behind the picture
const file = (bytes: Uint8Array, type = 'image/jpeg', part: 'small' | 'original' = 'original') => ({ part, sha256: sha256Of(bytes), size: bytes.length, type })
/** The phone tells of a photo with this file, before any byte of it. */
async function told(phone: Phone, bytes: Uint8Array, type = 'image/jpeg', kind: 'photo' | 'voice' = 'photo') {
  const one = version(phone, { kind, content: { text: '消火器' }, files: [file(bytes, type)] })
  return { one, answer: (await sync(phone, [one])).body, sha256: sha256Of(bytes) }
}
const notesOf = (id: string) => sql`select n.note, d.sha256, d.purpose, d.type from visit_notes n left join documents d on d.id = n.photo_id where n.application_id = ${id} order by n.written_at, n.id`

describe('a photo', () => {
  it('that comes in one piece is kept as a document, scanned, and hangs on a note', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo()
    const { answer, sha256 } = await told(phone, bytes)
    expect([answer.filesWanted, [...await notesOf(id)]]).toEqual([[sha256], []])
    expect(await head(phone, sha256)).toMatchObject({ status: 204, offset: 0, complete: '?0' })
    expect(await put(phone, sha256, bytes)).toMatchObject({ status: 204, offset: bytes.length, complete: '?1' })
    expect([...await notesOf(id)]).toEqual([{ note: '消火器', sha256, purpose: 'photo', type: 'image/jpeg' }])
    expect([(await sync(phone)).body.filesWanted, spooled()]).toEqual([[], 0])
    await runJobs()
    expect((await sql`select scan from documents where application_id = ${id} and purpose = 'photo'`)[0]).toEqual({ scan: 'clean' })
  })

  it('goes on where the connection broke: only what is missing travels again', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo(3_000_000)
    const { sha256 } = await told(phone, bytes)
    expect(await cut(phone, sha256, bytes, 1_000_000)).toBeNull()
    const at = (await head(phone, sha256)).offset
    expect([at > 0, at <= 1_000_000, [...await notesOf(id)]]).toEqual([true, true, []])
    expect(await cut(phone, sha256, bytes.subarray(at), 700_000, at)).toBeNull()
    const further = (await head(phone, sha256)).offset
    expect([further > at, further - at <= 700_000]).toEqual([true, true])
    expect(await put(phone, sha256, bytes.subarray(further), { offset: further })).toMatchObject({ status: 204, offset: bytes.length, complete: '?1' })
    expect([...await notesOf(id)]).toMatchObject([{ sha256 }])
    const [kept] = await sql`select size::int as size from documents where sha256 = ${sha256}`
    expect(kept).toEqual({ size: bytes.length })
  })

  it('that comes piece by piece is read by nobody twice', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), bytes = photo(2_500_000), { sha256 } = await told(phone, bytes), read = spool.read
    let reads = 0
    spool.read = name => { reads += 1; return read(name) }
    for (let at = 0; at < bytes.length; at += 1_000_000) expect(await put(phone, sha256, bytes.subarray(at, at + 1_000_000), { offset: at, length: bytes.length })).toMatchObject({ status: 204, offset: Math.min(bytes.length, at + 1_000_000) })
    spool.read = read
    expect([reads, await head(phone, sha256)]).toEqual([0, expect.objectContaining({ complete: '?1' })])
  })

  it('is told the right byte when it goes on at a wrong one', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), bytes = photo()
    const { sha256 } = await told(phone, bytes)
    expect(await put(phone, sha256, bytes.subarray(0, 1000), { length: bytes.length })).toMatchObject({ status: 204, offset: 1000, complete: '?0' })
    expect(await put(phone, sha256, bytes.subarray(500), { offset: 500 })).toMatchObject({ status: 409, offset: 1000, complete: '?0', body: { code: 'upload_offset' } })
    expect(await put(phone, sha256, bytes.subarray(1000), { offset: 1000 })).toMatchObject({ status: 204, complete: '?1' })
  })

  it('that is here already does not travel twice, not even from another device', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), tablet = await opened('sato', id), bytes = photo()
    const { sha256 } = await told(phone, bytes)
    await put(phone, sha256, bytes)
    const { answer } = await told(tablet, bytes)
    expect([answer.filesWanted, await head(tablet, sha256)]).toEqual([[], expect.objectContaining({ offset: bytes.length, complete: '?1' })])
    expect([...await notesOf(id)].map(row => row.sha256)).toEqual([sha256, sha256])
    expect((await sql`select count(*)::int as documents from documents where sha256 = ${sha256}`)[0]).toEqual({ documents: 1 })
  })

  it('with other bytes than its hash is thrown away and may be sent again', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), bytes = photo()
    const { sha256 } = await told(phone, bytes)
    expect(await put(phone, sha256, photo(bytes.length - jpeg.length))).toMatchObject({ status: 422, body: { code: 'upload_differs' } })
    expect(await head(phone, sha256)).toMatchObject({ offset: 0 })
    expect(await put(phone, sha256, bytes)).toMatchObject({ status: 204, complete: '?1' })
  })

  it.each([
    ['is a PDF in truth', async () => pdf(), 'image/jpeg', 'file_mislabelled', 415],
    ['says so itself', async () => pdf(), 'application/pdf', 'file_kind_not_allowed', 415],
    ['breaks off', async () => jpeg.subarray(0, 120), 'image/jpeg', 'file_truncated', 422],
    ['is a program', async () => Buffer.concat([Buffer.from('MZ'), randomBytes(200)]), 'image/jpeg', 'file_executable', 415],
  ])('that is none because it %s is refused for ever, and the device is told with every sync', async (_, make, type, code, status) => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = await make()
    const { sha256 } = await told(phone, bytes, type)
    expect(await put(phone, sha256, bytes)).toMatchObject({ status, body: { code } })
    expect((await sync(phone)).body).toMatchObject({ filesWanted: [], filesRefused: [{ sha256, reason: code }] })
    expect(await put(phone, sha256, bytes)).toMatchObject({ status, body: { code } })
    expect([(await sql`select count(*)::int as kept from documents where application_id = ${id} and sha256 = ${sha256}`)[0], spooled()]).toEqual([{ kept: 0 }, 0])
  })

  it('that no version names is not taken', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), bytes = photo()
    expect(await put(phone, sha256Of(bytes), bytes)).toMatchObject({ status: 404 })
  })

  it('larger than a document may be is refused before a byte of it', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), sha256 = 'a'.repeat(64)
    await sync(phone, [version(phone, { kind: 'photo', files: [{ part: 'original', sha256, size: 51 * 1024 * 1024, type: 'image/jpeg' }] })])
    expect(await put(phone, sha256, jpeg, { length: 51 * 1024 * 1024 })).toMatchObject({ status: 413 })
  })

  it('comes with others at the same time: they are kept together, each lands once, and one job scans them', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), photos = Array.from({ length: 8 }, () => photo())
    for (const bytes of photos) await told(phone, bytes)
    const answers = await Promise.all(photos.map(bytes => putAndDie(phone, sha256Of(bytes), bytes)))
    expect(answers.map(({ status, complete }) => [status, complete])).toEqual(photos.map(() => [204, '?1']))
    expect([...await notesOf(id)]).toEqual([])
    await sync(phone)
    expect([...await notesOf(id)].map(({ sha256 }) => sha256).toSorted()).toEqual(photos.map(sha256Of).toSorted())
    const [kept] = await sql`select count(*)::int as files, count(distinct xmin::text)::int as transactions from notebook_files where application_id = ${id}`
    expect([kept?.files, kept?.transactions < 8]).toEqual([8, true])
    expect((await sql`select count(*)::int as jobs from graphile_worker.jobs where task_identifier = 'settle_arrived' and key like ${`%${id}`}`)[0]).toEqual({ jobs: 1 })
    await runJobs()
    expect([...await sql`select scan, count(*)::int as n from documents where application_id = ${id} and purpose = 'photo' group by scan`]).toEqual([{ scan: 'clean', n: 8 }])
    expect((await sql`select count(*)::int as n from journal where application_id = ${id} and operation = 'documents.scan'`)[0]).toEqual({ n: 8 })
  })

  it('lands even if the device never speaks again', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo(), { sha256 } = await told(phone, bytes)
    expect(await putAndDie(phone, sha256, bytes)).toMatchObject({ status: 204, complete: '?1' })
    expect([...await notesOf(id)]).toEqual([])
    await runJobs()
    await runJobs()
    expect([...await notesOf(id)]).toMatchObject([{ note: '消火器', sha256, purpose: 'photo' }])
  })

  it('is among the notes before the case is handed over, even a second after it came', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo(), { sha256 } = await told(phone, bytes)
    await sql`update applications set stage = 'correcting', version = version + 1 where id = ${id}`
    await putAndDie(phone, sha256, bytes)
    const [row] = await sql`select version from applications where id = ${id}`
    expect((await as('sato').post(`/applications/${id}/recommendation`, { outcome: 'certify', summary: '基準を満たす', strengths: '', exclusions: '', version: row?.version })).body).toMatchObject({ stage: 'awaiting_decision' })
    expect([...await notesOf(id)]).toMatchObject([{ note: '消火器', sha256 }])
    expect((await sql`select count(*)::int as n from dossier_rows(${id}) where part like 'notes/%'`)[0]?.n).toBeGreaterThan(0)
  })

  it('of which every byte came before the server failed is kept at the next word, and no byte travels again', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo(), { sha256 } = await told(phone, bytes)
    const { documents } = theatre.world, { adopt } = documents
    documents.adopt = async () => { throw new StorageUnavailable('the disk is full') }
    expect(await put(phone, sha256, bytes)).toMatchObject({ status: 503 })
    documents.adopt = adopt
    expect(await head(phone, sha256)).toMatchObject({ offset: bytes.length, complete: '?0' })
    expect(await put(phone, sha256, new Uint8Array(), { offset: bytes.length })).toMatchObject({ status: 204, complete: '?1' })
    expect([...await notesOf(id)]).toMatchObject([{ sha256 }])
  })

  it('sent twice at the same time is kept once: the later connection wins', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), bytes = photo(2_000_000)
    const { sha256 } = await told(phone, bytes)
    const answers = await Promise.all([1, 2, 3].map(() => put(phone, sha256, bytes).catch(() => null)))
    for (let at = await head(phone, sha256); at.complete !== '?1'; at = await head(phone, sha256)) await put(phone, sha256, bytes.subarray(at.offset), { offset: at.offset })
    expect([answers.length, (await sql`select count(*)::int as kept from documents where sha256 = ${sha256}`)[0]]).toEqual([3, { kept: 1 }])
  })
})

describe('the scan', () => {
  it('of one that fails holds up no other: those are judged, and it is asked about again', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), photos = [photo(), photo(), photo()]
    for (const bytes of photos) {
      await told(phone, bytes)
      await put(phone, sha256Of(bytes), bytes)
    }
    const { world } = theatre, { scan } = world.scanner, unlucky = sha256Of(photos[1] ?? jpeg)
    world.scanner.scan = async body => {
      const bytes = await gather(body)
      return sha256Of(bytes) === unlucky ? { status: 'error', detail: 'over its limits', engine: 'test' } : { status: 'clean', detail: '', engine: 'test' }
    }
    await runJobs()
    world.scanner.scan = scan
    const states = async () => Object.fromEntries((await sql`select sha256, scan from documents where application_id = ${id} and purpose = 'photo'`).map(({ sha256, scan }) => [sha256, scan]))
    expect(await states()).toEqual(Object.fromEntries(photos.map((bytes, nth) => [sha256Of(bytes), nth === 1 ? 'error' : 'clean'])))
    await sql`update graphile_worker._private_jobs set run_at = now(), attempts = 0 where key like ${`settle_arrived:${id}`}`
    await runJobs()
    expect(Object.values(await states())).toEqual(['clean', 'clean', 'clean'])
  })
})

describe('who gets a file', () => {
  it('a colleague on the case once it is scanned; nobody else', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), bytes = photo()
    const { sha256 } = await told(phone, bytes), url = `/notebook/files/${id}/${sha256}`
    await put(phone, sha256, bytes)
    expect((await as('sato').get(url)).body).toMatchObject({ code: 'file_not_scanned' })
    await runJobs()
    const got = await app.inject({ url, headers: { host: 'akashi.test', cookie: cookieOf('sato') } })
    expect([got.statusCode, sha256Of(got.rawPayload)]).toEqual([200, sha256])
    expect([(await as('lee').get(url)).status, (await as('yamada').get(url)).status, (await as('suzuki').get(url)).status]).toEqual([404, 403, 403])
  })

  it('the employer has no path to it, not even by its id', async () => {
    const id = await caseAt('visit_planned'), phone = await opened('sato', id), voice = Buffer.concat([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104', 'hex'), randomBytes(5000)])
    const { sha256 } = await told(phone, voice, 'audio/webm;codecs=opus', 'voice')
    expect(await put(phone, sha256, voice)).toMatchObject({ status: 204, complete: '?1' })
    await runJobs()
    const [memo] = await sql`select id, purpose, type from documents where sha256 = ${sha256}`
    expect([memo?.purpose, memo?.type, (await as('yamada').get(`/documents/${memo?.id}`)).status, (await as('sato').get(`/documents/${memo?.id}`)).status]).toEqual(['memo', 'audio/webm', 404, 200])
    expect((await sql`select parts_taken(${id}, (select uploaded_by from documents where id = ${memo?.id})) as parts`)[0]?.parts).not.toContain('client')
  })

  it('an iPhone’s picture is one too', async () => {
    const phone = await opened('sato', await caseAt('visit_planned')), { sha256 } = await told(phone, heic, 'image/heic')
    expect(await put(phone, sha256, heic)).toMatchObject({ status: 204, complete: '?1' })
  })
})

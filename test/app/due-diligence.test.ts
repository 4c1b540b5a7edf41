import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { eq } from 'drizzle-orm'

import { beforeAll, describe, expect, it } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { japanDate } from '../../server/domain/calendar.ts'
import { dueDiligenceExports } from '../../schema/due-diligence.ts'
import { changesFor } from '../../server/due-diligence/changes.ts'
import { exportDueDiligence } from '../../server/due-diligence/work.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import type { World } from '../../server/world.ts'
import { judge } from '../support/judges.ts'
import { keptFilesOn, verify } from '../support/kept-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { supplyOn } from '../support/supply.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, anybody, clock, cookieOf, runJobs, world } = theatre
clock.now = new Date() // the checker has the real clock
const { database: { db, sql } } = world
const { issued } = sealedFilesOn(theatre)
const { supplierOf } = supplyOn(theatre)
const { keep, directory } = keptFilesOn(theatre)
const today = japanDate(clock.now)

const order = (change: Record<string, string> = {}, who: 'minato' | 'hoshi' = 'minato') => as(who).post('/due-diligence', { from: today, to: today, language: 'ja', once: randomUUID(), ...change })
const show = async (id: string) => (await as('minato').get(`/due-diligence/${id}`)).body
const file = async (id: string, kind: string): Promise<Buffer> => (await app.inject({ method: 'GET', url: `/due-diligence/${id}/files/${kind}`, headers: { host: 'akashi.test', cookie: cookieOf('minato') } })).rawPayload
const kept = (name: string, bytes: Buffer) => {
  const at = path.join(mkdtempSync(path.join(directory, 'export-')), name)
  writeFileSync(at, bytes)
  return at
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const stored = async () => {
  let count = 0
  for await (const _ of world.documents.list()) count += 1
  return count
}

const numbers: string[] = []
let url = ''
beforeAll(async () => {
  url = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const nameJa of ['髙橋プレス株式会社', '葛󠄀城鉄工㈱']) numbers.push((await issued({ nameJa })).number)
  const [first = '', second = ''] = numbers
  await supplierOf('minato', { name: '髙橋プレス株式会社', holder: first.slice(0, 17), wantedLevel: 'T3', wantedBy: '2027-03-31' })
  await supplierOf('minato', { name: '葛󠄀城鉄工㈱', holder: second.slice(0, 17), matched: 'name_and_prefecture', tier: 2, groupName: '鋳造', wantedLevel: 'T4', wantedBy: '2027-03-31' })
  await supplierOf('minato', { name: '=cmd|未登録工業😀', tier: 2 })
  await supplierOf('minato', { name: '去った会社', removedAt: clock.now })
  await supplierOf('hoshi', { name: '星の取引先' })
  const [row] = await sql`select id from certificates where number = ${second}`
  await db.insert(certificateEvents).values({ certificateId: row?.id, event: 'suspended', happenedOn: today, reasonClass: 'overdue', actor: 'clock' })
}, 60_000)

describe('a record of due diligence', () => {
  let id = ''
  beforeAll(async () => {
    id = (await order()).body.id
    await runJobs()
  })

  it('asks about every supplier of the list, and shows how far it is', async () => {
    expect(await show(id)).toMatchObject({ state: 'done', done: 3, all: 3, counts: expect.arrayContaining([{ standing: 'certified', count: 1 }, { standing: 'suspended', count: 1 }, { standing: 'not_on_register', count: 1 }]), checkpointSize: expect.any(Number) })
    expect((await show(id)).files.map(({ kind, sha256: hash }: { kind: string; sha256: string }) => [kind, hash.length])).toEqual([['csv', 64], ['pdf', 64], ['receipts', 64]])
  })

  it('is a table that Excel opens: what was asked, how, the standing, the wanted level, and which receipts prove it', async () => {
    const csv = await file(id, 'csv'), receipts = await file(id, 'receipts')
    const rows = parse(csv, { bom: true, columns: true }) as Record<string, string>[]
    expect([csv.subarray(0, 3).toString('hex'), rows.length]).toEqual(['efbbbf', 3])
    expect(rows.map(row => [row['取引先'], row['調べ方'], row['証書番号'], row['状態'], row['達しているか'], row['階層']])).toEqual([
      ['髙橋プレス株式会社', '番号で確かめた', numbers[0], '有効', '達している', '1'], ['\'=cmd|未登録工業😀', '証書と結び付いていない', '', '登録簿にない', '', '2'], ['葛󠄀城鉄工㈱', '名前と都道府県で確かめた', numbers[1], '効力停止中', '達していない', '2'],
    ].sort((one, other) => Number(one[5]) - Number(other[5]) || (rows.findIndex(row => row['取引先'] === one[0]) - rows.findIndex(row => row['取引先'] === other[0]))))
    expect(new Set(rows.map(row => [row['受領書のSHA-256'], row['確かめた会社'], row['公開記録の行数']].join()))).toEqual(new Set([[sha256(receipts), '湊自動車株式会社', (await show(id)).checkpointSize].join()]))
    expect(csv.toString()).not.toMatch(/去った会社|星の取引先/)
  })

  it('carries receipts that a stranger checks with npm run verify, all at once or one alone', { timeout: 60_000 }, async () => {
    const receipts = await file(id, 'receipts'), beside = await keep(numbers[0] ?? '')
    const all = await verify([kept('receipts.jsonl', receipts), '--offline', beside, '--json'])
    expect([all.code, JSON.parse(all.out).result, all.says('receipts')]).toEqual([0, 'authentic', ['passed']])
    const online = await verify([kept('receipts.jsonl', receipts), '--url', url, '--json']) // nothing at hand but the file: the issuer and its whole log are asked
    expect([online.code, online.says('receipts'), online.says('log'), online.says('register')]).toEqual([0, ['passed'], ['passed'], ['passed']])
    const [line = ''] = receipts.toString().split('\n')
    const one = await verify([kept('receipt.json', Buffer.from(`${JSON.stringify(JSON.parse(line), null, 2)}\n`)), '--offline', beside])
    expect([one.code, one.out.includes('The proof is authentic.')]).toEqual([0, true])
    const changed = receipts.toString().replace(/"is":"suspended"/, '"is":"certified"')
    expect(changed).not.toBe(receipts.toString())
    const forged = await verify([kept('receipts.jsonl', Buffer.from(changed)), '--offline', beside, '--json'])
    expect([forged.code, JSON.parse(forged.out).result, forged.says('receipts')]).toEqual([1, 'no', ['failed']])
    for (const bytes of [Buffer.from('{"a":1}\nnonsense\n'), Buffer.alloc(0)]) expect((await verify([kept('receipts.jsonl', bytes), '--offline', beside])).code).toBe(1)
  })

  it.skipIf(!judge('pdftotext'))('is a PDF with Japanese drawn right, its pages numbered, and the hash of the receipts in it', async () => {
    const at = kept('report.pdf', await file(id, 'pdf'))
    const text = execFileSync('pdftotext', ['-layout', at, '-']).toString().normalize('NFKC')
    for (const words of ['取引先の認証状況の確認記録', '湊自動車株式会社', '髙橋プレス株式会社', '城鉄工', '未登録工業', numbers[0] ?? '', '効力停止中', '登録簿にない', '名前と都道府県で確かめた', '1 / ', 'ページ']) expect(text.replaceAll(/\s/g, '')).toContain(words.normalize('NFKC').replaceAll(/\s/g, ''))
    expect(text.replaceAll(/\s/g, '')).toContain(sha256(await file(id, 'receipts')))
    if (judge('pdfinfo')) expect(execFileSync('pdfinfo', [at]).toString()).toMatch(/Title:.*確認記録/)
    if (process.env.SHOTS_DIR) writeFileSync(path.join(process.env.SHOTS_DIR, 'report-ja.pdf'), readFileSync(at))
  })

  it('keeps its files from the sweep of what nobody knows', async () => {
    const before = await stored(), later = new Date(clock.now.getTime() + 3 * 86_400_000)
    await sweep({ ...world, now: () => later })
    expect([await stored(), (await file(id, 'pdf')).subarray(0, 5).toString()]).toEqual([before, '%PDF-'])
  })

  it('is this buyer’s alone', async () => {
    for (const at of [`/due-diligence/${id}`, `/due-diligence/${id}/files/pdf`, `/due-diligence/${id}/files/receipts`]) expect([(await as('hoshi').get(at)).status, (await as('yamada').get(at)).status, (await as('suzuki').get(at)).status, (await anybody.get(at)).status]).toEqual([404, 403, 403, 401])
    expect((await as('hoshi').get('/due-diligence')).body.exports).toEqual([])
    expect((await as('minato').get(`/due-diligence/${id}/files/../../x`)).status).toBe(404)
  })

  it('stays what it was when the list changes', async () => {
    await sql`update suppliers set removed_at = now() where name = ${'=cmd|未登録工業😀'}`
    expect((await show(id)).all).toBe(3)
    expect((await order()).body.suppliers).toBe(2)
    await runJobs()
  })
})

describe('an order', () => {
  it('concerns a tier or a group, in English', async () => {
    const { body } = await order({ tier: '2', group: '鋳造', language: 'en' })
    expect(body.suppliers).toBe(1)
    await runJobs()
    const csv = (await file(body.id, 'csv')).toString()
    expect([csv.includes('Supplier'), csv.includes('suspended') || csv.includes('Suspended'), csv.split('\r\n').length]).toEqual([true, true, 3])
    if (process.env.SHOTS_DIR) writeFileSync(path.join(process.env.SHOTS_DIR, 'report-en.pdf'), await file(body.id, 'pdf'))
  })

  it('of a period with more changes than a table prints has the newest, and says how many there were', async () => {
    const [row] = await sql`select certificate_id from register_entries where number = ${numbers[1] ?? ''}`
    await sql`insert into register_changes (certificate_id, number, holder, change, happened_on, standing, at) select certificate_id, number, holder, case when n % 2 = 0 then 'suspended' else 'reinstated' end, ${today}, 'suspended', now() + n * interval '1 millisecond' from register_entries, generate_series(1, 2100) n where certificate_id = ${row?.certificate_id}`
    const { body } = await order(), [whole] = await db.select().from(dueDiligenceExports).where(eq(dueDiligenceExports.id, body.id))
    if (!whole) throw new Error('no export')
    const { changes, changesTold } = await changesFor(db, whole)
    expect([changes.length, changesTold > 2100, changes.at(-1)?.change, Number(changes.at(-1)?.at) > Number(changes[0]?.at)]).toEqual([2000, true, 'suspended', true])
    await runJobs()
    if (judge('pdftotext')) expect(execFileSync('pdftotext', ['-layout', kept('long.pdf', await file(body.id, 'pdf')), '-']).toString().normalize('NFKC').replaceAll(/\s/g, '')).toContain(`変更は${changesTold}件ありました`)
  })

  it.each([[{ from: today, to: '2026-01-01' }, 422], [{ from: 'x' }, 422], [{ tier: '99' }, 422], [{ tier: '9' }, 409], [{ group: 'ない' }, 409], [{ language: 'vi' }, 422]])('with %j is refused', async (change, status) => expect((await order(change as Record<string, string>)).status).toBe(status))

  it('is one however often the form is sent, and the next waits until it is done', async () => {
    const once = randomUUID(), [one, other] = await Promise.all([order({ once }), order({ once })])
    expect([one.body.id, one.status]).toEqual([other.body.id, 201])
    expect((await order()).body.code).toBe('export_running')
    expect((await as('minato').get(`/due-diligence/${one.body.id}`)).headers.refresh).toBe('5')
    await runJobs()
    expect((await show(one.body.id)).state).toBe('done')
  })

  it('survives the death of its runner and two at once: each supplier is asked once, each file stands once', async () => {
    const { body: { id } } = await order()
    const dead: World = { ...world, documents: { ...world.documents, put: async () => { throw new Error('it dies here') } } }
    await exportDueDiligence(dead, id) // the suppliers are asked
    await expect(exportDueDiligence(dead, id)).rejects.toThrow('it dies here')
    expect(await show(id)).toMatchObject({ state: 'running', done: 2, all: 2, files: [] })
    const before = await stored(), [asked] = await sql`select array_agg(receipt order by nth) as receipts from due_diligence_lines where export_id = ${id}`
    await Promise.all([exportDueDiligence(world, id), exportDueDiligence(world, id)])
    await runJobs()
    await exportDueDiligence(world, id)
    const [after] = await sql`select array_agg(receipt order by nth) as receipts from due_diligence_lines where export_id = ${id}`
    expect([await stored() - before, (await show(id)).state, after?.receipts]).toEqual([3, 'done', asked?.receipts])
  })

  it('goes on when the signer has come back', async () => {
    const { body: { id } } = await order()
    const away: World = { ...world, credentialKey: { ...world.credentialKey, sign: async () => { throw Object.assign(new Error('no more for now'), { name: 'SignerLimited' }) } } }
    await expect(exportDueDiligence(away, id)).rejects.toThrow('no more for now')
    expect((await show(id)).done).toBe(0)
    await runJobs()
    expect((await show(id)).state).toBe('done')
  })
})

describe('the page', () => {
  it('says what to do when there is no list', async () => {
    const fresh = await stage()
    expect((await fresh.as('minato').page('/due-diligence')).text).toContain('見守り先がまだありません')
  })
  it.each([['ja', '新しい記録を作る'], ['en', 'Make a new record']])('offers the order in %s', async (lang, words) => expect((await as('minato').page('/due-diligence', lang)).text).toContain(words))
})

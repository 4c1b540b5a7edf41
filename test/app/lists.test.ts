import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { supplierLists } from '../../schema/lists.ts'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { addDays, addMonths } from '../../server/domain/calendar.ts'
import { checkList } from '../../server/lists/check.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { sheetOf, shiftJis } from '../support/lists.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, runJobs, world } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const issuedOn = '2026-11-24'
const twins = await fillRegister(sql, 3, certificateSample({ sample: true, issuedOn, expiresOn: addDays(addMonths(issuedOn, 36), -1) }), { fromSerial: 100 }) // three companies of one name
const minato = as('minato')
const slip = number.replace('000001', '000010')

async function checked(body: object) {
  const { status, body: made } = await minato.post('/lists', body)
  expect([status, made]).toMatchObject([201, { id: expect.any(String) }])
  await runJobs()
  return (await minato.get(`/lists/${made.id}`)).body
}
async function uploaded(name: string, bytes: Uint8Array, type = 'application/octet-stream') {
  const { status, body: made } = await minato.upload('/lists/upload', { name, type, bytes })
  if (status !== 201) return { status, code: made.code }
  await runJobs()
  return (await minato.get(`/lists/${made.id}`)).body
}
const outcomes = (page: { lines: { line: number; outcome: string }[] }) => page.lines.map(({ line, outcome }) => [line, outcome])

describe('a list is checked', () => {
  it('each line by the first rung that holds, with its reason', async () => {
    const page = await checked({ rows: [
      { number }, { number: number.replaceAll('-', '').toLowerCase() }, { corporateNumber: 'Ｔ４０１２３０１００００１３' }, { number: slip }, { name: '㈱山田プレス工業', prefecture: '神奈川県' }, { name: '山田プレス工業株式会社' },
      { name: '山田プレス工業', prefecture: '大阪府' }, { name: '高橋プレス' }, { name: '知らない会社' }, { number: 'ISO-9001' }, { name: '' }, { corporateNumber: '1.2345E+12', name: '知らない' },
    ] })
    expect([page.state, page.rows]).toEqual(['ready', 13]) // the header counts as line 1
    expect(outcomes(page)).toEqual([[2, 'number'], [3, 'duplicate'], [4, 'duplicate'], [5, 'duplicate'], [6, 'duplicate'], [7, 'duplicate'], [8, 'choose'], [9, 'choose'], [10, 'not_found'], [11, 'not_found'], [12, 'unusable'], [13, 'not_found']])
    expect(page.lines[0]).toMatchObject({ take: true, found: { number, nameJa: '山田プレス工業株式会社', standing: 'certified' } })
    expect(page.lines[7].candidates.map((one: { number: string }) => one.number).sort()).toEqual(twins.toSorted())
    expect(page.lines.map(({ fault }: { fault: string | null }) => fault).filter(Boolean)).toEqual(['number_malformed', 'empty', 'corporate_number_cut'])
  })

  it.each([
    ['a corporate number', '法人番号\n4012301000013', 'corporate_number', true], ['a number with a slip', `番号\n${slip}`, 'corrected_number', false],
    ['a name and its prefecture', '会社名,住所\n山田プレス工業（株）,神奈川県厚木市', 'name_and_prefecture', false], ['a name that only one has', '山田プレス工業\n', 'name', false],
  ])('by %s', async (_, text, outcome, take) => expect((await checked({ text })).lines[0]).toMatchObject({ outcome, take, found: { number } }))

  it('from a file, whatever Excel made of it', async () => {
    const text = `会社名,証書番号,備考\r\n"山田プレス工業㈱",${number},"改行\r\nあり"\r\n=1+1,,\r\n`
    const files: [string, Uint8Array][] = [
      ['utf8.csv', Buffer.from(text)], ['bom.csv', Buffer.from(`\uFEFF${text}`)], ['sjis.csv', shiftJis(text)], ['tab.txt', Buffer.from(text.replaceAll(',', '\t'))], ['semicolon.csv', Buffer.from(text.replaceAll(',', ';'))],
      ['book.xlsx', sheetOf([['会社名', '証書番号'], ['山田プレス工業㈱', number], [{ formula: '1+1', value: '=1+1' }, '']])],
    ]
    for (const [name, bytes] of files) {
      const page = await uploaded(name, bytes)
      expect([name, page.state, outcomes(page), page.lines[1]?.name]).toEqual([name, 'ready', [[2, 'number'], [3, 'not_found']], '=1+1'])
    }
    const digits = await uploaded('numbers.xlsx', sheetOf([['法人番号'], [4_012_301_000_013]]))
    expect(digits.lines[0]).toMatchObject({ outcome: 'corporate_number', typedCorporate: '4012301000013' })
  })

  it.each([
    ['nothing in it', 'a.csv', Buffer.from('会社名\n'), { state: 'failed', problem: 'no_rows' }], ['no column of use', 'a.csv', Buffer.from('電話番号,備考\n1,2\n'), { state: 'failed', problem: 'columns_missing', problemParams: { columns: '電話番号、備考' } }],
    ['a column twice', 'a.csv', Buffer.from('会社名,取引先名\na,b\n'), { state: 'failed', problem: 'columns_twice' }], ['an endless line', 'a.csv', Buffer.from(`会社名\n"${'x'.repeat(200_000)}\n`), { state: 'failed', problem: 'broken' }],
    ['another encoding', 'a.csv', Buffer.from('\uFEFF会社名\n山田', 'utf16le'), { status: 422, code: 'list_encoding' }], ['a picture', 'a.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), { code: 'list_encoding' }],
    ['a document', 'a.docx', Buffer.from('x'), { status: 415 }], ['a zip that says it is enormous', 'a.xlsx', bomb(), { state: 'failed', problem: 'too_large' }], ['a zip that says less than it is', 'a.xlsx', liar(), { state: 'failed', problem: 'too_large' }], ['no sheet', 'a.xlsx', zipSync({ '[Content_Types].xml': new Uint8Array(), 'xl/workbook.xml': new Uint8Array() }), { state: 'failed', problem: 'broken' }],
  ])('not at all when there is %s: it says so and nothing else happens', async (_, name, bytes, expected) => {
    const before = (await sql`select count(*)::int as n from suppliers`)[0]?.n
    expect(await uploaded(name, bytes)).toMatchObject(expected)
    expect((await sql`select count(*)::int as n from suppliers`)[0]?.n).toBe(before)
  })

  it.each([[{}], [{ text: '  ' }], [{ rows: [] }], [{ rows: 'x' }], [{ rows: [{ number: {} }] }]])('not when %j is sent', async body => expect((await minato.post('/lists', body)).status).toBe(422))

  it('with flat statements: a page of a long list costs what one of a short list costs', async () => {
    const long = await checked({ rows: Array.from({ length: 5000 }, (_, nth) => ({ name: `会社${nth}` })) }), short = await checked({ rows: [{ name: 'x' }] })
    const [one, other] = [await countQueries(world, () => minato.get(`/lists/${long.id}`)), await countQueries(world, () => minato.get(`/lists/${short.id}`))]
    expect([long.rows, long.lines.length, long.next, one === other]).toEqual([5001, 50, 51, true])
    expect((await minato.get(`/lists/${long.id}?after=4999`)).body.lines.map(({ line }: { line: number }) => line)).toEqual([5000, 5001])
  })

  it('to its end by another run when one dies half-way, and twice is harmless', async () => {
    const { body: { id } } = await minato.post('/lists', { rows: Array.from({ length: 7000 }, (_, nth) => (nth % 2 ? { number } : { name: `会社${nth}` })) })
    let reads = 0
    const dying = { ...world, documents: { ...world.documents, get: async (key: string) => {
      const bytes = Buffer.concat(await (await world.documents.get(key)).toArray())
      return Readable.from((async function* () {
        for (let at = 0; at < bytes.length; at += 4096) {
          if (reads++ === 0 ? false : at > bytes.length * 0.7) throw new Error('killed')
          yield bytes.subarray(at, at + 4096)
        }
      })())
    } } }
    await expect(checkList(dying, id)).rejects.toThrow('killed')
    const [half] = await db.select().from(supplierLists).where(eq(supplierLists.id, id))
    expect([half?.state, (half?.rows ?? 0) > 0, (half?.rows ?? 0) < 7001]).toEqual(['reading', true, true])
    await Promise.all([checkList(world, id), checkList(world, id)])
    await checkList(world, id)
    const page = (await minato.get(`/lists/${id}`)).body
    expect([page.state, page.rows, page.outcomes]).toEqual(['ready', 7001, [{ outcome: 'number', lines: 1, taken: 1, named: 0 }, { outcome: 'not_found', lines: 3500, taken: 0, named: 3500 }, { outcome: 'duplicate', lines: 3499, taken: 0, named: 0 }].map(({ outcome, lines }) => ({ outcome, lines }))])
  })
})

describe('a line that no list can have', () => {
  it.each(['GET /lists/ID?after=3000000000', 'POST /lists/ID/lines/3000000000'])('%s: a plain answer', async asked => {
    const { id } = await checked({ rows: [{ number }] }), [method, url = ''] = asked.replace('ID', id).split(' ')
    expect((method === 'GET' ? await minato.get(url) : await minato.post(url, { holder: '' })).status).toBeLessThan(500)
  })
})

describe('a list is taken over', () => {
  const watched = async () => (await sql`select holder, name, matched, tier, group_name from suppliers s where removed_at is null and buyer_id = (select buyer_id from buyer_members m join people p on p.id = m.person_id where p.email like 'watanabe%') order by added_at, holder`).map(row => ({ ...row }))

  it('with what is sure, if wanted with what is likely and what is unknown; undone exactly; and again', async () => {
    const page = await checked({ rows: [{ number, tier: '2', group: '鋳造' }, { number: twins[0]?.replace(/.$/, sign => (sign === 'A' ? 'B' : 'A')) }, { name: '未取得株式会社', prefecture: '岐阜県' }] })
    const adopt = (form: object) => minato.post(`/lists/${page.id}/adoption`, form)
    expect((await adopt({})).body).toEqual({ added: 1 })
    expect(await watched()).toEqual([{ holder: number.slice(0, 17), name: '山田プレス工業株式会社', matched: 'number', tier: 2, group_name: '鋳造' }])
    expect((await adopt({})).status).toBe(409)
    expect((await minato.post(`/lists/${page.id}/undoing`)).body).toEqual({ removed: 1 })
    expect(await watched()).toEqual([])
    expect((await adopt({ probable: 'yes', unknown: 'yes' })).body).toEqual({ added: 3 })
    expect((await watched()).map(({ matched }) => matched)).toEqual(['number', 'corrected_number', null])
    expect((await minato.get(`/lists/${page.id}`)).body).toMatchObject({ state: 'adopted', counts: { added: 3 } })
    await minato.post(`/lists/${page.id}/undoing`)
  })

  it('beside what is watched already, which stays when the list is undone', async () => {
    const first = await checked({ rows: [{ number }] }), second = await checked({ rows: [{ number }, { number: twins[1] }] })
    await minato.post(`/lists/${first.id}/adoption`)
    expect((await minato.get(`/lists/${second.id}`)).body.lines[0].watched).toBe(true)
    expect((await minato.post(`/lists/${second.id}/adoption`)).body).toEqual({ added: 1 })
    await minato.post(`/lists/${second.id}/undoing`)
    expect((await watched()).map(({ holder }) => holder)).toEqual([number.slice(0, 17)])
    await minato.post(`/lists/${first.id}/undoing`)
  })

  it('as the buyer chose line by line', async () => {
    const page = await checked({ rows: [{ name: '高橋プレス' }, { number }] })
    const [holder] = twins.map(one => one.slice(0, 17))
    expect((await minato.post(`/lists/${page.id}/lines/2`, { holder })).body).toEqual({ line: 2, take: true })
    expect((await minato.post(`/lists/${page.id}/lines/3`, { holder: '' })).body).toEqual({ line: 3, take: false })
    expect([(await minato.post(`/lists/${page.id}/lines/2`, { holder: 'RE-JP-2031-000001' })).status, (await minato.post(`/lists/${page.id}/lines/99`, { holder })).status]).toEqual([404, 404])
    await minato.post(`/lists/${page.id}/adoption`)
    expect(await watched()).toMatchObject([{ holder, matched: 'chosen', name: '高橋プレス' }])
    await minato.post(`/lists/${page.id}/undoing`)
  })

  it('without what the buyer refused, with the reason of what the buyer chose, and an unknown company once', async () => {
    const page = await checked({ rows: [{ name: '山田プレス工業' }, { number: twins[0] }, { name: '未取得株式会社' }, { name: '未取得株式会社' }] })
    const chosen = twins[1]?.slice(0, 17)
    await minato.post(`/lists/${page.id}/lines/2`, { holder: '' })
    await minato.post(`/lists/${page.id}/lines/3`, { holder: chosen })
    expect((await minato.get(`/lists/${page.id}`)).body.lines[0].candidates).toMatchObject([{ number }])
    expect((await minato.post(`/lists/${page.id}/adoption`, { probable: 'yes', unknown: 'yes' })).body).toEqual({ added: 2 })
    expect((await watched()).map(({ holder, matched }) => [holder, matched])).toEqual([[chosen, 'chosen'], [null, null]])
    await minato.post(`/lists/${page.id}/undoing`)
  })

  it('once, when two colleagues press at the same moment', async () => {
    const page = await checked({ rows: [{ number }] })
    const answers = await Promise.all([minato.post(`/lists/${page.id}/adoption`), minato.post(`/lists/${page.id}/adoption`)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    await minato.post(`/lists/${page.id}/undoing`)
  })
})

describe('the result', () => {
  it('comes as CSV for Excel, as a sheet and as JSON, the same in each', async () => {
    const page = await checked({ rows: [{ number, name: '=SUM(A1)' }, { name: '知らない会社' }] })
    const csv = await minato.get(`/lists/${page.id}/result.csv`), json = (await minato.get(`/lists/${page.id}/result.json`)).body, sheet = await minato.get(`/lists/${page.id}/result.xlsx`)
    const [head, first] = csv.text.replace('\uFEFF', '').split('\r\n')
    expect([csv.text.charCodeAt(0), head?.split(',').slice(0, 2), first?.includes(`'=SUM(A1)`), first?.includes(number)]).toEqual([0xFEFF, ['line', 'typed_number'], true, true])
    expect(json.lines.map((line: Record<string, unknown>) => [line.outcome, line.number, line.standing])).toEqual([['number', number, 'certified'], ['not_found', '', '']])
    expect([sheet.status, sheet.text.startsWith('PK'), String(sheet.headers['content-type'])]).toEqual([200, true, expect.stringContaining('spreadsheetml')])
  })
})

describe('a list is its buyer’s alone', () => {
  it('whoever else asks learns nothing, not even that it is there', async () => {
    const page = await checked({ rows: [{ number }] })
    const paths = [`/lists/${page.id}`, `/lists/${page.id}/result.csv`, `/lists/${page.id}/result.json`, `/lists/${page.id}/result.xlsx`]
    for (const path of paths) expect([path, (await as('hoshi').get(path)).status, (await as('yamada').get(path)).status, (await theatre.anybody.get(path)).status]).toEqual([path, 404, 403, 401])
    for (const path of ['adoption', 'undoing', 'lines/2']) expect((await as('hoshi').post(`/lists/${page.id}/${path}`, { holder: '' })).status).toBe(404)
    expect((await as('hoshi').get('/lists')).body.lists).toEqual([])
    expect([...await sql`select employer_id, application_id from journal where operation like 'lists.%' and (employer_id is not null or application_id is not null)`]).toEqual([])
  })

  it('and Postgres keeps it as it was handed in', async () => {
    const attempt = async (statement: string) => sql.unsafe(statement).then(() => 'went through', (error: { constraint_name?: string }) => error.constraint_name)
    expect(await Promise.all(['delete from supplier_lists', "update supplier_lists set document_key = 'x'", "update supplier_lists set state = 'waiting'", "update supplier_list_rows set name = 'x'", 'delete from supplier_list_rows', "update supplier_list_rows set take = true, holder = null"].map(attempt)))
      .toEqual(['list_is_kept', 'list_is_kept', 'list_is_kept', 'list_row_is_kept', 'list_row_is_kept', 'taken_row_has_a_holder'])
  })
})

/** A zip whose directory promises a gigabyte. */
function bomb(): Buffer {
  const zip = Buffer.from(zipSync({ '[Content_Types].xml': new Uint8Array(10), 'xl/workbook.xml': new Uint8Array(10) }))
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  zip.writeUInt32LE(1024 ** 3, entry + 24)
  return zip
}

/** A zip of 65 MB of nothing whose directory says ten bytes. */
function liar(): Buffer {
  const zip = Buffer.from(zipSync({ '[Content_Types].xml': new Uint8Array(10), 'xl/workbook.xml': new Uint8Array(65 * 1024 * 1024) }))
  for (let entry = zip.indexOf('PK\x01\x02', 0, 'latin1'); entry >= 0; entry = zip.indexOf('PK\x01\x02', entry + 4, 'latin1')) zip.writeUInt32LE(10, entry + 24)
  return zip
}

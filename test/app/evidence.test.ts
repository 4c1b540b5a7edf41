import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { world, as, app, cookieOf, idOf, runJobs } = await stage()
const { sql } = world.database
const evidence = (name: string) => readFile(new URL(`../../scripts/journey/evidence/${name}`, import.meta.url))
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const photo = await evidence('第一寮の非常口.jpg'), rules = await evidence('就業規則.pdf')
const ledger = { name: '賃金台帳（9月分）.xlsx', type: xlsx, bytes: await evidence('賃金台帳（9月分）.xlsx') }

async function draft(): Promise<string> {
  await sql`update applications set stage = 'withdrawn' where stage = 'draft'`
  const [row] = await sql`insert into applications (id, employer_id, standard_id, opened_by) select ${randomUUID()}, employer_id, 're-0.1.0', person_id from memberships where person_id = ${idOf('yamada')} returning id`
  return row?.id
}
const stored = async () => {
  const keys = []
  for await (const { key } of world.documents.list()) keys.push(key)
  return keys.length
}

describe('sending evidence', () => {
  it('keeps the name byte for byte and serves one document to many criteria', async () => {
    const id = await draft()
    const { body } = await as('yamada').upload(`/applications/${id}/evidence/RE-01.1`, ledger)
    await as('yamada').post(`/applications/${id}/evidence/RE-07.1/attachments`, { documentId: body.documentId })
    const { body: library } = await as('yamada').get(`/applications/${id}/evidence`)
    expect(library.documents.map(({ name, criteria, size }: { name: string; criteria: string[]; size: number }) => ({ name, criteria, size }))).toEqual([{ name: ledger.name, criteria: ['RE-01.1', 'RE-07.1'], size: ledger.bytes.length }])
  })

  it('takes a document off a criterion and keeps the document', async () => {
    const id = await draft()
    const { body } = await as('yamada').upload(`/applications/${id}/evidence/RE-01.1`, ledger)
    await as('yamada').post(`/applications/${id}/evidence/RE-01.1/attachments/${body.documentId}/removal`)
    const { body: library } = await as('yamada').get(`/applications/${id}/evidence`)
    expect(library.documents.map(({ criteria }: { criteria: string[] }) => criteria)).toEqual([[]])
  })

  it('has one effect when the same form arrives twice', async () => {
    const id = await draft(), once = randomUUID()
    const [first, second] = await Promise.all([as('yamada').upload(`/applications/${id}/evidence`, ledger, { once }), as('yamada').upload(`/applications/${id}/evidence`, ledger, { once })])
    expect([first?.status, second?.status, first?.body.documentId === second?.body.documentId]).toEqual([201, 201, true])
    expect((await as('yamada').get(`/applications/${id}/evidence`)).body.documents).toHaveLength(1)
  })

  const refused: [what: string, file: { name: string; type: string; bytes: Uint8Array }, code: string][] = [
    ['an empty file', { name: 'a.pdf', type: 'application/pdf', bytes: new Uint8Array() }, 'file_empty'],
    ['a program that calls itself a PDF', { name: 'a.pdf', type: 'application/pdf', bytes: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(400)]) }, 'file_executable'],
    ['a picture that calls itself a PDF', { name: 'a.pdf', type: 'application/pdf', bytes: photo }, 'file_mislabelled'],
    ['a truncated PDF', { name: 'a.pdf', type: 'application/pdf', bytes: rules.subarray(0, 9000) }, 'file_truncated'],
    ['a kind that is not taken', { name: 'a.html', type: 'text/html', bytes: Buffer.from('<p>x</p>') }, 'file_kind_not_allowed'],
  ]
  it.each(refused)('refuses %s and leaves nothing behind', async (_, file, code) => {
    const id = await draft(), before = await stored()
    const { body, status } = await as('yamada').upload(`/applications/${id}/evidence`, file)
    const [{ rows } = { rows: -1 }] = await sql`select count(*)::int as rows from documents where application_id = ${id}`
    expect([body.code, status < 500, rows, await stored()]).toEqual([code, true, 0, before])
  })

  it('refuses more than the limit', async () => {
    const id = await draft(), before = await stored()
    const { status, body } = await as('yamada').upload(`/applications/${id}/evidence`, { name: 'long.txt', type: 'text/plain', bytes: Buffer.alloc(world.uploadLimitBytes + 1, 'a') })
    expect([status, body.code, await stored()]).toEqual([413, 'file_too_large', before])
  })

  it('refuses a criterion that the standard does not have, another company and a submitted case', async () => {
    const id = await draft()
    const strange = await as('yamada').upload(`/applications/${id}/evidence/RE-99.9`, ledger)
    const foreign = await as('outsider').upload(`/applications/${id}/evidence`, ledger)
    await sql`update applications set submitted_at = now(), scope = '{}', stage = 'submitted' where id = ${id}`
    const late = await as('yamada').upload(`/applications/${id}/evidence`, ledger)
    expect([strange.status, foreign.status, late.body.code]).toEqual([404, 404, 'closed_for_changes'])
    await sql`update applications set stage = 'withdrawn' where id = ${id}`
  })

  it.each(['', 'garbage', '--x\r\n'])('answers a broken multipart body %j without a fault', async payload => {
    const id = await draft()
    const answer = await app.inject({ method: 'POST', url: `/applications/${id}/evidence`, payload, headers: { host: 'akashi.test', origin: 'http://akashi.test', cookie: cookieOf('yamada'), 'content-type': 'multipart/form-data; boundary=x' } })
    expect([400, 422]).toContain(answer.statusCode)
  })
})

describe('reading a document', () => {
  const read = (id: string, headers: Record<string, string> = {}, who: 'yamada' | 'outsider' | 'sato' | 'suzuki' = 'yamada') =>
    app.inject({ method: 'GET', url: `/documents/${id}`, headers: { host: 'akashi.test', cookie: cookieOf(who), accept: '*/*', ...headers } })
  const send = async (file = ledger) => (await as('yamada').upload(`/applications/${await draft()}/evidence`, file)).body.documentId as string

  it('waits for the scanner', async () => {
    const id = await send()
    const before = await read(id)
    await runJobs()
    const after = await read(id)
    expect([before.statusCode, after.statusCode, after.rawPayload.equals(ledger.bytes)]).toEqual([409, 200, true])
  })

  it('gives the Japanese name back, safely and on record', async () => {
    const id = await send()
    await runJobs()
    const { headers } = await read(id)
    const [row] = await sql`select actor_id, operation from journal where subject_id = ${id} and operation = 'documents.read'`
    expect([headers['content-disposition'], headers['x-content-type-options'], row?.actor_id]).toEqual([
      expect.stringContaining(`filename*=UTF-8''${encodeURIComponent(ledger.name).replace(/[()]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`), 'nosniff', idOf('yamada')])
  })

  it('puts the reading of a part on record, too, wherever the part begins', async () => {
    const id = await send()
    await runJobs()
    await read(id, { range: 'bytes=1-' })
    await read(id, { range: 'bytes=5-9' })
    expect((await sql`select actor_id from journal where subject_id = ${id} and operation = 'documents.read'`).map(row => row.actor_id)).toEqual([idOf('yamada')])
  })

  it('serves ranges', async () => {
    const id = await send()
    await runJobs()
    const part = await read(id, { range: 'bytes=10-19' }), tail = await read(id, { range: 'bytes=-5' }), beyond = await read(id, { range: 'bytes=999999-' })
    expect([part.statusCode, part.rawPayload, part.headers['content-range'], tail.rawPayload, beyond.statusCode]).toEqual(
      [206, ledger.bytes.subarray(10, 20), `bytes 10-19/${ledger.bytes.length}`, ledger.bytes.subarray(-5), 416])
  })

  it('never serves a virus', async () => {
    const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
    const id = await send({ name: 'note.txt', type: 'text/plain', bytes: Buffer.from(eicar) })
    await runJobs()
    expect([(await read(id)).statusCode, (await read(id)).json().code]).toEqual([409, 'file_infected'])
  })

  it('is for those who have a part in the case', async () => {
    const id = await send()
    await runJobs()
    expect([(await read(id, {}, 'outsider')).statusCode, (await read(id, {}, 'sato')).statusCode, (await read(id, {}, 'suzuki')).statusCode]).toEqual([404, 404, 404])
  })
})

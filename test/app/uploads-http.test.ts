import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import multipart from '@fastify/multipart'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import type { Documents } from '../../server/adapters/documents.ts'
import { receiveFile, type ReceivedFile, type RefusedFile } from '../../server/http/uploads/receive.ts'
import { collected } from '../support/documents-contract.ts'
import { xlsx } from '../support/evidence-files.ts'

const limitBytes = 1024 * 1024
type Outcome = ReceivedFile | RefusedFile

let root: string
let documents: Documents
let port: number
let close: () => Promise<void>
let outcomes: Outcome[]

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'uploads-'))
  documents = diskDocuments(root)
  outcomes = []
  const app = Fastify({ forceCloseConnections: true })
  await app.register(multipart)
  app.post('/', async request => {
    const part = await request.file({ limits: { fileSize: limitBytes, files: 1 } })
    const outcome = await receiveFile(part && { ...part, stream: part.file, truncated: () => part.file.truncated }, { documents, limitBytes })
    outcomes.push(outcome)
    return outcome
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as AddressInfo).port
  close = () => app.close()
})
afterEach(async () => {
  await close()
  await rm(root, { recursive: true })
})

async function send(name: string, content: Uint8Array<ArrayBuffer>, type = ''): Promise<Outcome> {
  const form = new FormData()
  form.append('file', new File([content], name, { type }))
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: form })
  return await response.json() as Outcome
}

/** A request of our own making, for what no browser sends. Closes after `closeAfter` bytes of it when given. */
async function sendRaw(disposition: Buffer, content: Buffer, declaredLength?: number): Promise<net.Socket> {
  const body = Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; '), disposition, Buffer.from('\r\nContent-Type: text/plain\r\n\r\n'), content, Buffer.from('\r\n--b--\r\n')])
  const socket = net.connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${declaredLength ?? body.length}\r\n\r\n`)
  socket.write(declaredLength ? body.subarray(0, -9) : body)
  return socket
}

async function answerTo(socket: net.Socket): Promise<Outcome> {
  const answer = Buffer.concat(await collected<Buffer>(socket)).toString()
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')).trim()) as Outcome
}

const kept = async () => (await collected(documents.list())).length

describe('an upload over HTTP', () => {
  it.each(['賃金台帳（3月分）.xlsx', '葛󠄀城　髙橋㈱.xlsx', 'か\u3099.xlsx', '100%25 %E8%B3%83.xlsx', "a;b='c'.xlsx"])('keeps the name %j byte for byte', async name => {
    expect(await send(name, new Uint8Array(xlsx))).toMatchObject({ name, kind: 'xlsx', size: xlsx.length })
  })

  it('answers a form that was sent without choosing a file', async () => {
    expect(await send('', new Uint8Array())).toMatchObject({ refused: 'file_missing' })
    expect(await kept()).toBe(0)
  })

  it.each([limitBytes + 1, 8 * limitBytes])('refuses %d bytes when 1 MB is the limit, and the answer gets through', async size => {
    expect(await send('a.txt', new Uint8Array(size).fill(120))).toMatchObject({ refused: 'file_too_large', params: { limit: 1 } })
    expect(await kept()).toBe(0)
  })

  it('takes exactly the limit', async () => {
    expect(await send('a.txt', new Uint8Array(limitBytes).fill(120))).toMatchObject({ size: limitBytes })
  })

  it('answers when it refuses by the name alone, whatever follows', async () => {
    expect(await send('a.exe', new Uint8Array(8 * limitBytes))).toMatchObject({ refused: 'file_executable' })
    expect(await kept()).toBe(0)
  })

  it('answers 503 when the storage is away, whatever follows', async () => {
    await rm(root, { recursive: true })
    await writeFile(root, '')
    expect(await send('a.txt', new Uint8Array(limitBytes).fill(120))).toMatchObject({ statusCode: 503 })
  })

  it('keeps nothing when the sender hangs up in the middle', async () => {
    const socket = await sendRaw(Buffer.from('filename="a.txt"'), Buffer.alloc(100_000, 'x'), 500_000)
    await new Promise(resolve => setTimeout(resolve, 200))
    socket.destroy()
    for (const until = Date.now() + 5000; outcomes.length === 0 && Date.now() < until;) await new Promise(resolve => setTimeout(resolve, 20))
    expect(outcomes).toEqual([expect.objectContaining({ refused: 'file_truncated' })])
    expect(await kept()).toBe(0)
  })

  it('refuses a name that is not UTF-8', async () => {
    const disposition = Buffer.concat([Buffer.from('filename="'), Buffer.from('8e9197bf', 'hex'), Buffer.from('.txt"')]) // 資料 in Shift_JIS
    expect(await answerTo(await sendRaw(disposition, Buffer.from('x')))).toMatchObject({ refused: 'file_name_unusable' })
  })

  it('cuts the path that old browsers send', async () => {
    expect(await answerTo(await sendRaw(Buffer.from('filename="C:\\\\users\\\\台帳.txt"'), Buffer.from('x')))).toMatchObject({ name: '台帳.txt' })
  })
})

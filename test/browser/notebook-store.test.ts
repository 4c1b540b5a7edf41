import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { jpegWithPlace, latitude } from '../support/photos.ts'
import { notebookModules } from '../support/notebook-modules.ts'

// What must lose nothing, by itself: store, lock, capture, outbox. The server here is a few lines that can be told to fail.
const missing = await whyNoBrowser()
const key = Buffer.alloc(32, 7).toString('base64')
type Said = { status?: number; headers?: Record<string, string>; body?: unknown; hangUp?: boolean }
type Asked = { method: string; url: string; headers: Record<string, unknown>; body: Buffer }

describe.skipIf(missing)(`the notebook keeps${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, server: Server, page: Page, answer: (asked: Asked) => Said
  const asked: Asked[] = []
  const audit = randomUUID()

  beforeAll(async () => {
    server = createServer((request, reply) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk)).on('end', () => {
        const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) }
        if (one.url === '/') return reply.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title>')
        asked.push(one)
        const { status = 200, headers = {}, body = {}, hangUp } = answer(one)
        if (hangUp) return request.socket.destroy()
        return reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(one.method === 'HEAD' ? undefined : JSON.stringify(body))
      })
    }).listen(0, '127.0.0.1')
    browser = await openBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  async function fresh() {
    asked.length = 0
    answer = ({ url }) => (url === '/notebook/devices' ? { status: 201, body: { key } } : { status: 500 })
    page = await (await browser.newContext()).newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await notebookModules(page)
    await page.evaluate('globalThis.opened = notebook.openStore().then(db => notebook.setUp(db, "phone", "long enough words"))')
  }
  // The page's own words: `book` is the open notebook, `made` a version to capture.
  const run = <Value>(body: string): Promise<Value> => page.evaluate(`(async () => { const n = notebook, book = await opened, audit = ${JSON.stringify(audit)}
    const made = (more = {}) => ({ item: n.v7(), applicationId: audit, kind: 'note', criterion: 'RE-08.5', place: '', content: { text: '非常口の前に台車' }, over: [], struck: false, files: [], ...more })
    const bytes = (length, value = 1) => new Uint8Array(length).fill(value)
    const counts = async () => Object.fromEntries(await Promise.all([...book.db.objectStoreNames].map(async name => [name, await book.db.count(name)])))
    ${body} })()`)
  const synced = (change: object = {}) => ({ wipe: false, serverAt: '2026-11-24T01:00:00.000Z', confirmed: [], refused: [], versions: [], after: 0, more: false, filesWanted: [], filesRefused: [], ...change })
  const hashesIn = ({ body }: Asked) => (JSON.parse(body.toString()) as { versions: { hash: string }[] }).versions.map(({ hash }) => hash)

  it('nothing that can be read: every value with content is sealed', async () => {
    await fresh()
    const seen = await run<string>(`
      await n.capture(book, made({ content: { text: 'SECRET-WORDS' }, files: [{ part: 'small', type: 'image/jpeg', bytes: n.text('SECRET-PICTURE') }] }))
      const draft = await n.draftKey({ audit, kind: 'note', criterion: 'RE-08.5', place: '', item: n.v7() })
      await n.writeDraft(book, draft, { item: n.v7(), over: [], fields: { text: 'SECRET-DRAFT' } })
      await n.writePieces(book, draft, [n.text('SECRET-PIECE')])
      await n.writeAudit(book, audit, { bundle: { nameJa: 'SECRET-NAME' }, after: 0, takenAt: '' })
      const letters = value => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder('latin1').decode(value) : value && typeof value === 'object' ? Object.entries(value).map(([name, one]) => name + letters(one)).join() : String(value)
      const all = await Promise.all([...book.db.objectStoreNames].map(async name => [...await book.db.getAll(name), ...await book.db.getAllKeys(name)].map(letters).join()))
      return all.join()`)
    expect(seen.length).toBeGreaterThan(500)
    expect(seen).not.toMatch(/SECRET|RE-08|台車/)
    expect(seen).not.toContain(Buffer.from(key, 'base64').toString('latin1'))
  })

  it('the key out of reach of who does not know the passphrase; a wrong one changes nothing', async () => {
    await fresh()
    expect(await run(`
      const { hash } = await n.capture(book, made())
      const record = await book.db.get('device', 'this')
      const wrong = await n.unlockByPassphrase(book.db, record, 'long enough word')
      const again = await n.unlockByPassphrase(book.db, record, 'long enough words')
      return [wrong, [...(await n.readVersions(again, audit)).keys()].join() === hash, book.key.extractable, (await counts()).outbox]`)).toEqual(['wrong', true, false, 1])
  })

  it('a capture whole or not at all, and with it the end of its draft', async () => {
    await fresh()
    expect(await run(`
      const draft = await n.draftKey({ audit, kind: 'photo', criterion: 'RE-08.5', place: '', item: n.v7() })
      await n.writeDraft(book, draft, { item: n.v7(), over: [], fields: {} })
      await n.writePieces(book, draft, [bytes(10)])
      const put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = function (...all) { if (this.name === 'chains') throw new DOMException('full', 'QuotaExceededError'); return put.apply(this, all) }
      const failed = await n.capture(book, made({ files: [{ part: 'small', type: 'image/jpeg', bytes: bytes(3000000) }], draft })).then(() => 'kept', error => n.isFull(error))
      const before = await counts()
      IDBObjectStore.prototype.put = put
      await n.capture(book, made({ files: [{ part: 'small', type: 'image/jpeg', bytes: bytes(3000000) }], draft }))
      return [failed, before, await counts()]`)).toEqual([true,
      { device: 1, chains: 0, audits: 0, versions: 0, outbox: 0, files: 0, chunks: 0, drafts: 1, pieces: 1, reserve: 0 },
      { device: 1, chains: 1, audits: 0, versions: 1, outbox: 1, files: 1, chunks: 3, drafts: 0, pieces: 0, reserve: 0 }])
  })

  it('one chain, however many captures at once', async () => {
    await fresh()
    expect(await run(`
      await Promise.all(Array.from({ length: 8 }, () => n.capture(book, made())))
      const known = await n.readVersions(book, audit), previous = [...known.values()].map(({ version }) => version.previous)
      return [known.size, new Set(previous).size, previous.filter(one => one === '').length]`)).toEqual([8, 8, 1])
  })

  it('the same hash as the server reckons', async () => {
    await fresh()
    const [hash, text] = await run<[string, string]>(`const { hash, known } = await n.capture(book, made({ content: { text: '髙﨑 ½ 🚪', people: 3 } })); return [hash, n.versionText(known.version)]`)
    const { createHash } = await import('node:crypto')
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash)
  })

  it('an item in the outbox until the server named its hash: lost answers, other hashes, faults', async () => {
    await fresh()
    await run('await n.capture(book, made()); await n.capture(book, made())')
    const attempt = () => run<[string, number]>('const outcome = await n.syncAll(book, () => undefined); return [outcome, (await counts()).outbox]')
    answer = () => ({ hangUp: true })
    expect(await attempt()).toEqual(['away', 2])
    answer = () => ({ status: 401 })
    expect(await attempt()).toEqual(['signed_out', 2])
    answer = () => ({ status: 503 })
    expect(await attempt()).toEqual(['unwell', 2])
    answer = () => ({ body: synced({ confirmed: [{ hash: 'f'.repeat(64), arrived: 'merged' }] }) })
    expect(await attempt()).toEqual(['sent', 2])
    answer = one => ({ body: synced({ confirmed: hashesIn(one).slice(0, 1).map(hash => ({ hash, arrived: 'merged' })), refused: hashesIn(one).slice(1).map(hash => ({ hash, reason: 'too_big' })) }) })
    expect(await attempt()).toEqual(['sent', 1])
    expect(await run('return [await n.waiting(book), [...(await n.readVersions(book, audit)).values()].filter(({ serverAt }) => serverAt).length]')).toEqual([{ items: 1, photos: 0, originals: 0, refused: 1, drafts: 0 }, 1])
  })

  it('a photo until its last byte arrived, and goes on in its middle', async () => {
    await fresh()
    await run("await n.capture(book, made({ kind: 'photo', files: [{ part: 'original', type: 'image/jpeg', bytes: bytes(2500000, 5) }, { part: 'small', type: 'image/jpeg', bytes: bytes(1000, 6) }] }))")
    const arrived = new Map<string, Buffer>()
    let budget = 1_100_000
    const state = (bytes: Buffer, complete: boolean) => ({ 'upload-offset': String(bytes.length), 'upload-complete': complete ? '?1' : '?0' })
    const put = ({ headers, body }: Asked, sha256: string, have: Buffer): Said => {
      if (Number(headers['upload-offset']) !== have.length) return { status: 409, headers: state(have, false) }
      const came = body.subarray(0, budget), whole = Buffer.concat([have, came])
      budget -= came.length
      arrived.set(sha256, whole)
      return came.length < body.length ? { hangUp: true } : { headers: state(whole, whole.length === Number(headers['upload-length'])) }
    }
    answer = one => {
      if (one.url === '/notebook/sync') return { body: synced({ confirmed: hashesIn(one).map(hash => ({ hash, arrived: 'merged' })) }) }
      const sha256 = one.url.split('/')[4]?.split('?')[0] ?? '', have = arrived.get(sha256) ?? Buffer.alloc(0)
      return one.method === 'HEAD' ? { headers: state(have, have.length === 1000 || have.length === 2_500_000) } : put(one, sha256, have)
    }
    const attempt = () => run<[string, object]>('const outcome = await n.syncAll(book, () => undefined); return [outcome, await n.waiting(book)]')
    expect(await attempt()).toEqual(['away', { items: 0, photos: 0, originals: 1, refused: 0, drafts: 0 }])
    budget = Number.POSITIVE_INFINITY
    const before = asked.length
    expect(await attempt()).toEqual(['sent', { items: 0, photos: 0, originals: 0, refused: 0, drafts: 0 }])
    const offsets = (some: Asked[]) => some.filter(({ method }) => method === 'PUT').map(({ headers }) => Number(headers['upload-offset']))
    expect(asked.find(({ method }) => method === 'PUT')?.headers['upload-length']).toBe('1000') // the small copy first
    expect(offsets(asked.slice(before))).toEqual([1_099_000, 2_097_152]) // only what is missing travels again
    expect([...arrived.values()].map(bytes => [bytes.length, new Set(bytes).size])).toEqual([[1000, 1], [2_500_000, 1]])
    expect(await run('return (await counts()).chunks')).toBe(1) // the small copy stays, the original has gone
  })

  it('the same picture for two audits: each gets its own, and an original leaves when its own audit has it', async () => {
    await fresh()
    await run(`for (const applicationId of [audit, n.v7()]) await n.capture(book, made({ applicationId, kind: 'photo', files: [{ part: 'original', type: 'image/png', bytes: bytes(2000, 5) }] }))`)
    let takes = 1
    answer = one => {
      if (one.url === '/notebook/sync') return { body: synced({ confirmed: hashesIn(one).map(hash => ({ hash, arrived: 'merged' })) }) }
      if (one.method === 'HEAD') return { headers: { 'upload-offset': '0', 'upload-complete': '?0' } }
      takes -= 1
      return takes < 0 ? { status: 503 } : { headers: { 'upload-offset': '2000', 'upload-complete': '?1' } }
    }
    const attempt = () => run('const outcome = await n.syncAll(book, () => undefined); return [outcome, (await n.waiting(book)).originals, (await counts()).chunks]')
    expect(await attempt()).toEqual(['unwell', 1, 1])
    takes = 1
    expect(await attempt()).toEqual(['sent', 0, 0])
    expect(new Set(asked.filter(({ method, body }) => method === 'PUT' && body.length === 2000).map(({ url }) => url.split('/')[3])).size).toBe(2)
  })

  it('the photos after one whose version was refused: they go, it waits', async () => {
    await fresh()
    await run("for (const value of [5, 6]) await n.capture(book, made({ kind: 'photo', files: [{ part: 'small', type: 'image/jpeg', bytes: bytes(1000, value) }] }))")
    let refused = ''
    const files = ({ url, method }: Asked): Said => (url.includes(refused) ? { status: 404 } : { headers: { 'upload-offset': '1000', 'upload-complete': method === 'PUT' ? '?1' : '?0' } })
    answer = one => {
      if (one.url !== '/notebook/sync') return files(one)
      const { versions } = JSON.parse(one.body.toString()) as { versions: { hash: string; version: { files: { sha256: string }[] } }[] }, [first, ...others] = versions
      refused = first?.version.files[0]?.sha256 ?? refused
      return { body: synced({ confirmed: others.map(({ hash }) => ({ hash, arrived: 'merged' })), refused: first ? [{ hash: first.hash, reason: 'unreadable' }] : [] }) }
    }
    expect(await run('return [await n.syncAll(book, () => undefined), await n.waiting(book)]')).toEqual(['sent', { items: 1, photos: 1, originals: 0, refused: 1, drafts: 0 }])
  })

  it('its patience: an answer that leads nowhere is not asked for again at once', { timeout: 20_000 }, async () => {
    await fresh()
    await run("await n.capture(book, made({ kind: 'photo', files: [{ part: 'small', type: 'image/jpeg', bytes: bytes(1000, 5) }] }))")
    const attempt = async () => { asked.length = 0; return [await Promise.race([run('return n.syncAll(book, () => undefined)'), new Promise(done => setTimeout(() => done('for ever'), 3000))]), asked.length] }
    answer = () => ({ body: {} })
    expect(await attempt()).toEqual(['unwell', 1])
    answer = one => ({ body: synced({ more: true, confirmed: hashesIn(one).map(hash => ({ hash, arrived: 'merged' })) }) })
    expect(await attempt()).toEqual(['unwell', 2])
    answer = one => (one.url === '/notebook/sync' ? { body: synced() } : {}) // 200, without its headers
    expect(await attempt()).toEqual(['unwell', 3])
    expect(await run('return (await n.waiting(book)).photos')).toBe(1)
  })

  it('a picture as what it is, whatever the picker called it', async () => {
    await fresh()
    expect(await run(`
      const canvas = Object.assign(document.createElement('canvas'), { width: 30, height: 30 })
      const told = [['image/jpeg', 'application/octet-stream'], ['image/jpeg', ''], ['image/png', 'image/jpeg'], ['image/webp', '']]
      canvas.getContext('2d').fillRect(0, 0, 9, 9)
      return Promise.all(told.map(async ([type, said]) => (await n.asPhoto(new Uint8Array(await (await new Promise(done => canvas.toBlob(done, type))).arrayBuffer()), said, true))[1].type))`)).toEqual(['image/jpeg', 'image/jpeg', 'image/png', 'image/webp'])
  })

  it('a note with half an emoji in it', async () => {
    await fresh()
    expect(await run("return (await n.capture(book, made({ content: { text: '段差 \\ud83d', answers: { a: '🚪\\udc00' } } }))).known.version.content")).toEqual({ text: '段差 \ufffd', answers: { a: '🚪\ufffd' } })
  })

  it('no place in a picture, also behind fill bytes', async () => {
    await fresh()
    const taken = jpegWithPlace(), filled = Buffer.concat([taken.subarray(0, 2), Buffer.from([0xff, 0xff, 0xff]), taken.subarray(2)])
    expect(filled.includes(latitude)).toBe(true)
    const kept = await run<string>(`
      const [, original] = await n.asPhoto(Uint8Array.from(atob('${filled.toString('base64')}'), letter => letter.charCodeAt(0)), 'image/jpeg', false)
      return btoa(String.fromCharCode(...original.bytes))`)
    expect([Buffer.from(kept, 'base64').includes(latitude), Buffer.from(kept, 'base64').length > 200]).toEqual([false, true])
  })

  it('nothing after a wipe', async () => {
    await fresh()
    await run('await n.capture(book, made())')
    answer = ({ url }) => (url === '/notebook/sync' ? { body: synced({ wipe: true }) } : {})
    expect(await run(`
      const outcome = await n.syncAll(book, () => undefined)
      await n.wipe(book.db, book.device)
      return [outcome, (await indexedDB.databases()).length, Object.keys(localStorage).length]`)).toEqual(['wiped', 0, 0])
    expect(asked.at(-1)?.url).toMatch(/^\/notebook\/devices\/[0-9a-f-]{36}\/wiped$/)
  })
})

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocumentMissing, newDocumentKey, StorageUnavailable, type Documents } from '../../server/adapters/documents.ts'
import { adoptionContract } from './adoption-contract.ts'
import { memoryWatch } from './memory.ts'

export type Store = {
  documents: Documents
  /** The store dies, at once; `revive` brings it back with what it held. */
  kill(): Promise<void>
  revive(): Promise<void>
  /** Half-written things: drafts on a disk, parts of uploads in a bucket. */
  unfinished(): Promise<string[]>
  close(): Promise<void>
}

const MB = 1024 * 1024
const type = 'application/octet-stream'

/** What every document store promises, tried on a real one. */
export function documentsContract(open: () => Promise<Store>) {
  let store: Store
  let documents: Documents
  beforeAll(async () => {
    store = await open()
    documents = store.documents
  })
  afterAll(() => store?.close())

  const keep = async (text: string) => {
    const key = newDocumentKey()
    await documents.put(key, bytes(text), { type })
    return key
  }
  const read = async (key: string, range?: { start: number; end: number }) => (await gather(await documents.get(key, range))).toString('utf8')

  describe('keeping and reading', () => {
    it('gives back what was put, and says its size and hash', async () => {
      const key = newDocumentKey()
      expect(await documents.put(key, bytes('賃金', '台帳'), { type })).toEqual({ size: 12, sha256: createHash('sha256').update('賃金台帳').digest('hex') })
      expect(await documents.head(key)).toEqual({ size: 12 })
      expect(await read(key)).toBe('賃金台帳')
    })

    it('keeps an empty document', async () => {
      const key = newDocumentKey()
      expect(await documents.put(key, bytes(), { type })).toMatchObject({ size: 0 })
      expect(await documents.head(key)).toEqual({ size: 0 })
      expect(await read(key)).toBe('')
    })

    it('reads inclusive ranges', async () => {
      const key = await keep('0123456789')
      expect(await read(key, { start: 0, end: 0 })).toBe('0')
      expect(await read(key, { start: 2, end: 5 })).toBe('2345')
      expect(await read(key, { start: 7, end: 9 })).toBe('789')
      expect(await read(key, { start: 7, end: 99 })).toBe('789')
    })

    it('refuses a range beyond the end, and one that runs backwards', async () => {
      const key = await keep('0123456789')
      await expect(documents.get(key, { start: 10, end: 12 })).rejects.toThrow(RangeError)
      await expect(documents.get(key, { start: 5, end: 4 })).rejects.toThrow(RangeError)
    })

    it('streams 50 MB with flat memory, there and back', async () => {
      const key = newDocumentKey()
      const allowed = 30 * MB, memory = memoryWatch(allowed)
      const put = await documents.put(key, megabytes(50, memory.look), { type })
      const back = createHash('sha256')
      let size = 0
      let looked = 0
      for await (const chunk of await documents.get(key) as AsyncIterable<Uint8Array>) {
        back.update(chunk)
        size += chunk.length
        if (size - looked < 5 * MB) continue
        looked = size
        memory.look()
      }
      expect({ size, sha256: back.digest('hex') }).toEqual(put)
      expect(size).toBe(50 * MB)
      expect(memory.worst()).toBeLessThan(allowed)
      await documents.delete(key)
    })

    it('takes 20 documents at once without mixing them', async () => {
      const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(1000 + index))
      const keys = await Promise.all(texts.map(keep))
      expect(new Set(keys).size).toBe(20)
      expect(await Promise.all(keys.map(key => read(key)))).toEqual(texts)
    })
  })

  adoptionContract(() => store)

  describe('missing and foreign', () => {
    it('says that a document is missing', async () => {
      const key = newDocumentKey()
      await expect(documents.get(key)).rejects.toThrow(DocumentMissing)
      expect(await documents.head(key)).toBeUndefined()
    })

    it('deletes, and deleting twice is no error', async () => {
      const key = await keep('gone')
      await documents.delete(key)
      await documents.delete(key)
      expect(await documents.head(key)).toBeUndefined()
    })

    it.each(['', 'short', '../../../../etc/passwd-----', 'A'.repeat(28), 'a'.repeat(29), `${'a'.repeat(27)}/`, `${'a'.repeat(27)}\n`, '賃'.repeat(28)])('refuses the key %j', async key => {
      await expect(documents.put(key, bytes('x'), { type })).rejects.toThrow('not a document key')
      await expect(documents.get(key)).rejects.toThrow('not a document key')
      await expect(documents.head(key)).rejects.toThrow('not a document key')
      await expect(documents.delete(key)).rejects.toThrow('not a document key')
    })

    it('lists everything that is kept, with size and time', async () => {
      const [small, large] = [await keep('1'), await keep('12345')]
      const listed = await collected(documents.list())
      expect(listed.find(({ key }) => key === small)).toEqual({ key: small, size: 1, at: expect.any(Date) })
      expect(listed.find(({ key }) => key === large)).toMatchObject({ size: 5 })
      expect(Math.abs(Date.now() - (listed[0]?.at.getTime() ?? 0))).toBeLessThan(120_000)
    })
  })

  describe('a body that breaks', () => {
    it.each([['before the first byte', 0], ['early', 1], ['in the middle of a large one', 12]])('leaves nothing: %s', async (_, after) => {
      const key = newDocumentKey()
      const broken = new Error('the sender hung up')
      await expect(documents.put(key, breaking(after, broken), { type })).rejects.toBe(broken)
      expect(await documents.head(key)).toBeUndefined()
      expect(await store.unfinished()).toEqual([])
    })
  })

  describe('a store that dies', () => {
    it('says so in the middle of an upload, keeps nothing of it, and serves again afterwards', async () => {
      const before = await keep('before')
      const key = newDocumentKey()
      const killing = async function* () {
        yield* megabytes(12)
        await store.kill()
        yield* megabytes(12)
      }
      await expect(documents.put(key, killing(), { type })).rejects.toThrow(StorageUnavailable)
      await expect(documents.ready()).rejects.toThrow(StorageUnavailable)
      await expect(documents.put(newDocumentKey(), bytes('x'), { type })).rejects.toThrow(StorageUnavailable)
      await expect(documents.get(before)).rejects.toThrow(StorageUnavailable)
      await expect(documents.head(before)).rejects.toThrow(StorageUnavailable)
      await expect(documents.delete(before)).rejects.toThrow(StorageUnavailable)
      await expect(collected(documents.list())).rejects.toThrow(StorageUnavailable)

      await store.revive()
      await documents.ready()
      expect(await read(before)).toBe('before')
      expect(await documents.head(key)).toBeUndefined()
      expect(await read(await keep('after'))).toBe('after')
    })

    it('leaves its half of that upload until it is swept, and younger ones are let be', async () => {
      const left = await store.unfinished()
      expect(left.length).toBe(1)
      expect(await documents.sweepUnfinished(new Date(0))).toBe(0)
      expect(await store.unfinished()).toEqual(left)
      expect(await documents.sweepUnfinished(new Date(Date.now() + 60_000))).toBe(1)
      expect(await store.unfinished()).toEqual([])
    })
  })
}

export async function* bytes(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

/** Different bytes in every megabyte, in pieces of 64 KiB as a socket gives them. */
export async function* megabytes(count: number, everyFive: (sent: number) => void = () => undefined): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    if (index % 5 === 4) everyFive(index)
    for (let piece = 0; piece < 16; piece++) yield Buffer.alloc(64 * 1024, `${index}/${piece},`)
  }
}

async function* breaking(afterMegabytes: number, error: Error) {
  yield* megabytes(afterMegabytes)
  throw error
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export const gather = async (stream: AsyncIterable<Uint8Array>) => Buffer.concat(await collected(stream))

import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import { newDocumentKey } from '../../server/adapters/documents.ts'
import { bytes, collected, documentsContract, gather, megabytes } from '../support/documents-contract.ts'
import { memoryWatch } from '../support/memory.ts'

const type = 'text/plain'

describe('documents on disk', () => {
  documentsContract(async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'documents-'))
    const root = path.join(directory, 'store')
    const away = path.join(directory, 'away')
    return {
      documents: diskDocuments(root),
      async kill() { // the disk is gone, and something that is no directory lies in its place
        await rename(root, away)
        await writeFile(root, '')
      },
      async revive() {
        await rm(root)
        await rename(away, root)
      },
      unfinished: () => readdir(path.join(root, 'tmp')),
      close: () => rm(directory, { recursive: true }),
    }
  })
})

describe('documents on disk only', () => {
  let root: string
  beforeAll(async () => { root = await mkdtemp(path.join(tmpdir(), 'documents-')) })
  afterAll(() => rm(root, { recursive: true }))

  it('never writes over a key', async () => {
    const documents = diskDocuments(root)
    const key = newDocumentKey()
    await documents.put(key, bytes('first'), { type })
    await expect(documents.put(key, bytes('second'), { type })).rejects.toThrow('this document key is in use')
    expect((await gather(await documents.get(key))).toString()).toBe('first')
  })

  it('lets nobody else on the machine read', async () => {
    const key = newDocumentKey()
    await diskDocuments(root).put(key, bytes('secret'), { type })
    const file = path.join(root, key.slice(0, 2), key.slice(2, 4), key)
    expect(await readFile(file, 'utf8')).toBe('secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700)
  })

  it('sweeps old drafts and leaves running uploads alone', async () => {
    await mkdir(path.join(root, 'tmp'), { recursive: true })
    for (const [name, hour] of [['old', 0], ['new', 2]] as const) {
      await writeFile(path.join(root, 'tmp', name), name)
      await utimes(path.join(root, 'tmp', name), hour * 3600, hour * 3600)
    }
    expect(await diskDocuments(root).sweepUnfinished(new Date(3600_000))).toBe(1)
    expect(await readdir(path.join(root, 'tmp'))).toEqual(['new'])
  })
})

describe('the measure of memory', () => {
  it('sees a body that is held whole', async () => {
    const memory = memoryWatch()
    const whole = await collected(megabytes(50))
    memory.look()
    expect(memory.worst()).toBeGreaterThan(45 * 1024 * 1024)
    expect(whole.length).toBe(800)
  })
})

describe('keys', () => {
  it('are 28 of [a-z0-9], never the same', () => {
    const keys = Array.from({ length: 1000 }, newDocumentKey)
    expect(new Set(keys).size).toBe(1000)
    expect(keys.every(key => /^[a-z0-9]{28}$/.test(key))).toBe(true)
    expect(new Set(keys.join('')).size).toBe(36)
  })
})

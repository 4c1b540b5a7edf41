import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyUsedTwice, newDocumentKey, StorageUnavailable } from '../../server/adapters/documents.ts'
import { bytes, gather, megabytes, type Store } from './documents-contract.ts'
import { memoryWatch } from './memory.ts'

const MB = 1024 * 1024
const type = 'application/octet-stream'

/** What every store promises of a finished file that it takes over. */
export function adoptionContract(store: () => Store) {
  const read = async (key: string) => (await gather(await store().documents.get(key))).toString('utf8')

  describe('taking over a finished file of this machine', () => {
    let directory = ''
    beforeAll(async () => { directory = await mkdtemp(path.join(tmpdir(), 'spool-')) })
    afterAll(() => rm(directory, { recursive: true }))
    const spooled = async (body: AsyncIterable<Uint8Array>) => {
      const file = path.join(directory, newDocumentKey())
      await pipeline(body, createWriteStream(file))
      return file
    }

    it('leaves the file where it is, and needs it no longer', async () => {
      const key = newDocumentKey(), file = await spooled(bytes('消火器'))
      await store().documents.adopt(key, file, { type })
      expect([await read(key), await readFile(file, 'utf8')]).toEqual(['消火器', '消火器'])
      await rm(file)
      expect([await read(key), await store().documents.head(key)]).toEqual(['消火器', { size: 9 }])
    })

    it('takes one that is larger than a part, and an empty one', async () => {
      const [large, empty] = [newDocumentKey(), newDocumentKey()], memory = memoryWatch()
      await store().documents.adopt(large, await spooled(megabytes(17)), { type })
      memory.look()
      await store().documents.adopt(empty, await spooled(bytes()), { type })
      const hash = async (source: AsyncIterable<Uint8Array>) => {
        const sha = createHash('sha256')
        for await (const chunk of source) sha.update(chunk)
        return sha.digest('hex')
      }
      expect([await store().documents.head(large), await store().documents.head(empty), await hash(await store().documents.get(large))]).toEqual([{ size: 17 * MB }, { size: 0 }, await hash(megabytes(17))])
      expect([memory.worst() < 30 * MB, await store().unfinished()]).toEqual([true, []])
      await store().documents.delete(large)
    })

    it('never under a key that is in use: what is there stays', async () => {
      const key = newDocumentKey()
      await store().documents.put(key, bytes('the first'), { type })
      await expect(store().documents.adopt(key, await spooled(bytes('the second')), { type })).rejects.toThrow(KeyUsedTwice)
      expect(await read(key)).toBe('the first')
    })

    it('says to come again when the file is gone, keeps nothing, and goes on', async () => {
      const key = newDocumentKey()
      await expect(store().documents.adopt(key, path.join(directory, 'gone'), { type })).rejects.toThrow(StorageUnavailable)
      expect([await store().documents.head(key), await store().unfinished()]).toEqual([undefined, []])
      await store().documents.adopt(key, await spooled(bytes('again')), { type })
      expect(await read(key)).toBe('again')
    })

    it('says that the store is away, leaves the file alone, and takes it when the store is back', async () => {
      const key = newDocumentKey(), file = await spooled(megabytes(6))
      await store().kill()
      await expect(store().documents.adopt(key, file, { type })).rejects.toThrow(StorageUnavailable)
      expect((await stat(file)).size).toBe(6 * MB)
      await store().revive()
      expect(await store().documents.head(key)).toBeUndefined()
      await store().documents.adopt(key, file, { type })
      expect(await store().documents.head(key)).toEqual({ size: 6 * MB })
      await store().documents.delete(key)
    })
  })
}

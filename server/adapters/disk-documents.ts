import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, link, mkdir, open, opendir, readdir, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { assertDocumentKey, DocumentMissing, isDocumentKey, KeyUsedTwice, measured, StorageUnavailable, translated, type Documents } from './documents.ts'

/** Documents below `root`, as files nobody else on the machine may read. Back it up together with the database. */
export function diskDocuments(root: string): Documents {
  const unfinished = path.join(root, 'tmp')
  const directoryOf = (key: string) => path.join(root, key.slice(0, 2), key.slice(2, 4))
  const fileOf = (key: string) => {
    assertDocumentKey(key)
    return path.join(directoryOf(key), key)
  }
  const put: Documents['put'] = async (key, body) => {
    const file = fileOf(key)
    const source = measured(body)
    const draft = path.join(unfinished, randomUUID())
    try {
      await makeDirectory(unfinished)
      await makeDirectory(path.dirname(file))
      const opened = await open(draft, 'wx', 0o600) // before the body is asked: one that breaks at once would be removed before it is there
      await pipeline(source.chunks, opened.createWriteStream({ flush: true })) // flush: fsync before close
      await link(draft, file).catch(onlyNew) // unlike rename, never replaces what is there
      await syncDirectory(path.dirname(file)).catch(error => rm(file, { force: true }).finally(() => { throw error }))
    } catch (error) {
      throw source.failure()?.error ?? (error instanceof KeyUsedTwice ? error : unavailable(error))
    } finally {
      await rm(draft, { force: true }).catch(() => undefined) // the sweep removes what cannot be removed now
    }
    return source.result()
  }
  return {
    put,
    async adopt(key, file, about) {
      const kept = fileOf(key)
      await makeDirectory(path.dirname(kept)).catch(error => { throw unavailable(error) })
      const now = new Date() // a second name keeps the age of the first, and to the sweep of orphans an old file that no row knows yet is one
      await utimes(file, now, now).catch(error => { throw unavailable(error) })
      const linked = await link(file, kept).then(() => true, error => {
        if (error.code === 'EXDEV' || error.code === 'EPERM' || error.code === 'EMLINK') return false // another disk, or one that gives a file one name only
        throw error.code === 'EEXIST' ? new KeyUsedTwice('this document key is in use') : unavailable(error)
      })
      if (linked) await syncDirectory(path.dirname(kept)).catch(error => rm(kept, { force: true }).finally(() => { throw unavailable(error) }))
      else await put(key, createReadStream(file), about)
    },
    async get(key, range) {
      const handle = await open(fileOf(key)).catch(error => { throw isMissing(error) ? new DocumentMissing(key) : unavailable(error) })
      const { size } = await handle.stat()
      if (range && (range.start >= size || range.end < range.start)) {
        await handle.close()
        throw new RangeError(`bytes ${range.start}-${range.end} of ${size}`)
      }
      return translated(handle.createReadStream({ ...range, highWaterMark: 256 * 1024 }), unavailable)
    },
    async head(key) {
      const found = await unlessMissing(stat(fileOf(key)))
      return found && { size: found.size }
    },
    async delete(key) {
      await rm(fileOf(key), { force: true }).catch(error => { throw unavailable(error) })
    },
    async *list() {
      for await (const file of filesBelow(root)) {
        const key = path.basename(file)
        const found = isDocumentKey(key) ? await unlessMissing(stat(file)) : undefined
        if (found) yield { key, size: found.size, at: found.mtime }
      }
    },
    async sweepUnfinished(before) {
      const drafts = await unlessMissing(readdir(unfinished)) ?? []
      const old = await Promise.all(drafts.map(async draft => {
        const found = await unlessMissing(stat(path.join(unfinished, draft)))
        return found && found.mtime < before ? [path.join(unfinished, draft)] : []
      }))
      await Promise.all(old.flat().map(draft => rm(draft, { force: true })))
      return old.flat().length
    },
    async ready() {
      await makeDirectory(unfinished).then(() => access(unfinished, constants.W_OK)).catch(error => { throw unavailable(error) })
    },
  }
}

const onlyNew = (error: NodeJS.ErrnoException) => { throw error.code === 'EEXIST' ? new KeyUsedTwice('this document key is in use') : error }

const makeDirectory = (directory: string) => mkdir(directory, { recursive: true, mode: 0o700 })

// The name must survive a power cut as the bytes do.
async function syncDirectory(directory: string) {
  const handle = await open(directory)
  await handle.sync().finally(() => handle.close())
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await unlessMissing(opendir(directory))
  if (!entries) return
  for await (const entry of entries) {
    const found = path.join(directory, entry.name)
    if (entry.isDirectory() && entry.name !== 'tmp') yield* filesBelow(found)
    if (entry.isFile()) yield found
  }
}

const unlessMissing = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch(error => { if (isMissing(error)) return undefined; throw unavailable(error) })

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

// Full, read-only, gone, failing: the world's fault. A key used twice is ours.
function unavailable(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : error
  return new StorageUnavailable(`disk: ${code}`, { cause: error })
}

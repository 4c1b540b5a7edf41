import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StorageUnavailable } from './documents.ts'

/**
 * Where a file grows that arrives in pieces: on this machine's disk, never in memory. What is lost here (another server, a new machine) is sent again from
 * its first byte. Names are ours. Throws StorageUnavailable when the disk fails; what the sender's stream throws is thrown on, and what came before it stays.
 */
export type Spool = {
  size(name: string): Promise<number>
  /** What is there already, for whoever has to see all of it. */
  read(name: string): AsyncIterable<Uint8Array>
  /** To the end of it, and onto the platter. */
  append(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void>
  fileOf(name: string): string
  discard(name: string): Promise<void>
  /** Removes what nobody went on with since `before`. */
  sweep(before: Date): Promise<number>
}

export function diskSpool(root: string): Spool {
  const fileOf = (name: string) => {
    if (!/^[\w.-]{1,200}$/.test(name) || name.startsWith('.')) throw new Error('not a name of the spool')
    return path.join(root, name)
  }
  const sizeOf = (file: string) => stat(file).then(({ size }) => size, unlessMissing(0))
  return {
    fileOf,
    size: name => sizeOf(fileOf(name)),
    read: name => createReadStream(fileOf(name), { highWaterMark: 1024 * 1024 }),
    async append(name, chunks) {
      let fault: unknown
      async function* watched() {
        try {
          yield* chunks
        } catch (error) {
          fault = error
          throw error
        }
      }
      await mkdir(root, { recursive: true, mode: 0o700 }).catch(unavailable)
      await pipeline(watched, createWriteStream(fileOf(name), { flags: 'a', mode: 0o600, flush: true, highWaterMark: 1024 * 1024 })).catch(error => { throw fault ?? unavailable(error) })
    },
    discard: name => rm(fileOf(name), { force: true }).catch(unavailable),
    async sweep(before) {
      const names = await readdir(root).catch(unlessMissing<string[]>([]))
      const old = await Promise.all(names.map(async name => ((await stat(path.join(root, name)).catch(() => null))?.mtime ?? before) < before ? [name] : []))
      await Promise.all(old.flat().map(name => rm(path.join(root, name), { force: true })))
      return old.flat().length
    },
  }
}

const unlessMissing = <T>(instead: T) => (error: NodeJS.ErrnoException): T => (error.code === 'ENOENT' ? instead : unavailable(error))

function unavailable(error: unknown): never {
  throw new StorageUnavailable(`spool: ${error instanceof Error && 'code' in error ? error.code : error}`, { cause: error })
}

import { seal, unseal, type Sealed } from './sealing.ts'
import type { ChunkKey, FileKey, Notebook } from './store.ts'

export const chunkBytes = 1024 * 1024
export type Chunk = { at: ChunkKey; sealed: Sealed }
const named = (at: ChunkKey) => at.join('/')

/** A file as it is kept and as it travels: pieces of a mebibyte, each sealed by itself. */
export async function chunked(key: CryptoKey, file: FileKey, bytes: Uint8Array<ArrayBuffer>): Promise<Chunk[]> {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  return Promise.all(Array.from({ length: count }, async (_, nth) => {
    const at: ChunkKey = [...file, nth]
    return { at, sealed: await seal(key, named(at), bytes.slice(nth * chunkBytes, (nth + 1) * chunkBytes)) }
  }))
}

export async function readChunk({ db, key }: Notebook, at: ChunkKey): Promise<Uint8Array<ArrayBuffer> | null> {
  const sealed = await db.get('chunks', at)
  return sealed ? unseal(key, named(at), sealed) : null
}

/** The whole file, or null where this device does not have it (an original that has gone, a colleague's photo). */
export async function readFile(notebook: Notebook, file: FileKey): Promise<Blob | null> {
  const record = await notebook.db.get('files', file)
  if (!record) return null
  const parts = await Promise.all(Array.from({ length: record.chunks }, (_, nth) => readChunk(notebook, [...file, nth])))
  return parts.some(part => part === null) ? null : new Blob(parts.map(part => part ?? new Uint8Array()), { type: record.type })
}

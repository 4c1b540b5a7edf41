import { seal, unseal, type Sealed } from './sealing.ts'
import type { Notebook } from './store.ts'

export const chunkBytes = 1024 * 1024
export type Chunk = { at: [sha256: string, nth: number]; sealed: Sealed }

/** A file as it is kept and as it travels: pieces of a mebibyte, each sealed by itself. */
export async function chunked(key: CryptoKey, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<Chunk[]> {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  return Promise.all(Array.from({ length: count }, async (_, nth) => ({ at: [sha256, nth] as [string, number], sealed: await seal(key, `${sha256}/${nth}`, bytes.slice(nth * chunkBytes, (nth + 1) * chunkBytes)) })))
}

export async function readChunk({ db, key }: Notebook, sha256: string, nth: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const sealed = await db.get('chunks', [sha256, nth])
  return sealed ? unseal(key, `${sha256}/${nth}`, sealed) : null
}

/** The whole file, or null where this device does not have it (an original that has gone, a colleague's photo). */
export async function readFile(notebook: Notebook, sha256: string): Promise<Blob | null> {
  const record = await notebook.db.get('files', sha256)
  if (!record) return null
  const parts = await Promise.all(Array.from({ length: record.chunks }, (_, nth) => readChunk(notebook, sha256, nth)))
  return parts.some(part => part === null) ? null : new Blob(parts.map(part => part ?? new Uint8Array()), { type: record.type })
}

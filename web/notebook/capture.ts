import type { Plain } from '../../server/domain/dossier.ts'
import { versionText, type ItemFile, type ItemVersion } from '../../server/domain/notebook.ts'
import { chunked, type Chunk } from './chunks.ts'
import { draftRange } from './drafts.ts'
import { withRoom } from './quota.ts'
import { sealJson, sha256, text } from './sealing.ts'
import { strict, type Notebook } from './store.ts'

export type NewFile = Pick<ItemFile, 'part' | 'type'> & { bytes: Uint8Array<ArrayBuffer> }
export type NewVersion = Pick<ItemVersion, 'item' | 'applicationId' | 'kind' | 'criterion' | 'place' | 'content' | 'over' | 'struck'> & { files: NewFile[]; kept?: ItemFile[]; draft?: string }
/** A version as this device knows it. `serverAt` and `by` once the server named it. */
export type KnownVersion = { version: ItemVersion; by: string | null; serverAt: string | null; arrived: string | null }

/**
 * Keeps one version, whole or not at all: files, version, outbox, chain and the end of its draft are one transaction, and the answer comes when it is on the disk.
 * A tab that is killed before has the draft still; one that is killed after has the version, and no draft to make a second of it.
 */
export const capture = (notebook: Notebook, made: NewVersion): Promise<{ hash: string; known: KnownVersion }> =>
  navigator.locks.request(`notebook-chain-${made.applicationId}`, () => withRoom(notebook.db, () => captureAlone(notebook, made))) // two tabs of one device write one chain

async function captureAlone({ db, key, device }: Notebook, { files, kept = [], draft, ...made }: NewVersion) {
  const hashed = await Promise.all(files.map(async file => ({ ...file, sha256: await sha256(file.bytes), size: file.bytes.length })))
  const previous = await db.get('chains', made.applicationId) ?? ''
  const version: ItemVersion = { ...made, content: wellFormed(made.content) as ItemVersion['content'], files: [...hashed.map(({ part, sha256, size, type }) => ({ part, sha256, size, type })), ...kept], device, deviceAt: new Date().toISOString(), previous }
  const hash = await sha256(text(versionText(version)))
  const known: KnownVersion = { version, by: null, serverAt: null, arrived: null }
  const sealed = await sealJson(key, hash, known)
  const chunks: Chunk[][] = await Promise.all(hashed.map(({ sha256, bytes }) => chunked(key, [made.applicationId, sha256], bytes)))

  const tx = db.transaction(['chunks', 'files', 'versions', 'outbox', 'chains', 'drafts', 'pieces'], 'readwrite', strict)
  const order = Date.now(), audit = version.applicationId
  try {
    const writes: Promise<unknown>[] = chunks.flat().map(({ at, sealed: bytes }) => tx.objectStore('chunks').put(bytes, at))
    for (const [nth, { sha256, part, size, type }] of hashed.entries()) writes.push(tx.objectStore('files').put({ sha256, audit, part, size, type, chunks: chunks[nth]?.length ?? 0, state: 'waiting', reason: null, order }))
    writes.push(tx.objectStore('versions').put({ hash, audit, sealed }), tx.objectStore('outbox').put({ hash, audit, order, refused: null }), tx.objectStore('chains').put(hash, audit))
    if (draft) writes.push(tx.objectStore('drafts').delete(draft), tx.objectStore('pieces').delete(draftRange(draft)))
    await Promise.all([...writes, tx.done])
  } catch (error) {
    abort(tx) // else the records that were already asked for would be kept without the rest
    await tx.done.catch(() => undefined)
    throw error
  }
  return { hash, known }
}

/** Half an emoji, as a deleting thumb leaves it, has no bytes and no hash: a mark stands in its place. As toWellFormed, on phones that lack it. */
function wellFormed(value: Plain): Plain {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd')
  if (Array.isArray(value)) return value.map(wellFormed)
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, wellFormed(one)])) : value
}

function abort(tx: { abort(): void }) {
  try { tx.abort() } catch { /* the browser did so itself */ }
}

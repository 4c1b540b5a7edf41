import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Sealed } from './sealing.ts'
import type { ItemFile } from '../../server/domain/notebook.ts'

export const databaseName = 'akashi-notebook'

/** Who this device is, and its key wrapped by the passphrase. No `wrapped`: setting up was interrupted. */
export type DeviceRecord = { device: string; wrapped?: { salt: Uint8Array<ArrayBuffer>; rounds: number; iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer } }
/** A version that the server has not confirmed. It leaves only when the server named its hash. */
export type OutboxRecord = { hash: string; audit: string; order: number; refused: string | null }
/** One picture in two audits is two files: each goes to its own audit, and leaves the phone when it has arrived there. */
export type FileKey = [audit: string, sha256: string]
export type ChunkKey = [audit: string, sha256: string, nth: number]
export type FileState = 'waiting' | 'sent' | 'refused'
export type FileRecord = { sha256: string; audit: string; part: ItemFile['part']; size: number; type: string; chunks: number; state: FileState; reason: string | null; order: number }

/** Keys are opaque ids and hashes, and so is what lies beside them: whatever has content is Sealed. */
interface Shape extends DBSchema {
  device: { key: 'this'; value: DeviceRecord }
  chains: { key: string; value: string } // of each audit the hash of what this device captured last
  audits: { key: string; value: Sealed }
  versions: { key: string; value: { hash: string; audit: string; sealed: Sealed }; indexes: { audit: string } }
  outbox: { key: string; value: OutboxRecord; indexes: { audit: string } }
  files: { key: FileKey; value: FileRecord; indexes: { audit: string } }
  chunks: { key: ChunkKey; value: Sealed }
  drafts: { key: string; value: Sealed }
  pieces: { key: [draft: string, nth: number]; value: Sealed } // files of what is being captured
  reserve: { key: 'this'; value: Uint8Array<ArrayBuffer> } // noise
}
export type Store = IDBPDatabase<Shape>

/** An open notebook: its key is in the memory of this page and nowhere else. */
export type Notebook = { db: Store; key: CryptoKey; device: string }

export const openStore = (): Promise<Store> => openDB<Shape>(databaseName, 2, {
  upgrade(db, from) {
    if (from < 2) db.createObjectStore('reserve')
    if (from > 0) return
    for (const name of ['device', 'chains', 'audits', 'chunks', 'drafts', 'pieces'] as const) db.createObjectStore(name)
    for (const [name, keyPath] of [['versions', 'hash'], ['outbox', 'hash'], ['files', ['audit', 'sha256']]] as const) db.createObjectStore(name, { keyPath: keyPath as string | string[] }).createIndex('audit', 'audit')
  },
  blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(), // another tab wipes the device
})

/** Strict: the browser answers when the bytes are on the disk, not when it means to write them. */
export const strict: IDBTransactionOptions = { durability: 'strict' }

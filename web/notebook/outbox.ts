import { strict, type FileKey, type FileRecord, type Notebook, type OutboxRecord } from './store.ts'

/** What is only on this phone. */
export type Waiting = { items: number; photos: number; originals: number; refused: number; drafts: number }

export async function waiting({ db }: Pick<Notebook, 'db'>): Promise<Waiting> {
  const [outbox, files, drafts] = await Promise.all([db.getAll('outbox'), db.getAll('files'), db.count('drafts')])
  const unsent = files.filter(({ state }) => state !== 'sent')
  return {
    items: outbox.length, photos: unsent.filter(({ part }) => part === 'small').length, originals: unsent.filter(({ part }) => part === 'original').length,
    drafts, refused: outbox.filter(({ refused }) => refused).length + unsent.filter(({ state }) => state === 'refused').length,
  }
}

/** Of one audit what the server has not confirmed, oldest first. What it refused waits for a person. */
export const unsent = async ({ db }: Notebook, audit: string): Promise<OutboxRecord[]> =>
  (await db.getAllFromIndex('outbox', 'audit', audit)).filter(({ refused }) => !refused).toSorted((one, other) => one.order - other.order)

/** Small copies of everything before any original: a colleague sees the day while the night's network carries the rest. */
export const unsentFiles = async ({ db }: Notebook, audit: string): Promise<FileRecord[]> =>
  (await db.getAllFromIndex('files', 'audit', audit)).filter(({ state }) => state === 'waiting')
    .toSorted((one, other) => Number(one.part === 'original') - Number(other.part === 'original') || one.order - other.order)

export async function refuseVersion({ db }: Notebook, hash: string, reason: string) {
  const record = await db.get('outbox', hash)
  if (record) await db.put('outbox', { ...record, refused: reason })
}

/** The server has every byte: an original leaves this phone, the small copy stays to look at. */
export async function fileArrived({ db }: Notebook, file: FileKey) {
  const tx = db.transaction(['files', 'chunks'], 'readwrite', strict)
  const files = tx.objectStore('files'), record = await files.get(file)
  if (record) await files.put({ ...record, state: 'sent', reason: null })
  if (record?.part === 'original' && record.type.startsWith('image/')) await tx.objectStore('chunks').delete(IDBKeyRange.bound([...file, 0], [...file, record.chunks]))
  await tx.done
}

/** A person pressed "send now": what the server refused is offered once more. */
export async function tryRefusedAgain({ db }: Notebook) {
  const tx = db.transaction(['outbox', 'files'], 'readwrite')
  const outbox = tx.objectStore('outbox'), files = tx.objectStore('files')
  for (const record of await outbox.getAll()) if (record.refused) await outbox.put({ ...record, refused: null })
  for (const record of await files.getAll()) if (record.state === 'refused') await files.put({ ...record, state: 'waiting', reason: null })
  await tx.done
}

export async function refuseFile({ db }: Notebook, file: FileKey, reason: string) {
  const record = await db.get('files', file)
  if (record && record.state !== 'sent') await db.put('files', { ...record, state: 'refused', reason })
}

/** The server misses bytes that this phone thought had gone; where they are still here they go again. */
export async function wantedAgain({ db }: Notebook, audit: string, wanted: readonly string[]) {
  for (const sha256 of wanted) {
    const record = await db.get('files', [audit, sha256])
    if (record?.state === 'sent' && await db.getKey('chunks', [audit, sha256, 0]) !== undefined) await db.put('files', { ...record, state: 'waiting' })
  }
}

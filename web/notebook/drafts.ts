import { seal, sealJson, sha256, text, unseal, unsealJson } from './sealing.ts'
import { strict, type Notebook } from './store.ts'

/** What is being captured: the item's id is given when the form opens, so that the same form kept twice is one item. */
export type Draft = { item: string; fields: { [name: string]: string }; over: string[] }

export const draftKey = (audit: string, kind: string, criterion: string, place: string, item = '') => sha256(text([audit, kind, criterion, place, item].join('\n')))
export const draftRange = (draft: string) => IDBKeyRange.bound([draft, 0], [draft, Number.MAX_SAFE_INTEGER])

export const writeDraft = async ({ db, key }: Notebook, at: string, draft: Draft): Promise<void> => void await db.put('drafts', await sealJson(key, at, draft), at)

export async function readDraft({ db, key }: Notebook, at: string): Promise<Draft | null> {
  const sealed = await db.get('drafts', at)
  return sealed ? unsealJson<Draft>(key, at, sealed) : null
}

export async function dropDraft({ db }: Notebook, at: string) {
  const tx = db.transaction(['drafts', 'pieces'], 'readwrite', strict)
  await Promise.all([tx.objectStore('drafts').delete(at), tx.objectStore('pieces').delete(draftRange(at)), tx.done])
}

/** A photo just taken, a memo being spoken: kept at once, piece by piece, before anybody presses a button. */
export const writePiece = async ({ db, key }: Notebook, at: string, nth: number, bytes: Uint8Array<ArrayBuffer>) => void await db.put('pieces', await seal(key, `${at}/${nth}`, bytes), [at, nth])

export async function readPieces({ db, key }: Notebook, at: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const keys = await db.getAllKeys('pieces', draftRange(at)), sealed = await db.getAll('pieces', draftRange(at))
  return Promise.all(sealed.map((one, nth) => unseal(key, `${at}/${keys[nth]?.[1]}`, one)))
}

export const dropPieces = ({ db }: Notebook, at: string) => db.delete('pieces', draftRange(at))

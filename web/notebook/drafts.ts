import type { ItemKind } from '../../server/domain/notebook.ts'
import { seal, sealJson, sha256, text, unseal, unsealJson } from './sealing.ts'
import { strict, type Notebook } from './store.ts'

export type DraftFor = { audit: string; kind: ItemKind; criterion: string; place: string }
/** What is being captured: the item's id is given when the form opens, so that the same form kept twice is one item. Two tabs that begin at one place begin two items, each with a draft of its own. */
export type Draft = DraftFor & { item: string; fields: { [name: string]: string }; over: string[] }

export const draftKey = ({ audit, kind, criterion, place, item }: Pick<Draft, keyof DraftFor | 'item'>) => sha256(text([audit, kind, criterion, place, item].join('\n')))
export const draftRange = (draft: string) => IDBKeyRange.bound([draft, 0], [draft, Number.MAX_SAFE_INTEGER])

export const writeDraft = async ({ db, key }: Notebook, at: string, draft: Draft): Promise<void> => void await db.put('drafts', await sealJson(key, at, draft), at)

/** All that was begun on this phone and neither kept nor thrown away, by key, the oldest first. */
export async function readDrafts({ db, key }: Notebook): Promise<Map<string, Draft>> {
  const { store } = db.transaction('drafts'), [keys, sealed] = await Promise.all([store.getAllKeys(), store.getAll()])
  const drafts = await Promise.all(sealed.map(async (one, nth) => [keys[nth] ?? '', await unsealJson<Draft>(key, keys[nth] ?? '', one)] as const))
  return new Map(drafts.toSorted(([, one], [, other]) => (one.item < other.item ? -1 : 1)))
}

export async function dropDraft({ db }: Notebook, at: string) {
  const tx = db.transaction(['drafts', 'pieces'], 'readwrite', strict)
  await Promise.all([tx.objectStore('drafts').delete(at), tx.objectStore('pieces').delete(draftRange(at)), tx.done])
}

/** A photo just taken, a memo being spoken: kept at once, before anybody presses a button. All of these pieces or none. */
export async function writePieces({ db, key }: Notebook, at: string, pieces: readonly Uint8Array<ArrayBuffer>[], { from = 0, instead = false } = {}) {
  const sealed = await Promise.all(pieces.map((bytes, nth) => seal(key, `${at}/${from + nth}`, bytes)))
  const tx = db.transaction('pieces', 'readwrite', strict)
  if (instead) void tx.store.delete(draftRange(at))
  await Promise.all([...sealed.map((one, nth) => tx.store.put(one, [at, from + nth])), tx.done])
}

export async function readPieces({ db, key }: Notebook, at: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const keys = await db.getAllKeys('pieces', draftRange(at)), sealed = await db.getAll('pieces', draftRange(at))
  return Promise.all(sealed.map((one, nth) => unseal(key, `${at}/${keys[nth]?.[1]}`, one)))
}

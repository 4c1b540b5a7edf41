import type { Store } from './store.ts'

const reserveBytes = 8 * 1024 * 1024 // a day's words, and the marks of all that is sent

/** How much the browser says that it still gives us; null where it does not say. Chromium names ten gigabytes on every phone, full or not. */
export async function room(): Promise<number | null> {
  const { quota, usage } = await navigator.storage?.estimate?.() ?? {}
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage)
}

/** Asked before a capture begins to be kept, with room to spare: sealed bytes, the browser's own log, and the draft that lies beside. */
export async function fits(bytes: number): Promise<boolean> {
  const left = await room()
  return left === null || left >= 2 * bytes
}

/** Room taken beforehand, because a full phone cannot be foreseen. False: there is none to take. */
export async function layUp(db: Store): Promise<boolean> {
  if (await db.count('reserve') > 0) return true
  const bytes = new Uint8Array(reserveBytes)
  for (let at = 0; at < reserveBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536)) // zeros would be pressed to nothing
  return db.put('reserve', bytes, 'this').then(() => true, (error: unknown) => { if (isFull(error)) return false; throw error })
}

/** A write that found the phone full is made once more with what was laid up; whoever writes is told before the next one. */
export async function withRoom<Value>(db: Store, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write()
  } catch (error) {
    if (!isFull(error)) throw error
    await db.clear('reserve')
    return write()
  }
}

/** Whether the browser promised not to throw the notebook away when the phone is short of space; asks it to where it did not. */
export const persist = async (): Promise<boolean> => (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false

export const isFull = (error: unknown) => error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'AbortError')

/** How much the browser still gives us; null where it does not say. */
export async function room(): Promise<number | null> {
  const { quota, usage } = await navigator.storage?.estimate?.() ?? {}
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage)
}

/** Asked before a capture begins to be kept, with room to spare: sealed bytes, the browser's own log, and the draft that lies beside. */
export async function fits(bytes: number): Promise<boolean> {
  const left = await room()
  return left === null || left >= 2 * bytes
}

/** Asks the browser not to throw the notebook away when the phone is short of space. */
export const persist = async (): Promise<boolean> => (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false

export const isFull = (error: unknown) => error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'AbortError')

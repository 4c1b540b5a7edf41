const patienceMs = 700 // a tab that is just being closed

/** Holds a draft for this tab until it lets go, or dies: the lock goes with the tab. Null: another tab has it open, and would write over what is written here. */
export const holdDraft = (at: string) => new Promise<(() => Promise<unknown>) | null>(answer => {
  const over: Promise<unknown> = navigator.locks.request(`notebook-draft-${at}`, { signal: AbortSignal.timeout(patienceMs) }, () => new Promise<void>(end => { answer(() => { end(); return over }) })).catch(() => answer(null))
})

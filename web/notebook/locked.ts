import { ask, isOk } from './ask.ts'

const mark = 'akashi-notebook:locked'
/** by_hand: somebody pressed "lock". another: the server said that the session is somebody else's. signing_in: signed out, to sign in anew. */
export type Locked = 'by_hand' | 'another' | 'signing_in'

export const lockedBecause = () => localStorage.getItem(mark) as Locked | null
export const unlocked = () => { localStorage.removeItem(mark) }

/** Locked by its mark, in every tab: the sign-in that happens to be there opens it no more, only the passphrase or a sign-in made anew. */
export function lockUp(why: Locked) {
  localStorage.setItem(mark, why)
  location.reload()
}

export const lockWithOtherTabs = () => addEventListener('storage', ({ key, newValue }) => { if (key === mark && newValue) location.reload() })

/** Signed out first: whoever comes back with a session has signed in by hand. */
export async function signInAnew() {
  const gone = await ask('/sign-out', { method: 'POST', json: {} })
  if (isOk(gone) || gone.status === 401) localStorage.setItem(mark, 'signing_in')
  location.assign('/sign-in?next=%2Fnotebook')
}

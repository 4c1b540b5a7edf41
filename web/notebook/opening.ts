import { load } from './loading.ts'
import { unlockBySignIn } from './lock.ts'
import { lockedBecause, lockUp, lockWithOtherTabs, unlocked } from './locked.ts'
import { persist } from './quota.ts'
import { keepSending } from './schedule.ts'
import { draw, state } from './state.ts'
import { openStore, type Notebook, type Store } from './store.ts'
import { offer } from './take-out.ts'
import { confirmWipe, erase, wasWiped, wipe } from './wipe.ts'
import { follow } from './follow.ts'

/** What lies on this phone decides the first screen; whoever is signed in and online need not type the passphrase. */
export async function begin(): Promise<Store | null> {
  if (!('indexedDB' in window) || !crypto.subtle || !navigator.locks) {
    state.gate = 'unsupported'
    return null
  }
  if (wasWiped()) {
    state.gate = 'wiped'
    await erase()
    void confirmWipe()
    return null
  }
  const db = await openStore(), record = await db.get('device', 'this')
  state.gate = record?.wrapped ? 'locked' : 'set_up'
  const locked = lockedBecause()
  if (locked === 'another') state.wrong = 'locked_another'
  if (record?.wrapped && (locked === null || locked === 'signing_in')) void unlockBySignIn(db, record).then(async made => {
    if ('key' in made) return state.gate === 'locked' ? opened(made, true) : undefined
    if (made.status !== 410) return
    await wipe(db, record.device)
    Object.assign(state, { gate: 'wiped', notebook: null })
    draw()
  })
  return db
}

/** By the sign-in, or by the passphrase: then the session may be anybody's. */
export async function opened(notebook: Notebook, isOwners = false) {
  if (state.notebook) return // the passphrase and the sign-in, at the same moment
  Object.assign(state, { notebook, isOwners, busy: false, wrong: null })
  unlocked()
  lockWithOtherTabs()
  await load()
  state.gate = 'open'
  await follow()
  keepSending(() => lockUp('another'))
  void offer()
  void askToStay()
}

/** A browser may ask the person first, and change its mind when the page was installed or used for some days. */
export async function askToStay() {
  state.mayGo = !await persist()
  draw()
}

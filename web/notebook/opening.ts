import { load } from './loading.ts'
import { unlockBySignIn } from './lock.ts'
import { keepSending } from './schedule.ts'
import { draw, state } from './state.ts'
import { openStore, type Notebook, type Store } from './store.ts'
import { offer } from './take-out.ts'
import { confirmWipe, wasWiped, wipe } from './wipe.ts'
import { follow } from './follow.ts'

/** What lies on this phone decides the first screen; whoever is signed in and online need not type the passphrase. */
export async function begin(): Promise<Store | null> {
  if (!('indexedDB' in window) || !crypto.subtle || !navigator.locks) {
    state.gate = 'unsupported'
    return null
  }
  if (wasWiped()) void confirmWipe()
  const db = await openStore(), record = await db.get('device', 'this')
  state.gate = record?.wrapped ? 'locked' : wasWiped() ? 'wiped' : 'set_up'
  if (record?.wrapped) void unlockBySignIn(db, record).then(async made => {
    if ('key' in made) return state.gate === 'locked' ? opened(made) : undefined
    if (made.status !== 410) return
    await wipe(db, record.device)
    Object.assign(state, { gate: 'wiped', notebook: null })
    draw()
  })
  return db
}

export async function opened(notebook: Notebook) {
  if (state.notebook) return // the passphrase and the sign-in, at the same moment
  Object.assign(state, { notebook, busy: false, wrong: null })
  await load()
  state.gate = 'open'
  await follow()
  keepSending()
  void offer()
}

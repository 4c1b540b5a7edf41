import { deleteDB } from 'idb'
import { ask } from './ask.ts'
import { databaseName, type Store } from './store.ts'

const mark = 'akashi-notebook:wiped'

/** The device was reported lost: nothing of the notebook stays, then the server hears so. The number alone is remembered until it has. */
export async function wipe(db: Store, device: string) {
  localStorage.setItem(mark, device)
  db.close()
  await erase()
  await confirmWipe()
}

/** From its mark on, as often as it is interrupted: the next opening goes on here, and unlocks nothing before. */
export async function erase() {
  await deleteDB(databaseName)
  for (const name of await caches.keys()) if (name.startsWith('notebook-')) await caches.delete(name)
  for (const registration of await navigator.serviceWorker?.getRegistrations() ?? []) if (new URL(registration.scope).pathname.startsWith('/notebook')) await registration.unregister()
  for (const name of Object.keys(localStorage)) if (name.startsWith('akashi-notebook:') && name !== mark) localStorage.removeItem(name)
}

export async function confirmWipe(): Promise<boolean> {
  const device = localStorage.getItem(mark)
  if (!device) return false
  const { status } = await ask(`/notebook/devices/${device}/wiped`, { method: 'POST', json: {} })
  if ((status >= 200 && status < 300) || status === 404) localStorage.removeItem(mark)
  return true
}

export const wasWiped = () => localStorage.getItem(mark) !== null

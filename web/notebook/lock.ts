import { v7 } from 'uuid'
import { ask, type Asked } from './ask.ts'
import { text } from './sealing.ts'
import type { DeviceRecord, Notebook, Store } from './store.ts'

export const passphraseLength = 10
const rounds = 600_000 // PBKDF2-SHA-256, as OWASP asks since 2023

/** Makes this browser a device of whoever is signed in. Interrupted and begun again it keeps its number. */
export async function setUp(db: Store, name: string, passphrase: string): Promise<Notebook | Asked> {
  const device = (await db.get('device', 'this'))?.device ?? v7()
  await db.put('device', { device }, 'this')
  const answer = await ask('/notebook/devices', { method: 'POST', json: { device, name } })
  if (answer.status !== 200 && answer.status !== 201) return answer
  const raw = bytesOf((answer.body as { key: string }).key)
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12))
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await wrapping(passphrase, salt, rounds), raw)
  await db.put('device', { device, wrapped: { salt, rounds, iv, bytes } }, 'this')
  return { db, device, key: await imported(raw) }
}

/** The sign-in unlocks: its owner, signed in and online, needs no passphrase. */
export async function unlockBySignIn(db: Store, { device }: DeviceRecord): Promise<Notebook | Asked> {
  const answer = await ask(`/notebook/devices/${device}/key`)
  if (answer.status !== 200) return answer
  return { db, device, key: await imported(bytesOf((answer.body as { key: string }).key)) }
}

/** Without a network. A wrong passphrase changes nothing. */
export async function unlockByPassphrase(db: Store, { device, wrapped }: DeviceRecord, passphrase: string): Promise<Notebook | 'wrong'> {
  if (!wrapped) return 'wrong'
  const { salt, rounds: kept, iv, bytes } = wrapped
  try {
    const raw = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await wrapping(passphrase, salt, kept), bytes)
    return { db, device, key: await imported(new Uint8Array(raw)) }
  } catch {
    return 'wrong' // the tag of AES-GCM fits one passphrase only
  }
}

async function wrapping(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number) {
  const base = await crypto.subtle.importKey('raw', text(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

const imported = (raw: Uint8Array<ArrayBuffer>) => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))

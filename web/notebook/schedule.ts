import { recount, reload } from './loading.ts'
import { isFull, withRoom } from './quota.ts'
import { draw, state } from './state.ts'
import { syncAll, type Outcome } from './sync.ts'
import { wipe } from './wipe.ts'

const waitsMs = [5_000, 15_000, 60_000, 300_000]
const askAgainMs = 60_000 // also when all is sent: a colleague's items, or the order to wipe
let timer = 0, failures = 0, again = false

/** Sends what waits, soon; after a failure later and later, at once when the phone is online again or somebody presses the button. */
export function sendSoon(inMs = 300) {
  clearTimeout(timer)
  timer = window.setTimeout(() => void send(), inMs)
}

let lock = () => {}

export function keepSending(whenAnothers: () => void) {
  lock = whenAnothers
  addEventListener('online', () => { failures = 0; sendSoon(0) })
  addEventListener('offline', () => draw())
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sendSoon() })
  sendSoon()
}

export async function send() {
  const { notebook } = state
  if (!notebook) return
  if (state.sending) { again = true; return }
  state.sending = true
  draw()
  const outcome = await withRoom(notebook.db, () => syncAll(notebook, () => void count())).catch((error: unknown): Outcome => { if (isFull(error)) return 'full'; console.error(error); return 'refused' })
  state.sending = false
  await concluded(outcome, notebook.device)
}

async function concluded(outcome: Outcome, device: string) {
  if (outcome === 'wiped') return gone(device)
  if (outcome === 'another' && state.isOwners) return lock() // was the owner's until now; who then opens it by the passphrase goes on working
  state.outcome = outcome
  state.isOwners ||= outcome === 'sent'
  if (outcome === 'sent') {
    state.lastSent = new Date().toISOString()
    localStorage.setItem('akashi-notebook:sent', state.lastSent)
  }
  failures = outcome === 'sent' || outcome === 'busy' ? 0 : failures + 1
  await count(true)
  sendSoon(again ? 300 : failures > 0 ? waitsMs[Math.min(failures, waitsMs.length) - 1] : askAgainMs)
  again = false
}

async function count(withVersions = false) {
  if (!state.notebook) return
  await (withVersions ? reload() : recount())
  draw()
}

export async function gone(device: string) {
  const { notebook } = state
  Object.assign(state, { notebook: null, gate: 'wiped', form: null })
  state.audits.clear()
  localStorage.removeItem('akashi-notebook:sent')
  if (notebook) await wipe(notebook.db, device)
  draw()
}

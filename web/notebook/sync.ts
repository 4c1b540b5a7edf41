import type { Synced } from './wire.ts'
import { ask, isOk, type Asked } from './ask.ts'
import type { KnownVersion } from './capture.ts'
import { readAudit, sealedVersion, writeAudit } from './known.ts'
import { refuseFile, refuseVersion, unsent, waiting, wantedAgain } from './outbox.ts'
import { unsealJson } from './sealing.ts'
import { sendFiles } from './send-files.ts'
import { strict, type Notebook } from './store.ts'

/** away: no network. unwell: the server answers, but not as it should. signed_out: the sign-in ran out in the field; everything waits. another: the session is not that of the device's owner. full: this phone could not write down what the server answered. */
export type Outcome = 'sent' | 'away' | 'unwell' | 'another' | 'signed_out' | 'wiped' | 'refused' | 'full' | 'busy'
const ending = new Set<Outcome>(['wiped', 'signed_out', 'another', 'away', 'unwell']) // the next audit would hear the same
const versionsAtOnce = 100
const bytesAtOnce = 512 * 1024 // what a bad network carries before anybody's patience ends
const patienceMs = 120_000

/** Everything of every audit. One tab at a time; another's call is answered `busy`. `told` hears after every step, so that the bar tells the truth all the way. */
export const syncAll = (notebook: Notebook, told: () => void): Promise<Outcome> =>
  navigator.locks.request('notebook-sync', { ifAvailable: true }, async lock => {
    if (!lock) return 'busy'
    const { db } = notebook, files = (await db.getAll('files')).filter(({ state }) => state === 'waiting')
    const audits = new Set([...await db.getAllKeys('audits'), ...[...await db.getAll('outbox'), ...files].map(({ audit }) => audit)])
    const outcomes: Outcome[] = []
    for (const audit of audits) { // one that was put back may still have something to send
      const outcome = await syncAudit(notebook, audit, told)
      if (ending.has(outcome)) return outcome
      outcomes.push(outcome)
    }
    return outcomes.find(outcome => outcome !== 'sent') ?? 'sent'
  })

async function syncAudit(notebook: Notebook, audit: string, told: () => void): Promise<Outcome> {
  const outcome = await exchange(notebook, audit, told)
  if (outcome !== 'sent') return outcome
  const { broken, arrived } = await sendFiles(notebook, audit, told)
  return broken ? outcomeOf(broken) : arrived > 0 ? exchange(notebook, audit, told) : 'sent' // photos join the notes when we say that they are there
}

async function exchange(notebook: Notebook, audit: string, told: () => void): Promise<Outcome> {
  let after = (await readAudit(notebook, audit))?.after ?? 0
  for (let more = true; more;) {
    const versions = await batch(notebook, audit), before = (await unsent(notebook, audit)).length
    const { items } = await waiting(notebook)
    const answer = await ask('/notebook/sync', { method: 'POST', waitMs: patienceMs, json: { device: notebook.device, applicationId: audit, sentAt: new Date().toISOString(), waiting: items, after, versions } })
    if (!isOk(answer)) return outcomeOf(answer)
    if (!isOurs(answer.body)) return 'unwell' // a hotel's sign-in page
    const synced = answer.body
    if (synced.wipe) return 'wiped'
    await take(notebook, audit, synced)
    told()
    const left = (await unsent(notebook, audit)).length
    const moved = left < before || synced.after > after
    if (synced.more && !moved) return 'unwell' // it would say so for ever
    after = Math.max(after, synced.after)
    more = synced.more || (left > 0 && left < before)
  }
  return 'sent'
}

const outcomes: Record<number, Outcome> = { 0: 'away', 401: 'signed_out', 403: 'another', 404: 'another', 410: 'wiped', 429: 'unwell' }
const outcomeOf = ({ status }: Asked): Outcome => outcomes[status] ?? (status >= 500 ? 'unwell' : 'refused')

const isOurs = (body: unknown): body is Synced => Array.isArray((body as Synced | null)?.confirmed)

async function batch(notebook: Notebook, audit: string) {
  const versions: { hash: string; version: KnownVersion['version'] }[] = []
  let bytes = 0
  for (const { hash } of (await unsent(notebook, audit)).slice(0, versionsAtOnce)) {
    const record = await notebook.db.get('versions', hash)
    if (!record) continue
    bytes += record.sealed.bytes.byteLength
    if (bytes > bytesAtOnce && versions.length > 0) break
    versions.push({ hash, version: (await unsealJson<KnownVersion>(notebook.key, hash, record.sealed)).version })
  }
  return versions
}

/** Union with what the server has; only a hash that it named leaves the outbox. */
async function take(notebook: Notebook, audit: string, synced: Synced) {
  const came = await Promise.all(synced.versions.map(({ hash, version, by, serverAt, arrived }) => sealedVersion(notebook, hash, { version, by, serverAt, arrived })))
  const marked = await Promise.all(synced.confirmed.filter(({ hash }) => !synced.versions.some(one => one.hash === hash)).map(async ({ hash, arrived }) => {
    const record = await notebook.db.get('versions', hash)
    if (!record) return null
    const known = await unsealJson<KnownVersion>(notebook.key, hash, record.sealed)
    return known.serverAt ? null : sealedVersion(notebook, hash, { ...known, serverAt: synced.serverAt, arrived })
  }))
  const tx = notebook.db.transaction(['versions', 'outbox'], 'readwrite', strict)
  const writes: Promise<unknown>[] = [...came, ...marked].flatMap(record => (record ? [tx.objectStore('versions').put(record)] : []))
  for (const { hash } of synced.confirmed) writes.push(tx.objectStore('outbox').delete(hash))
  await Promise.all([...writes, tx.done])
  for (const { hash, reason } of synced.refused) await refuseVersion(notebook, hash, reason)
  for (const { sha256, reason } of synced.filesRefused) await refuseFile(notebook, [audit, sha256], reason)
  await wantedAgain(notebook, audit, synced.filesWanted)
  const kept = await readAudit(notebook, audit)
  if (kept && synced.after > kept.after) await writeAudit(notebook, audit, { ...kept, after: synced.after })
}

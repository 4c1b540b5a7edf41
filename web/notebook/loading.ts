import { readDrafts } from './drafts.ts'
import { readAudit, readVersions } from './known.ts'
import { waiting } from './outbox.ts'
import { layUp, room } from './quota.ts'
import { open, state, type Taken } from './state.ts'

const lowBytes = 60 * 1024 * 1024 // a dozen photos

/** Everything of this phone into memory: the screens never wait for the disk. */
export async function load() {
  const notebook = open()
  for (const audit of await notebook.db.getAllKeys('audits')) {
    const [kept, versions] = await Promise.all([readAudit<Taken>(notebook, audit), readVersions(notebook, audit)])
    if (kept) state.audits.set(audit, { kept, versions })
  }
  await look()
}

/** After the server answered: what it knows of versions has changed. */
export async function reload() {
  const notebook = open()
  for (const [audit, opened] of state.audits) opened.versions = await readVersions(notebook, audit)
  await look()
}

/** What is only on this phone, also what was begun and not kept; and whether it has room for more. */
export async function recount() {
  const notebook = open(), left = await room()
  ;[state.drafts, state.waiting] = [await readDrafts(notebook), await waiting(notebook)]
  state.lowRoom = (left !== null && left < lowBytes) || await notebook.db.count('reserve') === 0
}

/** What the server would not take: a version by its hash, a file by its audit and hash. */
async function look() {
  const { db } = open()
  const refused = [...(await db.getAll('outbox')).map(({ hash, refused: why }) => [hash, why] as const), ...(await db.getAll('files')).map(({ audit, sha256, reason }) => [`${audit}/${sha256}`, reason] as const)]
  state.refusals = new Map(refused.flatMap(([hash, why]) => (why ? [[hash, why]] : [])))
  await recount()
  if (state.lowRoom && state.waiting.originals === 0 && await layUp(db)) await recount()
}

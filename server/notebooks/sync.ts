import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { arrivals, SyncForm, Synced } from '../../schema/notebook-shapes.ts'
import { notebookDevices, notebookVersions } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import { insertMany } from '../adapters/insert-many.ts'
import type { Stage } from '../domain/lifecycle.ts'
import type { ItemVersion } from '../domain/notebook.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { carriedBy, type Carried } from './carried.ts'
import { land } from './land.ts'
import { readVersion, versionOf, type Read } from './versions.ts'

type Answer = z.infer<typeof Synced>
type Change = { body: z.infer<typeof SyncForm>; viewer: Viewer; now: Date; requestId: string }

const versions_a_page = 200

/**
 * Puts together what a device and the server know of one audit: the union of two sets, so any order, repetition or loss of calls ends the same.
 * A device that is to be wiped hears only that: what it sends in the same call is not kept, because the device is in strange hands.
 */
export async function sync(tx: Db, { body, viewer, now, requestId }: Change): Promise<{ answer: Answer } | Refusal> { // an answer names what it refused: it is wrapped, lest it looks like a refusal
  const { device, applicationId, waiting, after } = body
  const carried = await carriedBy(tx, applicationId, device, viewer, { lock: true })
  if (isRefusal(carried)) return carried
  const heard = (set: { waiting?: number }) => tx.update(notebookDevices).set({ seenAt: now, ...set }).where(eq(notebookDevices.device, device))
  if (carried.device.wipeOrderedAt) {
    await heard({})
    return { answer: { ...nothing(now, after), wipe: true } }
  }
  const read = body.versions.map(readVersion)
  const refused = refusedOf(read, carried, body)
  const fit = read.flatMap(one => ('version' in one && carried.taken && !refused.some(({ hash }) => hash === one.hash) ? [one] : []))
  const came = await keep(tx, fit, carried, { viewer, now })
  if (came > 0) await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'notebooks.sync', applicationId, subjectId: device, after: { versions: came, team: carried.theCase !== null } })
  if (carried.theCase) await land(tx, carried.theCase, { now, requestId })
  const confirmed = await confirmedOf(tx, applicationId, fit.map(({ hash }) => hash))
  await heard({ waiting: Math.max(0, waiting - confirmed.length) }) // what was only there when it spoke, without what is here by now
  const page = carried.theCase && carried.taken ? await versionsAfter(tx, applicationId, after) : { versions: [], after, more: false }
  return { answer: { wipe: false, serverAt: now, confirmed, refused, ...page, ...await filesOf(tx, applicationId, device) } }
}

const nothing = (now: Date, after: number): Answer => ({ wipe: false, serverAt: now, confirmed: [], refused: [], versions: [], after, more: false, filesWanted: [], filesRefused: [] })

/** A device vouches for what was captured on it, of audits that it took out; of nothing else. */
function refusedOf(read: readonly Read[], { taken }: Carried, { device, applicationId }: Change['body']): Answer['refused'] {
  return read.flatMap(one => {
    if ('reason' in one) return [{ hash: one.hash, reason: one.reason }]
    return taken && one.version.device === device && one.version.applicationId === applicationId ? [] : [{ hash: one.hash, reason: 'not_taken_out' as const }]
  })
}

/** Stores what is new, in the order sent; says how many those were. Twice the same is one row. */
async function keep(tx: Db, fit: readonly { hash: string; version: ItemVersion }[], carried: Carried, { viewer, now }: { viewer: Viewer; now: Date }): Promise<number> {
  const sent = [...new Map(fit.map(one => [one.hash, one.version]))]
  if (sent.length === 0) return 0
  const applicationId = sent[0]?.[1].applicationId ?? ''
  await tx.execute(sql`select from applications where id = ${applicationId} for update`) // who left the team locks no case above; numbers are given under this lock
  const known = new Set((await confirmedOf(tx, applicationId, sent.map(([hash]) => hash))).map(({ hash }) => hash))
  const rows = sent.filter(([hash]) => !known.has(hash)).map(([hash, version]) => ({ ...version, hash, arrived: arrivedAs(version, carried), writtenBy: viewer.personId, serverAt: now }))
  await insertMany(tx, notebookVersions, rows)
  return rows.length
}

// An interview is part of the visit itself: what comes while corrections are looked at is kept beside it.
function arrivedAs({ kind }: ItemVersion, { theCase, inField }: Carried): (typeof arrivals)[number] {
  const closedFor: readonly Stage[] = kind === 'interview' ? ['correcting'] : []
  return theCase && inField && !closedFor.includes(theCase.stage) ? 'merged' : 'late'
}

async function confirmedOf(tx: Db, applicationId: string, hashes: readonly string[]): Promise<Answer['confirmed']> {
  if (hashes.length === 0) return []
  return tx.select({ hash: notebookVersions.hash, arrived: notebookVersions.arrived }).from(notebookVersions).where(and(eq(notebookVersions.applicationId, applicationId), inArray(notebookVersions.hash, [...hashes])))
}

async function versionsAfter(tx: Db, applicationId: string, after: number): Promise<Pick<Answer, 'versions' | 'after' | 'more'>> {
  const rows = await tx.select({ version: notebookVersions, by: people.name }).from(notebookVersions).innerJoin(people, eq(people.id, notebookVersions.writtenBy))
    .where(and(eq(notebookVersions.applicationId, applicationId), gt(notebookVersions.number, after))).orderBy(asc(notebookVersions.number)).limit(versions_a_page + 1)
  const versions = rows.slice(0, versions_a_page).map(({ version, by }) => ({ number: version.number, hash: version.hash, version: versionOf(version), by, serverAt: version.serverAt, arrived: version.arrived }))
  return { versions, after: versions.at(-1)?.number ?? after, more: rows.length > versions_a_page }
}

/** Files that versions of this device name: still to come, small copies first, or why they will not be taken. */
async function filesOf(tx: Db, applicationId: string, device: string): Promise<Pick<Answer, 'filesWanted' | 'filesRefused'>> {
  const rows = await tx.execute<{ sha256: string; kept: boolean; refused: string | null }>(sql`
    select n.file->>'sha256' as sha256, k.sha256 is not null as kept, k.refused from notebook_versions v cross join lateral jsonb_array_elements(v.files) n(file)
      left join notebook_files k on k.application_id = v.application_id and k.sha256 = n.file->>'sha256'
    where v.application_id = ${applicationId} and v.device = ${device} and (k.sha256 is null or k.refused is not null)
    group by 1, 2, 3 order by min(case n.file->>'part' when 'small' then 0 else 1 end), min(v.number)`)
  return { filesWanted: rows.filter(({ kept }) => !kept).map(({ sha256 }) => sha256), filesRefused: rows.flatMap(({ sha256, refused }) => (refused ? [{ sha256, reason: refused }] : [])) }
}

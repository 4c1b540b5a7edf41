import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { DeviceForm, DeviceKey, DevicesPage } from '../../schema/notebook-shapes.ts'
import { notebookDevices, notebookTakeouts } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

export type Device = typeof notebookDevices.$inferSelect
type Key = z.infer<typeof DeviceKey>
type Act = { viewer: Viewer; now: Date; requestId: string }

const key_bytes = 32

/** The device under the id that it gave itself. Asked again by the same person it gets the same key: an answer lost on the way locks nobody out. */
export async function addDevice(tx: Db, { device, name }: z.infer<typeof DeviceForm>, { viewer, now, requestId }: Act): Promise<Key | Refusal> {
  const [added] = await tx.insert(notebookDevices).values({ device, name, personId: viewer.personId, key: randomBytes(key_bytes), addedAt: now, seenAt: now }).onConflictDoNothing().returning()
  if (!added) {
    const known = await ownDevice(tx, device, viewer)
    return known ? keyFrom(known) : { refused: 'already_exists' }
  }
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'notebooks.add_device', subjectId: device, after: { name } })
  return keyFrom(added)
}

/** For its signed-in owner; after a wipe was ordered for nobody any more. */
export async function keyOf(db: Db, device: string, viewer: Viewer): Promise<Key | Refusal> {
  const known = await ownDevice(db, device, viewer)
  return known ? keyFrom(known) : { refused: 'not_found' }
}

const keyFrom = ({ device, key }: Device): Key | Refusal => (key ? { device, key: Buffer.from(key).toString('base64') } : { refused: 'device_wiped' })

/** The device of this viewer, or null: a colleague's device and a made-up id look alike. */
export async function ownDevice(db: Db, device: string, { personId }: Viewer): Promise<Device | null> {
  const [row] = await db.select().from(notebookDevices).where(and(eq(notebookDevices.device, device), eq(notebookDevices.personId, personId)))
  return row ?? null
}

/** One's own devices; the secretariat sees everybody's, because who lost a phone may have no other. */
export async function devicesPage(db: Db, viewer: Viewer): Promise<z.infer<typeof DevicesPage>> {
  const all = viewer.roles.includes('operator')
  const audits = db.select({ device: notebookTakeouts.device, count: sql<number>`count(*)::int`.as('audits') }).from(notebookTakeouts).groupBy(notebookTakeouts.device).as('carried')
  const filesWaiting = sql<number>`(select count(distinct (v.application_id, n.file->>'sha256'))::int from notebook_takeouts t
    join notebook_versions v on v.application_id = t.application_id and v.device = t.device cross join lateral jsonb_array_elements(v.files) n(file)
    where t.device = ${notebookDevices.device} and not exists (select from notebook_files k where k.application_id = v.application_id and k.sha256 = n.file->>'sha256'))`
  const rows = await db.select({
    device: notebookDevices.device, name: notebookDevices.name, owner: people.name, personId: notebookDevices.personId, addedAt: notebookDevices.addedAt, seenAt: notebookDevices.seenAt,
    waiting: notebookDevices.waiting, filesWaiting, audits: sql<number>`coalesce(${audits.count}, 0)`, wipeOrderedAt: notebookDevices.wipeOrderedAt, wipedAt: notebookDevices.wipedAt,
  }).from(notebookDevices).innerJoin(people, eq(people.id, notebookDevices.personId)).leftJoin(audits, eq(audits.device, notebookDevices.device))
    .where(all ? undefined : eq(notebookDevices.personId, viewer.personId)).orderBy(desc(notebookDevices.seenAt), desc(notebookDevices.device))
  return { all, devices: rows.map(({ personId, ...row }) => ({ ...row, own: personId === viewer.personId })) }
}

/** The key goes at once and for ever; what lies on the device is behind its passphrase alone until its owner's sign-in there lets it hear that it is to delete even that. */
export async function orderWipe(tx: Db, device: string, { viewer, now, requestId }: Act): Promise<{ device: string } | Refusal> {
  const isOperator = viewer.roles.includes('operator')
  const [known] = await tx.select().from(notebookDevices).where(eq(notebookDevices.device, device)).for('update')
  if (!known || (known.personId !== viewer.personId && !isOperator)) return { refused: 'not_found' }
  if (known.wipeOrderedAt) return { device }
  await tx.update(notebookDevices).set({ key: null, wipeOrderedAt: now, wipeOrderedBy: viewer.personId }).where(eq(notebookDevices.device, device))
  await record(tx, { personId: viewer.personId, role: isOperator ? 'operator' : 'assessor', requestId }, { operation: 'notebooks.order_wipe', subjectId: device, after: { name: known.name, waiting: known.waiting } })
  return { device }
}

/** The device says that nothing is left on it. Said again, the first time counts. */
export async function confirmWipe(tx: Db, device: string, { viewer, now, requestId }: Act): Promise<{ device: string } | Refusal> {
  const known = await ownDevice(tx, device, viewer)
  if (!known) return { refused: 'not_found' }
  if (!known.wipeOrderedAt) return { refused: 'no_such_step' }
  const [wiped] = await tx.update(notebookDevices).set({ wipedAt: now, seenAt: now, waiting: 0 }).where(and(eq(notebookDevices.device, device), isNull(notebookDevices.wipedAt))).returning({ device: notebookDevices.device })
  if (wiped) await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'notebooks.confirm_wipe', subjectId: device })
  return { device }
}

import { z } from 'zod'
import { fileParts, itemKinds } from '../server/domain/notebook.ts'
import { Id, Instant } from './shared.ts'

// The wire of the field notebook. What a device sends is kept as it was captured: a shape is refused only where it could not be kept at all.
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const ItemFile = z.strictObject({ part: z.enum(fileParts), sha256: Sha256, size: z.int().min(1), type: z.string().max(100) })
export const ItemVersion = z.strictObject({
  item: z.uuidv7(), applicationId: Id, kind: z.enum(itemKinds), criterion: z.string().regex(/^(RE-\d\d\.\d+)?$/), place: z.union([Id, z.literal('')]),
  content: z.record(z.string(), z.json()), files: z.array(ItemFile).max(4), device: z.uuidv7(), deviceAt: z.iso.datetime(),
  over: z.array(Sha256).max(50), previous: z.union([Sha256, z.literal('')]), struck: z.boolean(),
})

export const DeviceForm = z.object({ device: z.uuidv7(), name: z.string().trim().min(1).max(100) })
/** The key of what lies encrypted on the device: 32 bytes, base64. Given only to its signed-in owner, and never again once a wipe was ordered. */
export const DeviceKey = z.object({ device: Id, key: z.string() })

/** At most 200 versions at a time. `after` is the number of the last version that this device has from the server; `waiting` is what is only on this device, for the owner's list of devices. */
export const SyncForm = z.object({ device: z.uuidv7(), applicationId: Id, sentAt: z.iso.datetime(), waiting: z.int().min(0), after: z.int().min(0), versions: z.array(z.object({ hash: Sha256, version: z.unknown() })).max(200) })
/** merged: part of the case. late: kept and shown, not part of it, because the visit was closed or the assessor removed meanwhile. */
export const arrivals = ['merged', 'late'] as const
/** hash_differs, unreadable, not_taken_out, too_big: the device keeps the version and says so. */
export const versionRefusals = ['hash_differs', 'unreadable', 'not_taken_out', 'too_big'] as const
export const Synced = z.object({
  wipe: z.boolean(), serverAt: Instant,
  confirmed: z.array(z.object({ hash: Sha256, arrived: z.enum(arrivals) })),
  refused: z.array(z.object({ hash: Sha256, reason: z.enum(versionRefusals) })),
  versions: z.array(z.object({ number: z.number(), hash: Sha256, version: ItemVersion, by: z.string(), serverAt: Instant, arrived: z.enum(arrivals) })),
  after: z.number(), more: z.boolean(),
  /** Of all versions of this audit that the server has from this device: files that have not arrived whole. */
  filesWanted: z.array(Sha256),
  filesRefused: z.array(z.object({ sha256: Sha256, reason: z.string() })),
})

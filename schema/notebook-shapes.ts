import { z } from 'zod'
import type { Plain } from '../server/domain/dossier.ts'
import { fileParts, itemKinds } from '../server/domain/notebook.ts'
import { photoAnswers } from '../server/domain/photo-consent.ts'
import { CaseHead } from './case-head.ts'
import { Id, Instant, LegalDate } from './shared.ts'

// The wire of the field notebook. What a device sends is kept as it was captured: a shape is refused only where it could not be kept at all.
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const ItemFile = z.strictObject({ part: z.enum(fileParts), sha256: Sha256, size: z.int().min(1), type: z.string().max(100) })
const Whatever = z.any() as z.ZodType<Plain, Plain> // JSON of its kind; z.json() describes itself by a reference that the OpenAPI document cannot follow
export const ItemVersion = z.strictObject({
  item: z.uuidv7(), applicationId: Id, kind: z.enum(itemKinds), criterion: z.string().regex(/^(RE-\d\d\.\d+)?$/), place: z.union([Id, z.literal('')]),
  content: z.record(z.string(), Whatever), files: z.array(ItemFile).max(4), device: z.uuidv7(), deviceAt: z.iso.datetime(),
  over: z.array(Sha256).max(50), previous: z.union([Sha256, z.literal('')]), struck: z.boolean(),
})

/** What one version may weigh as canonical text, and one call to sync in all (beyond it 413: send fewer). */
export const longest_version_bytes = 256 * 1024
export const largest_sync_bytes = 4 * 1024 * 1024

export const DeviceForm = z.object({ device: z.uuidv7(), name: z.string().trim().min(1).max(100) })
/** The key of what lies encrypted on the device: 32 bytes, base64. Given only to its signed-in owner, and never again once a wipe was ordered. */
export const DeviceKey = z.object({ device: Id, key: z.string() })

/** At most 200 versions at a time. `after` is the number of the last version that this device has from the server; `waiting` is what is only on this device, for the owner's list of devices. */
export const SyncForm = z.object({ device: z.uuidv7(), applicationId: Id, sentAt: z.iso.datetime(), waiting: z.int32().min(0), after: z.int().min(0), versions: z.array(z.object({ hash: Sha256, version: z.unknown() })).max(200) })
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

const words = { ja: z.string(), en: z.string() }
/** What goes along: everything that the day needs without a network. Nothing of answers, evidence or ratings: those are read before leaving. */
export const Bundle = z.object({
  applicationId: Id, takenAt: Instant, nameJa: z.string(), nameEn: z.string(), stage: z.string(), workers: z.number(), foreignWorkers: z.number(),
  visit: z.object({ startsOn: LegalDate, endsOn: LegalDate, announced: z.boolean(), team: z.string() }).nullable(),
  sites: z.array(z.object({ id: Id, kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string(), people: z.number(), visited: z.boolean() })),
  sections: z.array(z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string() })),
  criteria: z.array(z.object({
    id: z.string(), section: z.string(), titleJa: z.string(), titleEn: z.string(), requirementJa: z.string(), requirementEn: z.string(), criticality: z.string(),
    methods: z.array(z.string()), question: z.object(words).nullable(), // asked of workers
  })),
  /** `codes` are used already; `strata` are the people whom the draw named, without names: a place in the assessor's own list. Empty when nobody was drawn yet. */
  sample: z.object({
    total: z.number(), oneToOne: z.number(), inGroups: z.number(), peers: z.number(), representatives: z.number(), codes: z.array(z.string()),
    strata: z.array(z.object({ code: z.string(), place: z.number(), nationality: z.string(), programme: z.string(), shift: z.string(), sex: z.string(), dormitory: z.string() })),
  }),
  notes: z.array(z.object({ criterion: z.string(), note: z.string(), by: z.string(), at: Instant, photo: z.boolean() })),
  after: z.number(), // always 0: a device that takes an audit out asks for all of its versions
})
/** The viewer's audits that can be taken out: those with a visit planned or under way, one without notice included. */
export const Audits = z.object({ audits: z.array(z.object({ applicationId: Id, nameJa: z.string(), nameEn: z.string(), stage: z.string(), startsOn: LegalDate.nullable(), endsOn: LegalDate.nullable(), takenOut: z.boolean() })) })
export const TakeOutForm = z.object({ device: z.uuidv7() })
export const ByAudit = z.object({ applicationId: Id })
export const ByDevice = z.object({ device: Id })
export const ByFile = z.object({ applicationId: Id, sha256: Sha256 })

// What `content` holds when an item lands in its home. Read leniently: what does not fit stays in the notebook, shown as it came, and lands nowhere.
export const NoteContent = z.object({ text: z.string() })
export const PhotoContent = z.object({ text: z.string().default(''), consent: z.enum(photoAnswers).catch('none') })
/** As the form of an interview: code A-01, kind single, people, language, minutes, notes, heldOn (the day). */
export const InterviewContent = z.object({ code: z.string(), kind: z.string(), people: z.number(), language: z.string(), minutes: z.number(), notes: z.string().default(''), heldOn: z.string() })
export const FindingContent = z.object({ grade: z.string(), statement: z.string(), evidenceReference: z.string().default('') })
/** A check answers `what` (fire_exit, sanitation) with yes and no by name; a voice memo says how long it is; a sketch its metres and people; a signature who signs as what. Shown by name and value. */
export const ShownContent = z.record(z.string(), z.unknown())

/** `waiting`: versions that were only on it when it last spoke. `filesWaiting`: files that its versions name and the server does not have. */
const DeviceRow = z.object({
  device: Id, name: z.string(), owner: z.string(), own: z.boolean(), addedAt: Instant, seenAt: Instant, waiting: z.number(), filesWaiting: z.number(), audits: z.number(),
  wipeOrderedAt: Instant.nullable(), wipedAt: Instant.nullable(),
})
/** `all`: those of everybody, for the secretariat. */
export const DevicesPage = z.object({ all: z.boolean(), devices: z.array(DeviceRow) })
export const DeviceNamed = z.object({ device: Id })

/** `label` and `word` are keys of words where there are any; else the name or the value stands as it came. */
const ShownLine = z.object({ name: z.string(), label: z.string().nullable(), value: z.string(), word: z.string().nullable() })
const ShownFile = z.object({
  part: z.enum(fileParts), state: z.enum(['waiting', 'kept', 'refused']), size: z.number(), isSound: z.boolean(), documentId: Id.nullable(), scan: z.string().nullable(), refused: z.string().nullable(),
})
/** Of an interview that stands and is not in its list. two_versions: neither lands before somebody wrote one over both. corrected_after, struck_after: its earlier version has landed, and interviews are append-only. day_to_come: it lands by itself then. closed: the visit was over before that. */
export const waits = ['two_versions', 'corrected_after', 'struck_after', 'day_to_come', 'closed', 'closed_for_notes', 'left_the_team'] as const
const ShownVersion = z.object({
  hash: Sha256, kind: z.enum(itemKinds), criterion: z.string(), place: z.string(), device: z.string(), by: z.string(), deviceAt: Instant, serverAt: Instant, clocksApart: z.boolean(),
  arrived: z.enum(arrivals), struck: z.boolean(), landed: z.string().nullable(), waits: z.enum(waits).nullable(), lines: z.array(ShownLine), drawing: z.object({ viewBox: z.string(), path: z.string() }).nullable(),
  files: z.array(ShownFile), findingHref: z.string().nullable(),
})
const ShownItem = z.object({ item: Id, heads: z.array(ShownVersion), earlier: z.array(ShownVersion) })
/** For the assessors of the case, as its notes are. `gaps`: devices from which something captured has not come yet. */
export const NotebookPage = z.object({
  head: CaseHead, items: z.number(), filesWaiting: z.number(),
  gaps: z.array(z.object({ device: z.string(), owner: z.string(), missing: z.number() })),
  conflicts: z.array(ShownItem), waiting: z.array(ShownVersion), unlanded: z.array(ShownVersion), late: z.array(ShownVersion),
  groups: z.array(z.object({ criterion: z.string(), titleJa: z.string(), titleEn: z.string(), items: z.array(ShownItem) })),
})

import { canonical, type Plain } from './dossier.ts'

/** What a field notebook holds: each kind hangs on a criterion, and on a place where it has one. */
export const itemKinds = ['note', 'photo', 'voice', 'sketch', 'interview', 'check', 'signature', 'finding'] as const
export type ItemKind = (typeof itemKinds)[number]

/** Photos travel twice: the small copy first, so that a colleague sees it; the original when there is time. */
export const fileParts = ['small', 'original'] as const
export type ItemFile = { part: (typeof fileParts)[number]; sha256: string; size: number; type: string }

/**
 * One state of one item, as it was captured; nothing of it ever changes. A correction is another version over the one it replaces, a mistake a struck one.
 * Versions of an audit are a set that only grows: what two devices and the server know is put together by union, in any order, any number of times.
 */
export type ItemVersion = {
  item: string // UUIDv7 that the device gave
  applicationId: string
  kind: ItemKind
  criterion: string // RE-06.1; '' for a signature
  place: string // the site's id, or ''
  content: { [name: string]: Plain }
  files: ItemFile[]
  device: string
  deviceAt: string // ISO 8601 in UTC by the device's own clock, which may be days wrong
  over: string[] // hashes of the versions that this one replaces
  previous: string // hash of what this device captured before in this audit, or '': a gap shows that something has not come yet
  struck: boolean
}

/** What is hashed at capture (SHA-256, hex): one text for one version, on every device and on the server. */
export const versionText = (version: ItemVersion): string =>
  canonical({ ...version, files: version.files.map(file => ({ ...file })), over: version.over.toSorted() })

/** Versions by their hash. */
export type Versions = ReadonlyMap<string, ItemVersion>

export const merged = (one: Versions, other: Versions): Versions => new Map([...one, ...other])

type Captured = Pick<ItemVersion, 'item' | 'over' | 'deviceAt'>

/** Of each item the versions that no other version of it replaced, oldest capture first. Two of them are a conflict: both are kept and shown until somebody writes one over both. */
export function heads(versions: ReadonlyMap<string, Captured>): Map<string, string[]> {
  const replaced = new Set([...versions.values()].flatMap(({ item, over }) => over.filter(hash => versions.get(hash)?.item === item))) // an item is never gone because another one names it
  const found = new Map<string, string[]>()
  const standing = [...versions].filter(([hash]) => !replaced.has(hash)).toSorted(byCapture)
  for (const [hash, { item }] of standing) found.set(item, [...(found.get(item) ?? []), hash])
  return found
}

const byCapture = ([oneHash, one]: [string, Captured], [otherHash, other]: [string, Captured]) =>
  one.deviceAt === other.deviceAt ? (oneHash < otherHash ? -1 : 1) : one.deviceAt < other.deviceAt ? -1 : 1

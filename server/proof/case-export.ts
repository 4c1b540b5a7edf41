import { isDossierPart, type Plain } from '../domain/dossier.ts'
import { among, count, fields, hash, inTwo, instant, list, orNull, text, type Shape } from './shapes.ts'
import { readSignedJson, type SignedJson } from './signed-json.ts'

// A whole case in one ZIP: what lies in it, what does not and why, and who says so. The manifest is plain; a small signed statement beside it names its hash,
// so that a case of any size is signed by one short text.

/** Why something of the case is not in the ZIP. The last two are no rule: something is missing that should be there. */
export const omissionReasons = ['withheld_from_you', 'kept_apart', 'not_yet_scanned', 'infected', 'removed_from_storage', 'hash_differs'] as const
export type OmissionReason = (typeof omissionReasons)[number]
export const isByRule = (reason: OmissionReason): boolean => reason !== 'removed_from_storage' && reason !== 'hash_differs'

export const editions = ['employer', 'operator', 'assessor', 'decision_maker'] as const
export type Edition = (typeof editions)[number]

/** `documentId`: of a file that was handed in. `path`, of an omission: where it would lie; null where the name itself would tell something. */
export type Entry = { path: string; size: number; sha256: string; documentId: string | null }
export type Omission = { id: string; path: string | null; reason: OmissionReason }
export type Manifest = { type: 'akashi-case-manifest'; version: 1; entries: Entry[]; omissions: Omission[] }

export type CaseExport = {
  type: 'akashi-case-export'; version: 1; says: { ja: string; en: string }; caseId: string; edition: Edition; exportedAt: string
  manifest: { size: number; sha256: string; entries: number; omissions: number }
  dossier: { sha256: string; logSeq: number; sealedAt: string } | null // what the decision rests on, once it was sealed
  keys: { did: string }
  verify: { ja: string; en: string }
}

export const manifestPath = 'manifest.json'
export const statementPath = 'manifest.signed.json'
export const casePath = 'case.json'
export const sealPath = 'dossier/seal.json'
export const rowsPath = 'dossier/rows.ndjson'
export const documentPath = 'documents/'

export const mostEntries = 200_000

/** undefined: no such statement. That it is signed, and by whom, is the caller's to ask. */
export function readCaseExport(written: string): { statement: CaseExport; signed: SignedJson } | undefined {
  const signed = readSignedJson(written)
  return signed && isStatement(signed.fields) ? { statement: signed.fields as unknown as CaseExport, signed } : undefined
}

export function readManifest(written: string): Manifest | undefined {
  const value = parsed(written)
  return isManifest(value) ? value as unknown as Manifest : undefined
}

/** One row of the dossier as it was hashed: its name, and the very text. */
export type DossierRow = { part: string; content: string }

export function readDossierRow(line: string): DossierRow | undefined {
  const value = parsed(line)
  return isRow(value) ? value as unknown as DossierRow : undefined
}

/** The seal: the hash of every row by its name, with a format and a salt. The SHA-256 of its canonical text is the dossier's. */
export function readSeal(written: string): Record<string, string> | undefined {
  const value = parsed(written)
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.entries(value).every(([name, held]) => !isDossierPart(name) || hash(held)) ? value as Record<string, string> : undefined
}

function parsed(written: string): Plain | undefined {
  try {
    return JSON.parse(written) as Plain
  } catch {
    return undefined
  }
}

const path: Shape = value => typeof value === 'string' && value.length > 0 && value.length <= 400
const uuid: Shape = value => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
const isRow = fields({ part: path, content: value => typeof value === 'string' })
const isManifest = fields({
  type: among('akashi-case-manifest'), version: among(1), entries: list(mostEntries, fields({ path, size: count, sha256: hash, documentId: orNull(uuid) })),
  omissions: list(mostEntries, fields({ id: path, path: orNull(path), reason: among(...omissionReasons) })),
})
const isStatement = fields({
  type: among('akashi-case-export'), version: among(1), says: inTwo, caseId: uuid, edition: among(...editions), exportedAt: instant,
  manifest: fields({ size: count, sha256: hash, entries: count, omissions: count }), dossier: orNull(fields({ sha256: hash, logSeq: count, sealedAt: instant })), keys: fields({ did: text }), verify: inTwo,
})

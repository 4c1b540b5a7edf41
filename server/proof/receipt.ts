import type { CalendarDate } from '../domain/calendar.ts'
import { standings, type Standing } from '../domain/standing.ts'
import { among, count, day, fields, hash, inTwo, instant, list, orNull, text, type Shape } from './shapes.ts'
import { readSignedJson, type SignedJson } from './signed-json.ts'

/**
 * What was answered to somebody who asked about a certificate, signed: the proof and the receipt of a check are this one document.
 * `standing` null: there was no certificate on that day yet. `path`: base64 hashes of the inclusion proof of each line in `checkpoint`.
 * `carried`: the consistency proof from the checkpoint of `size` lines, which the present file carries, to `checkpoint`.
 */
export type Proof = {
  type: 'akashi-proof'; version: 1; says: { ja: string; en: string }
  number: string; salt: string; cert: string; askedAt: string; on: CalendarDate
  standing: { is: Standing; since: CalendarDate; reasonClass: string | null } | null
  validity: { from: CalendarDate; until: CalendarDate }
  file: FileSaid | null
  current: { edition: number; sha256: string; credentialSha256: string | null }
  lines: { line: string; path: string[] }[]
  carried: { size: number; path: string[] } | null
  log: { key: string; checkpoint: string }
  keys: { did: string; didSha256: string; rootSha256: string; timeStampRootSha256: string }
  verify: { ja: string; en: string }
}
export type FileSaid = { sha256: string; known: 'current' | 'replaced' | 'unknown'; edition: number | null }

/** undefined: no such document. That it is signed, and by whom, is the caller's to ask. */
export function readProof(text: string): { proof: Proof; signed: SignedJson } | undefined {
  const signed = readSignedJson(text)
  return signed && isProof(signed.fields) ? { proof: signed.fields as unknown as Proof, signed } : undefined
}

const edition: Shape = value => count(value) && value !== 0

const isProof = fields({
  type: among('akashi-proof'), version: among(1), says: inTwo, number: text, salt: value => typeof value === 'string' && /^(?:[0-9a-f]{2}){16,64}$/.test(value), cert: hash, askedAt: instant, on: day,
  standing: orNull(fields({ is: among(...standings), since: day, reasonClass: orNull(text) })),
  validity: fields({ from: day, until: day }),
  file: orNull(fields({ sha256: hash, known: among('current', 'replaced', 'unknown'), edition: orNull(edition) })),
  current: fields({ edition, sha256: hash, credentialSha256: orNull(hash) }),
  lines: list(1000, fields({ line: text, path: list(64, text) })),
  carried: orNull(fields({ size: edition, path: list(64, text) })),
  log: fields({ key: text, checkpoint: text }),
  keys: fields({ did: text, didSha256: hash, rootSha256: hash, timeStampRootSha256: hash }),
  verify: inTwo,
})

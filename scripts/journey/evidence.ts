import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Person } from './person.ts'

export type EvidenceFile = { file: URL; type: string }
type Kept = { documentId: string; sha256: string; name: string }

const here = (name: string, type: string): EvidenceFile => ({ file: new URL(`./evidence/${encodeURIComponent(name)}`, import.meta.url), type })

/** What a press shop has in its drawers. */
export const workRules = here('就業規則.pdf', 'application/pdf')
export const wageLedger = here('賃金台帳（9月分）.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
export const contract = here('雇用契約書_ベトナム語併記.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')
export const emergencyExit = here('第一寮の非常口.jpg', 'image/jpeg')

/** Sends a file and checks that the very bytes and the very name arrived. */
export async function hand(person: Person, path: string, { file, type }: EvidenceFile, fields: Record<string, string> = {}): Promise<Kept> {
  const kept = await person.upload<Kept>(path, file, type, fields)
  const sha256 = createHash('sha256').update(await readFile(file)).digest('hex')
  const name = decodeURIComponent(file.pathname.split('/').at(-1) ?? '')
  if (kept.sha256 !== sha256 || kept.name !== name) throw new Error(`${name} arrived as ${kept.name} with SHA-256 ${kept.sha256}, not ${sha256}`)
  return kept
}

/** Reads a document as its reader does; it may still be with the scanner. */
export async function sha256Of(person: Person, documentId: string): Promise<string> {
  return createHash('sha256').update(await person.bytes(`/documents/${documentId}`)).digest('hex')
}

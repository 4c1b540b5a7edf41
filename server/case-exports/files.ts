import { sql } from 'drizzle-orm'
import { isFromTheField } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { documentPath, type Omission } from '../proof/case-export.ts'

/** A file that was handed in, as it should lie in storage. */
export type StoredDocument = { id: string; key: string; path: string; size: number; sha256: string }
export type CertificateFile = { key: string; path: string; size: number; sha256: string; credential: { path: string; text: string } | null }
type Row = { id: string; key: string; name: string; size: number; sha256: string; scan: string; purpose: string }
type FileRow = { number: string; edition: number; level: string; key: string; size: number; sha256: string; credential: string | null }

/** The files of a case, and those that are not given out: quarantined ones to nobody, photos and memos of people and rooms not to the employer (documents/readable.ts). */
export async function filesOf(tx: Db, id: string, { employer, visitKnown }: { employer: boolean; visitKnown: boolean }): Promise<{ documents: StoredDocument[]; certificates: CertificateFile[]; withheld: Omission[] }> {
  const rows = await tx.execute<Row>(sql`select id, key, name, size::float8 as size, sha256, scan, purpose from documents where application_id = ${id} order by uploaded_at, id`)
  const withheld: Omission[] = [], documents: StoredDocument[] = []
  for (const { id, key, name, size, sha256, scan, purpose } of rows) {
    if (isFromTheField(purpose) && !visitKnown) continue // what is told by nothing is not told by an omission either
    const path = `${documentPath}${id}-${safeName(name)}`
    if (isFromTheField(purpose) && employer) withheld.push({ id, path: null, reason: 'withheld_from_you' })
    else if (scan === 'infected') withheld.push({ id, path, reason: 'infected' })
    else if (scan !== 'clean' && scan !== 'unscanned') withheld.push({ id, path, reason: 'not_yet_scanned' })
    else documents.push({ id, key, path, size, sha256 })
  }
  return { documents, withheld, certificates: await certificatesOf(tx, id) }
}

async function certificatesOf(tx: Db, id: string): Promise<CertificateFile[]> {
  const rows = await tx.execute<FileRow>(sql`select c.number, f.edition, f.level, f.document_key as key, f.size::float8 as size, f.sha256, f.credential
    from certificate_files f join certificates c on c.id = f.certificate_id where c.application_id = ${id} and c.state = 'issued' order by f.edition, f.sealed_at`)
  return rows.map(({ number, edition, level, key, size, sha256, credential }) => {
    const path = `certificates/${number}-edition-${edition}-${level}`
    return { key, path: `${path}.pdf`, size, sha256, credential: credential === null ? null : { path: `${path}.vc.jwt`, text: credential } }
  })
}

const longest_name = 120 // characters; the end is kept, because it tells what kind of file it is

/** A name as it was sent may be no file name anywhere: what some system cannot hold becomes _. */
const safeName = (name: string): string => [...name.toWellFormed().replaceAll(/[\p{C}\\/:*?"<>|]/gu, '_')].slice(-longest_name).join('')

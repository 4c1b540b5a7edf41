import { createHash } from 'node:crypto'
import { failed, type Finding } from './finding.ts'
import { asText, mostPdf, mostText, readStart, type Bytes } from './read.ts'

export type Pdf = { bytes: Uint8Array; sha256: string | null } // null: too large to be one of ours
export type Subject = { kind: 'pdf'; pdf: Pdf } | { kind: 'credential' | 'proof' | 'checkpoint' | 'receipts'; text: string } | { kind: 'export'; path: string }

/** The file that is to be checked: what it is, by its content, else by its name. */
export async function readSubject(path: string): Promise<Subject | Finding> {
  const read = await readStart(path, mostPdf)
  if (!read) return failed('file', { path }, 'missing')
  const kind = kindOf(read, path)
  if (kind === 'pdf') return { kind, pdf: pdfOf(read) }
  if (kind === 'export') return { kind, path } // of any size: it is never held
  if (kind === 'receipts' && read.whole) return { kind, text: asText(read.bytes) } // many proofs, each as large as one alone may be
  if (read.size > mostText) return failed('file', { path }, 'large')
  return kind ? { kind, text: asText(read.bytes) } : failed('file', { path }, 'kind')
}

export const pdfOf = ({ bytes, whole }: Bytes): Pdf => ({ bytes, sha256: whole ? createHash('sha256').update(bytes).digest('hex') : null })

function kindOf({ bytes }: Bytes, path: string): Subject['kind'] | undefined {
  const start = bytes.toString('latin1', 0, 4096)
  if (start.startsWith('%PDF-') || /\.pdf$/i.test(path)) return 'pdf'
  if (/^PK(\x03\x04|\x05\x06)/.test(start) || /\.zip$/i.test(path)) return 'export'
  if (/\.jsonl$/i.test(path)) return 'receipts'
  if (/^\s*\{/.test(start) || /\.json$/i.test(path)) return 'proof'
  if (/^eyJ[\w-]*\.[\w-]+\./.test(start) || /\.(vc\.)?jwt$/i.test(path)) return 'credential'
  return /\n\n\xe2\x80\x94 /.test(start) || /\.txt$/i.test(path) ? 'checkpoint' : undefined // a note's signatures: an empty line, a dash each
}

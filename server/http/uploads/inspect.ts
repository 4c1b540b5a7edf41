import { fileTypeFromBuffer } from 'file-type'
import type { FileRefusal } from './receive.ts'
import { heicEnd, jpegEnd, pngEnd, webpEnd, type Watch } from './ends.ts'
import { isProgram, mayBeDeclared, type FileKind, type KindRow } from './kinds.ts'
import { textWatch } from './text.ts'
import { listZip } from './zip.ts'

export type Verdict = { type: string } | { refused: FileRefusal; found?: string }

const headBytes = 64 * 1024
const tailBytes = 1024 * 1024

/** Looks at a file while it streams past, holding a head and a tail of it; says afterwards what it is. */
export function inspector(row: KindRow) {
  const head = keep(headBytes, 'first')
  const text = textWatch()
  const end = endOf[row.kind]?.()
  const hasDirectory = row.kind === 'pdf' || officeFolder[row.kind] !== undefined // at its end, and may be encrypted; of anything else no more is looked at than needed
  const tail = hasDirectory ? keep(tailBytes, 'last') : undefined
  const mark = hasDirectory ? seeker(markOf(row.kind)) : undefined
  const isText = row.kind === 'csv' || row.kind === 'txt'
  let size = 0
  return {
    see(chunk: Uint8Array) {
      size += chunk.length
      for (const watch of isText ? [head, text] : [head, tail, mark, end]) watch?.see(chunk)
    },
    async verdict(declared: string): Promise<Verdict> {
      const start = head.bytes()
      const sniffed = await sniff(start)
      const said = isText ? judgeText(row, text.verdict(), start, sniffed)
        : judgeBytes({ row, start, tail: tail?.bytes() ?? start, size, sniffed, marked: mark?.found() ?? false, complete: end?.complete() ?? true })
      return 'type' in said && !mayBeDeclared(row, declared) ? { refused: 'file_mislabelled', found: row.type } : said
    },
  }
}

const endOf: Partial<Record<FileKind, () => Watch>> = { jpeg: jpegEnd, png: pngEnd, heic: heicEnd, webp: webpEnd }

// What gives an encrypted file away. PDF: ISO 32000-2 7.6.1, the trailer points to the key dictionary. Office: [MS-OFFCRYPTO] 2.3.4,
// the name of a stream inside an OLE file.
const markOf = (kind: FileKind) => kind === 'pdf' ? /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/ : /E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0/

function judgeText(row: KindRow, text: ReturnType<ReturnType<typeof textWatch>['verdict']>, start: Buffer, sniffed: string): Verdict {
  if (isScript(start)) return { refused: 'file_executable' }
  if (text === 'cut') return { refused: 'file_truncated' }
  if (text === 'not_text') return { refused: isProgram(sniffed) ? 'file_executable' : 'file_mislabelled', found: sniffed }
  return { type: `${row.type}; charset=${text.charset}` }
}

type Seen = { row: KindRow; start: Buffer; tail: Buffer; size: number; sniffed: string; marked: boolean; complete: boolean }

function judgeBytes(seen: Seen): Verdict {
  const { row, start, tail, sniffed, marked, complete } = seen
  if (isProgram(sniffed) || isScript(start)) return { refused: 'file_executable', found: sniffed }
  if (officeFolder[row.kind]) return judgeOffice(seen)
  if (!row.sniffed.includes(sniffed)) return { refused: 'file_mislabelled', found: sniffed }
  if (row.kind === 'pdf' && marked) return { refused: 'file_encrypted' }
  const whole = row.kind === 'pdf' ? tail.subarray(-4096).includes('%%EOF') : complete
  return whole ? { type: row.type } : { refused: 'file_truncated' }
}

const officeFolder: Partial<Record<FileKind, string>> = { xlsx: 'xl/', docx: 'word/', pptx: 'ppt/' }

// ECMA-376-2: a zip with a list of content types; the folder tells the program. Main parts have more than one name, folders do not.
function judgeOffice({ row, start, tail, size, sniffed, marked }: Seen): Verdict {
  if (sniffed === 'application/x-cfb') return marked ? { refused: 'file_encrypted' } : { refused: 'file_mislabelled', found: sniffed }
  if (start.toString('latin1', 0, 4) !== 'PK\x03\x04') return { refused: 'file_mislabelled', found: sniffed }
  const zip = listZip(tail, size)
  if (zip === 'cut') return { refused: 'file_truncated' }
  if (zip?.encrypted) return { refused: 'file_encrypted' }
  if (zip?.names.some(name => /vbaProject\.bin$|^META-INF\/MANIFEST\.MF$/i.test(name))) return { refused: 'file_executable' } // macros; a Java program
  const folder = officeFolder[row.kind] ?? ''
  const fits = zip?.names.includes('[Content_Types].xml') && zip.names.some(name => name.startsWith(folder))
  return fits ? { type: row.type } : { refused: 'file_mislabelled', found: sniffed }
}

const isScript = (start: Buffer) => start.toString('latin1', 0, 2) === '#!'

// Some scanners put a byte order mark or line ends before the header of a PDF; readers allow it.
async function sniff(start: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(start)
  if (found) return found.mime
  return /^(?:\xef\xbb\xbf)?\s*%PDF-/.test(start.toString('latin1', 0, 1024)) ? 'application/pdf' : ''
}

function keep(bytes: number, which: 'first' | 'last') {
  const chunks: Uint8Array[] = []
  let held = 0
  return {
    see(chunk: Uint8Array) {
      if (which === 'first' && held >= bytes) return
      chunks.push(chunk)
      held += chunk.length
      while (which === 'last' && chunks[0] && held - chunks[0].length >= bytes) held -= chunks.shift()?.length ?? 0
    },
    bytes: () => which === 'first' ? Buffer.concat(chunks).subarray(0, bytes) : Buffer.concat(chunks).subarray(-bytes),
  }
}

// Finds a short pattern in a stream, also across the border of two chunks.
function seeker(pattern: RegExp) {
  let border = ''
  let found = false
  return {
    see(chunk: Uint8Array) {
      if (found) return
      const window = border + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
      found = pattern.test(window)
      border = window.slice(-128)
    },
    found: () => found,
  }
}

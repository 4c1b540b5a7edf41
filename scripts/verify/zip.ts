import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { mostEntries } from '../../server/proof/case-export.ts'

/** What may be wrong with a ZIP before anything in it is believed; `path` is the entry that it was seen at. */
export type ZipFault = { fault: 'broken' | 'path' | 'twice' | 'compressed' | 'encrypted' | 'folder' | 'size' | 'overlap' | 'hidden' | 'names' | 'many'; path: string }
export type Zip = { entries: Map<string, Entry>; file: ZipFile; close(): void }

// Only whole, plain files, one after the other from the first byte to the directory: then what is read is never more than the file itself, nothing lies between
// them that another program would unpack, and no entry says in one place what it does not say in the other.
const descriptors = new Set([0, 12, 16, 20, 24]) // bytes that may stand between two files: sizes, and the check sum, of the one before

/** Opens a ZIP of whoever made it. Bounded by the size of its directory; every refusal is a value. */
export async function openZip(path: string): Promise<Zip | ZipFault> {
  let at = ''
  try {
    const file = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: true, strictFileNames: true, validateEntrySizes: true })
    const directory = (file as unknown as { readEntryCursor: number }).readEntryCursor // where it begins, before the first entry is read
    const entries = new Map<string, Entry>()
    const refuse = (fault: ZipFault): ZipFault => { file.close(); return fault }
    if (file.entryCount > mostEntries) return refuse({ fault: 'many', path })
    let end = 0
    try {
      for await (const entry of file.eachEntry()) {
        at = entry.fileName
        const fault = faultOf(entry, entries) ?? await misplaced(file, entry, end, directory)
        if (fault) return refuse({ fault, path: entry.fileName })
        end = (await file.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart + entry.compressedSize
        entries.set(entry.fileName, entry)
      }
    } catch (error) {
      return refuse(thrown(error, at || path))
    }
    return descriptors.has(directory - end) ? { entries, file, close: () => file.close() } : refuse({ fault: 'hidden', path: at || path })
  } catch {
    return { fault: 'broken', path }
  }
}

function faultOf(entry: Entry, known: Map<string, Entry>): ZipFault['fault'] | undefined {
  const { fileName, compressionMethod, compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) return 'encrypted'
  if (fileName.endsWith('/')) return 'folder'
  if (known.has(fileName)) return 'twice'
  if (compressionMethod !== 0) return 'compressed'
  return compressedSize === uncompressedSize ? undefined : 'size'
}

async function misplaced(file: ZipFile, entry: Entry, end: number, directory: number): Promise<ZipFault['fault'] | undefined> {
  const { fileName, fileDataStart, compressionMethod } = await file.readLocalFileHeaderPromise(entry, {})
  const start = entry.relativeOffsetOfLocalHeader
  if (start < end || fileDataStart + entry.compressedSize > directory) return 'overlap'
  if (!descriptors.has(start - end) || (end === 0 && start !== 0)) return 'hidden'
  return Buffer.compare(fileName, entry.fileNameRaw) === 0 && compressionMethod === 0 ? undefined : 'names'
}

// The reader's own refusals, by how they begin.
const refusals: [RegExp, ZipFault['fault']][] = [
  [/^(absolute path|invalid relative path|invalid characters in fileName): /, 'path'], [/^compressed\/uncompressed size mismatch/, 'size'], [/^file data overflows file bounds/, 'overlap'],
]
function thrown(error: unknown, path: string): ZipFault {
  const { message } = error as Error, [begins, fault] = refusals.find(([pattern]) => pattern.test(message)) ?? [/^$/, 'broken' as const]
  return { fault, path: fault === 'path' ? message.replace(begins, '').slice(0, 200) : path }
}

/** Size and hash of an entry, as a stream: a file of any size costs no memory. null: it cannot be read as it says. */
export async function measuredEntry(zip: Zip, entry: Entry): Promise<{ size: number; sha256: string } | null> {
  const sha = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of await bytesOf(zip, entry)) {
      sha.update(chunk)
      size += chunk.length
    }
    return { size, sha256: sha.digest('hex') }
  } catch {
    return null
  }
}

/** The text of an entry; undefined when it is not there, too long or not UTF-8. */
export async function textOf(zip: Zip, path: string, most: number): Promise<string | undefined> {
  const entry = zip.entries.get(path)
  if (!entry || entry.uncompressedSize > most) return undefined
  try {
    const chunks: Buffer[] = []
    for await (const chunk of await bytesOf(zip, entry)) chunks.push(chunk)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    return undefined
  }
}

/** Line by line, none longer than `most` characters; throws on what is no UTF-8. */
export async function* linesOf(zip: Zip, path: string, most: number): AsyncGenerator<string> {
  const entry = zip.entries.get(path), decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  if (entry) for await (const chunk of await bytesOf(zip, entry)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > most) throw new RangeError('a line without end')
    yield* lines
  }
  if (rest !== '') yield rest
}

const bytesOf = async ({ file }: Zip, entry: Entry): Promise<Readable & AsyncIterable<Buffer>> => await file.openReadStreamPromise(entry)

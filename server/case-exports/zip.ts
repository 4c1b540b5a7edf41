import { createHash } from 'node:crypto'
import { Readable, type PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { DocumentMissing, measured, type Documents } from '../adapters/documents.ts'
import { manifestPath, rowsPath, sealPath, statementPath, casePath, type Entry, type Manifest, type Omission } from '../proof/case-export.ts'
import type { Gathered } from './gather.ts'

type Stored = { id: string; key: string; path: string; size: number; sha256: string; documentId: string | null }
type Writing = { zip: ZipFile; at: Date; entries: Entry[]; omissions: Omission[]; gone: Promise<never> }
type About = { at: Date; store: Documents; sign(manifest: string, counts: { entries: number; omissions: number }): Promise<string> }

/**
 * The case as a ZIP that is never held: one file after the other, each as it is (what is compressed can be a bomb, and pictures do not shrink), the manifest last, because only
 * then is it known what could be read. Destroying the stream ends the work; a store that fails in the middle destroys it, so that no half ZIP looks whole.
 */
export function caseZip(gathered: Gathered, about: About): Readable {
  const zip = new ZipFile(), output = zip.outputStream as PassThrough
  const gone = finished(output).then((): never => { throw new Error('the reader went away') })
  gone.catch(() => undefined)
  zip.on('error', error => output.destroy(error))
  const writing: Writing = { zip, at: about.at, entries: [], omissions: [...gathered.withheld], gone }
  void write(writing, gathered, about).catch(error => output.destroy(error instanceof Error ? error : new Error(String(error))))
  return output
}

async function write(writing: Writing, { case: theCase, seal, rows, certificates, documents }: Gathered, { store, sign }: About): Promise<void> {
  addText(writing, casePath, theCase)
  if (seal !== null) {
    addText(writing, sealPath, seal)
    addText(writing, rowsPath, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  }
  for (const { credential, ...file } of certificates) {
    await addStored(writing, store, { ...file, id: file.path, documentId: null })
    if (credential) addText(writing, credential.path, credential.text)
  }
  for (const document of documents) await addStored(writing, store, { ...document, documentId: document.id })
  const { entries, omissions } = writing, manifest: Manifest = { type: 'akashi-case-manifest', version: 1, entries, omissions }
  const written = `${JSON.stringify(manifest, null, 1)}\n`
  const statement = await sign(written, { entries: entries.length, omissions: omissions.length })
  for (const [path, text] of [[manifestPath, written], [statementPath, statement]] as const) writing.zip.addBuffer(Buffer.from(text), path, stored(writing))
  writing.zip.end()
}

const stored = ({ at }: Writing) => ({ compress: false, mtime: at, mode: 0o100644 })

function addText(writing: Writing, path: string, text: string) {
  const bytes = Buffer.from(text)
  writing.zip.addBuffer(bytes, path, stored(writing))
  writing.entries.push({ path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), documentId: null })
}

// Read twice: whether it is what was handed in is known before a byte of it is given out under that name.
async function addStored(writing: Writing, store: Documents, { id, key, path, size, sha256, documentId }: Stored): Promise<void> {
  const held = await hashOf(writing, store, key)
  if (held === null) return void writing.omissions.push({ id, path, reason: 'removed_from_storage' })
  if (held.sha256 !== sha256 || held.size !== size) return void writing.omissions.push({ id, path, reason: 'hash_differs' })
  const body = measured(await store.get(key)), source = Readable.from(body.chunks)
  writing.zip.addReadStream(source, path, { ...stored(writing), size })
  await unlessGone(writing, source, finished(source))
  if (body.result().sha256 !== sha256) throw new Error(`document ${id} changed while it was read`)
  writing.entries.push({ path, size, sha256, documentId })
}

async function hashOf(writing: Writing, store: Documents, key: string): Promise<{ size: number; sha256: string } | null> {
  try {
    const source = await store.get(key), { chunks, result } = measured(source)
    await unlessGone(writing, source, (async () => { for await (const _ of chunks); })())
    return result()
  } catch (error) {
    if (error instanceof DocumentMissing) return null
    throw error
  }
}

async function unlessGone({ gone }: Writing, source: Readable, work: Promise<unknown>): Promise<void> {
  try {
    await Promise.race([work, gone])
  } finally {
    source.destroy()
  }
}

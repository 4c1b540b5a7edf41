import { newDocumentKey, type Documents } from '../../adapters/documents.ts'
import type { Refusal, RefusalCode } from '../../domain/refusal.ts'
import { inspector } from './inspect.ts'
import { isNameOfProgram, kindNamed, type FileKind } from './kinds.ts'
import { usableName } from './names.ts'

export type FileRefusal = Extract<RefusalCode, 'file_missing' | 'file_empty' | 'file_too_large' | 'file_truncated' | 'file_kind_not_allowed'
  | 'file_mislabelled' | 'file_encrypted' | 'file_executable' | 'file_name_unusable'>

/** As @fastify/multipart gives it: `{ ...part, stream: part.file, truncated: () => part.file.truncated }`; without a name when none was chosen. */
export type SentFile = { filename: string | undefined; mimetype: string; stream: AsyncIterable<Uint8Array>; truncated?: () => boolean }
/** Kept under `key`. `type` is what to serve it as (text with its charset), `sha256` in hex, `size` in bytes, `name` as it was sent. */
export type ReceivedFile = { key: string; name: string; size: number; sha256: string; type: string; kind: FileKind }
/** `params` for the sentence: the file's `name`, the `limit` in MB, and what was `found` inside. */
export type RefusedFile = Refusal & { refused: FileRefusal }

/**
 * Takes one file: counts, hashes and inspects it on its way into storage, never whole in memory. After a refusal the bytes are gone from
 * storage; after any "no" the sender's stream is read to its end, so that the answer can reach him. Throws StorageUnavailable.
 */
export async function receiveFile(file: SentFile | undefined, to: { documents: Documents; limitBytes: number }): Promise<ReceivedFile | RefusedFile> {
  if (!file) return { refused: 'file_missing', params: {} }
  const source = readOnce(file.stream)
  const outcome = await store(file, source, to).catch((error: unknown) => ({ error }))
  if (!('key' in outcome)) await source.drain()
  if ('error' in outcome) throw outcome.error
  return outcome
}

type Destination = { documents: Documents; limitBytes: number }

async function store(file: SentFile, source: ReturnType<typeof readOnce>, { documents, limitBytes }: Destination): Promise<ReceivedFile | RefusedFile> {
  const name = usableName(file.filename ?? '')
  const row = name === undefined ? undefined : kindNamed(name)
  const refuse = (refused: FileRefusal, found?: string): RefusedFile =>
    ({ refused, params: { name: name ?? '', limit: Math.floor(limitBytes / (1024 * 1024)), found: found ?? '' } })
  // a form sent without choosing a file has an empty part without a name
  if (!file.filename) return refuse(await source.isEmpty() ? 'file_missing' : 'file_name_unusable')
  if (name === undefined) return refuse('file_name_unusable')
  if (!row) return refuse(isNameOfProgram(name) ? 'file_executable' : 'file_kind_not_allowed')

  const key = newDocumentKey()
  const contents = inspector(row)
  const stored = await documents.put(key, limited(source.chunks(), limitBytes, contents.see), { type: row.type }).catch(refusalOf)
  if ('refused' in stored) return refuse(stored.refused)
  const verdict = stored.size === 0 ? { refused: 'file_empty' as const } : file.truncated?.() ? { refused: 'file_too_large' as const } : await contents.verdict(file.mimetype)
  if ('type' in verdict) return { key, name, ...stored, type: verdict.type, kind: row.kind }
  await documents.delete(key)
  return refuse(verdict.refused, 'found' in verdict ? verdict.found : undefined)
}

class TooLarge extends Error {}
class CutShort extends Error {}

function refusalOf(error: unknown): { refused: FileRefusal } {
  if (error instanceof TooLarge) return { refused: 'file_too_large' }
  if (error instanceof CutShort) return { refused: 'file_truncated' } // the sender hung up
  throw error
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limitBytes: number, see: (chunk: Uint8Array) => void) {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limitBytes) throw new TooLarge()
    see(chunk)
    yield chunk
  }
}

// Leaving a `for await` would destroy the stream, and with it the connection the answer has to go through: so it is read by hand.
function readOnce(stream: AsyncIterable<Uint8Array>) {
  const reader = stream[Symbol.asyncIterator]()
  const next = () => reader.next().catch(cause => { throw new CutShort('the sender stopped', { cause }) })
  return {
    async *chunks() {
      for (let step = await next(); !step.done; step = await next()) yield step.value
    },
    isEmpty: async () => Boolean((await reader.next().catch(() => ({ done: true }))).done),
    async drain() {
      try {
        while (!(await reader.next()).done);
      } catch { /* hung up: nobody waits for the answer */ }
    },
  }
}

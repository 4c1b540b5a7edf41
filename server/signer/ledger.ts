import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { asks } from '../adapters/signer/wire.ts'

// One line per request, before the signature leaves the house: what kind, the digest of what was to be signed, when, and whether it was.
// `prev` is the SHA-256 of the line before, so that a line taken out or changed later shows. No content, no person.
const Line = z.object({
  n: z.int(), at: z.iso.datetime(), ask: z.enum(asks), digest: z.string(), key: z.string(), refused: z.string().optional(),
  checkpoint: z.object({ origin: z.string(), size: z.int(), root: z.string() }).optional(), prev: z.string(),
})
export type Entry = Omit<z.infer<typeof Line>, 'n' | 'prev'>
/** `count`: lines it held when it was opened; `promised`: the last checkpoint signed for each log, with its root in base64. */
export type Ledger = { count: number; promised: Map<string, { size: number; root: string }>; append(entry: Entry): Promise<void>; close(): Promise<void> }

const start = '0'.repeat(64)
const longestLine = 10_000 // characters; a line has some 300

export class LedgerBroken extends Error {}

/** Opens the ledger, made when it is missing; reads it through and throws LedgerBroken where a line does not follow from the one before. */
export async function openLedger(file: string): Promise<Ledger> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const { count, promised, last, bytes, torn } = await readThrough(file)
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600)
  if (torn) await handle.truncate(bytes) // by a power cut: its signature never left
  return { ...writer(handle, count, last), count, promised }
}

type Found = { count: number; last: string; bytes: number; promised: Ledger['promised'] }

// In pieces: a ledger grows for years.
async function readThrough(file: string): Promise<Found & { torn: boolean }> {
  const found: Found = { count: 0, last: start, bytes: 0, promised: new Map() }
  let rest = ''
  try {
    for await (const chunk of createReadStream(file, 'utf8')) {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const text of parts) follow(found, text, file)
      if (rest.length > longestLine) throw new LedgerBroken(`${file}: line ${found.count + 1} has no end`)
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  return { ...found, torn: rest !== '' }
}

function follow(found: Found, text: string, file: string) {
  const line = read(text)
  if (line?.n !== found.count + 1 || line.prev !== found.last) throw new LedgerBroken(`${file}: line ${found.count + 1} does not follow from the one before`)
  if (line.checkpoint && !line.refused) found.promised.set(line.checkpoint.origin, line.checkpoint)
  Object.assign(found, { count: line.n, last: sha256(text), bytes: found.bytes + Buffer.byteLength(text) + 1 })
}

function read(text: string) {
  try {
    return Line.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

// Those who come while the disk is busy are written together: a thousand signatures need no thousand syncs.
function writer(handle: FileHandle, count: number, last: string) {
  let n = count
  let prev = last
  let waiting = ''
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const flush = async () => {
    await writing.catch(() => undefined)
    const block = waiting
    waiting = ''
    next = undefined
    writing = handle.appendFile(block).then(() => handle.datasync())
    await writing
  }
  return {
    append(entry: Entry): Promise<void> {
      n += 1
      const text = JSON.stringify({ n, ...entry, prev })
      prev = sha256(text)
      waiting += `${text}\n`
      next ??= flush()
      return next
    },
    async close() {
      await next?.catch(() => undefined)
      await writing.catch(() => undefined)
      await handle.close()
    },
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

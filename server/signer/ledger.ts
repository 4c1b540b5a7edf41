import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises'
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
export type Ledger = { entries: Entry[]; append(entry: Entry): Promise<void>; close(): Promise<void> }

const start = '0'.repeat(64)

export class LedgerBroken extends Error {}

/** Opens the ledger, made when it is missing; reads it whole and throws LedgerBroken where a line does not follow from the one before. `entries`: what it held. */
export async function openLedger(file: string): Promise<Ledger> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const text = await readFile(file, 'utf8').catch(error => { if (error.code === 'ENOENT') return ''; throw error })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const written = whole.split('\n').slice(0, -1)
  const entries = checked(written, file)
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600)
  if (whole !== text) await handle.truncate(Buffer.byteLength(whole)) // torn by a power cut: its signature never left
  return { ...writer(handle, written.length, written.at(-1)), entries }
}

function checked(written: string[], file: string): Entry[] {
  let before = start
  return written.map((text, index) => {
    const line = read(text)
    if (line?.n !== index + 1 || line.prev !== before) throw new LedgerBroken(`${file}: line ${index + 1} does not follow from the one before`)
    before = sha256(text)
    const { n: _n, prev: _prev, ...entry } = line
    return entry
  })
}

function read(text: string) {
  try {
    return Line.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

// Those who come while the disk is busy are written together: a thousand signatures need no thousand syncs.
function writer(handle: FileHandle, count: number, last: string | undefined) {
  let n = count
  let prev = last === undefined ? start : sha256(last)
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

import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { StorageUnavailable } from '../adapters/documents.ts'
import type { Refusal, RefusalCode } from '../domain/refusal.ts'
import { isRefusal } from '../domain/refusal.ts'
import { inspector } from '../http/uploads/inspect.ts'
import { kindTakenOnSite, type KindRow } from '../http/uploads/kinds.ts'
import type { World } from '../world.ts'
import { namedFile, rememberRefusal, type Asked } from './files.ts'
import { keepTogether } from './keep-together.ts'

/** How far a file is: what the headers upload-offset and upload-complete say (IETF draft-ietf-httpbis-resumable-upload). */
export type Progress = { offset: number; complete: boolean }
type Part = Asked & { offset: number; length: number; body: Readable }

const spooled = ({ applicationId, device, sha256 }: Asked) => `${applicationId}.${device}.${sha256}`

// One writer a file: a device that comes again has lost the connection on which it sent before.
const writing = new Map<string, { stop(): void; ended: Promise<unknown> }>()

/** What is here of a file that a version of this device names. */
export async function progressOf({ database: { db }, spool }: World, asked: Asked): Promise<Progress | Refusal> {
  const named = await namedFile(db, asked)
  if (isRefusal(named)) return named
  if (named.stopped) return { refused: named.stopped as RefusalCode }
  return named.documentId ? { offset: named.size, complete: true } : { offset: await spool.size(spooled(asked)), complete: false }
}

/**
 * One part of a file, from the byte where the last one ended. What came before a broken connection stays; the hash is reckoned and the kind is looked at
 * while the bytes pass, so that a file that comes in one piece is read once and written once.
 */
export async function receivePart(world: World, part: Part): Promise<Progress | (Refusal & { offset?: number })> {
  const named = await namedFile(world.database.db, part)
  if (isRefusal(named)) return named
  if (named.documentId) return { offset: named.size, complete: true }
  if (named.stopped) return { refused: named.stopped as RefusalCode }
  if (named.size !== part.length) return { refused: 'upload_differs' }
  const row = kindTakenOnSite(named.type)
  if (!row) return refuseForEver(world, part, 'file_kind_not_allowed')
  if (named.size > world.uploadLimitBytes) return refuseForEver(world, part, 'file_too_large', { limit: Math.floor(world.uploadLimitBytes / (1024 * 1024)) })
  const before = writing.get(spooled(part))
  before?.stop()
  await before?.ended.catch(() => undefined)
  const ended = append(world, part, row, named.type)
  const mine = { stop: () => part.body.destroy(), ended }
  writing.set(spooled(part), mine)
  return ended.finally(() => { if (writing.get(spooled(part)) === mine) writing.delete(spooled(part)) })
}

// What was seen of a file that is on its way, so that the next piece goes on where the last one ended. Lost (a restart, another server), it is read again from the spool.
type Seen = { size: number; sha: Hash; contents: ReturnType<typeof inspector> }
const half = new Map<string, Seen>()
const most_half = 64 // some hundred kilobytes each

async function seenOf({ spool }: World, name: string, here: number, row: KindRow): Promise<Seen> {
  const known = half.get(name)
  half.delete(name) // whoever goes on puts it back when all is well
  if (known?.size === here) return known
  const seen: Seen = { size: 0, sha: createHash('sha256'), contents: inspector(row) }
  if (here > 0) for await (const chunk of spool.read(name)) see(seen, chunk)
  return seen
}

function see(seen: Seen, chunk: Uint8Array) {
  seen.sha.update(chunk)
  seen.contents.see(chunk)
  seen.size += chunk.length
}

function goOnLater(name: string, seen: Seen): Progress {
  half.set(name, seen)
  for (const oldest of half.keys()) if (half.size > most_half) half.delete(oldest)
  return { offset: seen.size, complete: false }
}

async function append(world: World, part: Part, row: KindRow, declared: string): Promise<Progress | (Refusal & { offset?: number })> {
  const { spool } = world, name = spooled(part)
  const here = await spool.size(name)
  if (here !== part.offset) return { refused: 'upload_offset', offset: here }
  const seen = await seenOf(world, name, here, row)
  try {
    await spool.append(name, bounded(part.body, part.length - here, chunk => see(seen, chunk)))
  } catch (error) {
    if (error instanceof TooMuch) return startOver(world, name)
    if (error instanceof StorageUnavailable) throw error
    return { refused: 'file_truncated' } // the connection is gone, or the device came again on another one
  }
  return seen.size < part.length ? goOnLater(name, seen) : conclude(world, part, { name, seen, row, declared })
}

async function conclude(world: World, part: Part, { name, seen: { size, sha, contents }, row, declared }: { name: string; seen: Seen; row: KindRow; declared: string }): Promise<Progress | Refusal> {
  const { spool } = world
  if (sha.digest('hex') !== part.sha256) return startOver(world, name)
  const verdict = await contents.verdict(declared)
  if ('refused' in verdict) {
    await spool.discard(name)
    return refuseForEver(world, part, verdict.refused)
  }
  const refusal = await keepTogether(world, { ...part, path: spool.fileOf(name), size, type: verdict.type, extension: row.extensions[0] ?? 'bin' })
  if (refusal) {
    if (refusal.refused === 'device_wiped') await spool.discard(name)
    return refusal
  }
  await spool.discard(name)
  return { offset: size, complete: true }
}

class TooMuch extends Error {}

async function* bounded(body: AsyncIterable<Uint8Array>, most: number, see: (chunk: Uint8Array) => void) {
  let came = 0
  for await (const chunk of body) {
    came += chunk.length
    if (came > most) throw new TooMuch()
    see(chunk)
    yield chunk
  }
}

async function startOver({ spool }: World, name: string): Promise<Refusal> {
  await spool.discard(name)
  return { refused: 'upload_differs' }
}

async function refuseForEver(world: World, asked: Asked, refused: RefusalCode, params?: Record<string, number>): Promise<Refusal> {
  await rememberRefusal(world, asked, refused)
  return { refused, ...(params ? { params } : {}) }
}

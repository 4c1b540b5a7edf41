import { createHash, randomInt } from 'node:crypto'
import { finished, PassThrough, type Readable } from 'node:stream'

/**
 * Where the bytes of documents live: a directory or any S3-compatible store, behind one door. Keys are ours and opaque; names, types and
 * hashes live in the database. There is no url(): the app streams every read itself, so that each is authorised and on record.
 * Everything may throw StorageUnavailable (the world's fault, answered with 503); a malformed key is a bug and throws a plain Error.
 */
export type Documents = {
  /** Stores a stream whole or not at all. What the body itself throws is thrown on, and nothing is left behind. */
  put(key: string, body: AsyncIterable<Uint8Array>, about: { type: string }): Promise<{ size: number; sha256: string }>
  /** The same for a finished file of this machine, which stays where it is: a disk beside it gives it a second name and reads nothing.
   *  A file that is gone is the world's fault (StorageUnavailable): whoever sent it sends it again. */
  adopt(key: string, file: string, about: { type: string }): Promise<void>
  /** `range` counts bytes and is inclusive. Throws DocumentMissing, or RangeError beyond the end. Destroy the stream when you stop early. */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>
  head(key: string): Promise<{ size: number } | undefined>
  /** Twice is no error. */
  delete(key: string): Promise<void>
  /** For the orphan sweep: everything kept, in no order. */
  list(): AsyncIterable<{ key: string; size: number; at: Date }>
  /** Removes what uploads that died left half-written before `before`; says how many. */
  sweepUnfinished(before: Date): Promise<number>
  /** Throws StorageUnavailable when documents can be neither kept nor read. */
  ready(): Promise<void>
}

export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'
  readonly statusCode = 503
}

export class DocumentMissing extends Error {
  override readonly name = 'DocumentMissing'
  constructor(key: string) {
    super(`no document ${key}`)
  }
}

/** A bug of ours: keys are drawn anew for each document. What is there stays. */
export class KeyUsedTwice extends Error {
  override readonly name = 'KeyUsedTwice'
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** 28 random [a-z0-9], about 144 bits: never a file name, never used twice. */
export const newDocumentKey = (): string => Array.from({ length: 28 }, () => alphabet[randomInt(alphabet.length)]).join('')

export const isDocumentKey = (key: string): boolean => /^[a-z0-9]{28}$/.test(key)

/** The last guard against a path or a foreign name reaching a store. */
export function assertDocumentKey(key: string) {
  if (!isDocumentKey(key)) throw new Error('not a document key')
}

export type MeasuredBody = { chunks: AsyncGenerator<Uint8Array>; result(): { size: number; sha256: string }; failure(): { error: unknown } | undefined }

/** Counts and hashes on the way through, and remembers whether it was the body that failed and not the store. */
export function measured(body: AsyncIterable<Uint8Array>): MeasuredBody {
  const sha = createHash('sha256')
  let size = 0
  let failure: { error: unknown } | undefined
  async function* watched() {
    try {
      for await (const chunk of body) yield chunk
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  async function* chunks() { // what a reader throws in arrives at this yield, and never looks like a failure of the body
    for await (const chunk of watched()) {
      sha.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  return { chunks: chunks(), result: () => ({ size, sha256: sha.digest('hex') }), failure: () => failure }
}

/** The same bytes; what breaks on the way says whose fault it was. Destroying the result destroys the source. */
export function translated(source: Readable, translate: (error: unknown) => Error): Readable {
  const through = new PassThrough()
  finished(source, error => { if (error) through.destroy(translate(error)) })
  through.once('close', () => source.destroy())
  return source.pipe(through)
}

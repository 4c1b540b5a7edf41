import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** The beginning of a file, `whole` when that is all of it. */
export type Bytes = { bytes: Buffer; size: number; whole: boolean }

export const mostPdf = 32 * 1024 * 1024 // of a file of any size no more is read; certificates have a quarter of a megabyte
export const mostText = 1024 * 1024

/** undefined: there is no such file, or it is none that can be read. Memory is bounded by `most`, whatever the file's size. */
export async function readStart(path: string, most: number): Promise<Bytes | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK) // a pipe that nobody writes to would keep us waiting
    try {
      const about = await file.stat()
      if (!about.isFile()) return undefined
      const bytes = Buffer.alloc(Math.min(about.size, most))
      let at = 0
      for (let read = -1; at < bytes.length && read !== 0; at += read) ({ bytesRead: read } = await file.read(bytes, at, bytes.length - at, at))
      return { bytes: bytes.subarray(0, at), size: about.size, whole: at === about.size }
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** A text beside the file; undefined only when it is not there. Bytes that are no UTF-8 become signs that no text of ours has: it is another text. */
export async function readText(path: string): Promise<string | undefined> {
  const read = await readStart(path, mostText)
  return read && asText(read.bytes)
}

export const asText = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

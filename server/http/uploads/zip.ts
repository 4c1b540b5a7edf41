import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

/** `unpacked`: what the entries say they come to, in bytes. */
export type ZipListing = { names: string[]; encrypted: boolean; unpacked: number }

const endRecord = Buffer.from('PK\x05\x06', 'latin1')
const entryRecord = 0x02014b50
const endBytes = 22
const entryBytes = 46

/**
 * The names in a zip file, read from its directory at the end (PKWARE APPNOTE 4.3.12 and 4.3.16); nothing is unpacked, so nothing can burst.
 * `tail` = the last bytes of a file of `size` bytes. 'cut' = no end record, or a directory that breaks off. undefined = its directory is
 * larger than the tail: no office file of this world.
 */
export function listZip(tail: Buffer, size: number): ZipListing | 'cut' | undefined {
  const end = tail.lastIndexOf(endRecord)
  if (end < 0 || end + endBytes > tail.length) return 'cut'
  const start = tail.readUInt32LE(end + 16) - (size - tail.length)
  if (start < 0) return undefined
  return readEntries(tail.subarray(0, end), start, tail.readUInt16LE(end + 10))
}

function readEntries(directory: Buffer, start: number, count: number): ZipListing | 'cut' {
  const names: string[] = []
  let encrypted = false
  let unpacked = 0
  for (let at = start; names.length < count;) {
    if (at + entryBytes > directory.length || directory.readUInt32LE(at) !== entryRecord) return 'cut'
    const nameLength = directory.readUInt16LE(at + 28)
    encrypted ||= (directory.readUInt16LE(at + 8) & 1) === 1
    unpacked += directory.readUInt32LE(at + 24)
    names.push(directory.toString('utf8', at + entryBytes, at + entryBytes + nameLength))
    at += entryBytes + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return { names, encrypted, unpacked }
}

const inflate = promisify(inflateRaw)
const localBytes = 30

/** Whether a zip file held whole comes to no more than `most` bytes when it is really unpacked: what its directory says of sizes (listZip) is only a claim. */
export async function unpacksWithin(file: Buffer, most: number): Promise<boolean> {
  const end = file.lastIndexOf(endRecord)
  let left = most
  for (let at = file.readUInt32LE(end + 16), entry = 0; entry < file.readUInt16LE(end + 10); entry++) {
    if (at + entryBytes > end || file.readUInt32LE(at) !== entryRecord) return false
    const packed = file.readUInt32LE(at + 20), local = file.readUInt32LE(at + 42)
    if (local + localBytes > file.length) return false
    const from = local + localBytes + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    left -= file.readUInt16LE(at + 10) === 0 ? packed : await inflate(file.subarray(from, from + packed), { maxOutputLength: Math.max(1, left) }).then(bytes => bytes.length, () => left + 1)
    if (left < 0) return false
    at += entryBytes + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return true
}

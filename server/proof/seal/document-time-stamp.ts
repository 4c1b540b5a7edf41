import type { X509Certificate } from 'node:crypto'
import { rangeOf } from './byte-range.ts'
import { readTimeStamp, timeStampHolds, type TimeStamp } from './time-stamp.ts'

/**
 * The time stamp over the whole of a prolonged file (PAdES B-LTA), when it is the last thing in it, covers every byte, and leads to the
 * root; else undefined, also for every other file. Never throws, whatever the bytes.
 */
export function documentTimeStamp(pdf: Uint8Array, trustedRoot: Uint8Array, between: X509Certificate[] = []): TimeStamp | undefined {
  try {
    const found = rangeOf(pdf, 'last')
    if (typeof found === 'string' || !found.whole) return undefined
    const { container, start, end } = found
    const stamp = readTimeStamp(container)
    const padded = container.subarray(stamp.message.end).every(byte => byte === 0)
    return padded && timeStampHolds(stamp, Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]), trustedRoot, between) ? stamp : undefined
  } catch {
    return undefined
  }
}

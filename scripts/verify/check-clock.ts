import { X509Certificate } from 'node:crypto'
import { openCheckpoint } from '../../server/proof/checkpoint.ts'
import { sameHash } from '../../server/proof/merkle.ts'
import { readTimeStamp, timeStampHolds } from '../../server/proof/seal/time-stamp.ts'
import { bytesAt, textAt, Unreachable } from './fetch.ts'
import { failed, open, passed, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'

const mostToken = 100_000
const skew_ms = 3_600_000 // between the moment a line tells of and the one it was written down

/**
 * An outside clock has seen the log with so many lines: none of these was written later, and none after them earlier, whatever their own time
 * says. Between two stamps nothing can be dated back or forward by more than they lie apart.
 */
export async function checkClock(url: string, mirror: Mirror, root: Uint8Array | undefined): Promise<Finding[]> {
  try {
    const note = await textAt(`${url}/log/checkpoint/stamped`, mostToken)
    if (note === undefined || root === undefined) return [open('clock')]
    const checkpoint = openCheckpoint(note, mirror.key)
    if (!checkpoint || checkpoint.size > mirror.lines.length || !sameHash(mirror.rootAt(checkpoint.size), checkpoint.root)) return [failed('clock')]
    const at = stampedAt(await bytesAt(`${url}/log/checkpoint/${checkpoint.size}.tsr`, mostToken) ?? new Uint8Array(), note, root)
    return at ? [passed('clock', { size: checkpoint.size, at: at.toISOString() }), ...misdated(mirror, checkpoint.size, at)] : [failed('clock')]
  } catch (error) {
    if (error instanceof Unreachable) return [open('clock')]
    throw error
  }
}

function misdated({ entries }: Mirror, size: number, at: Date): Finding[] {
  const wrong = entries.filter(({ seq, t }) => (seq < size ? Date.parse(t) > at.getTime() + skew_ms : Date.parse(t) < at.getTime() - skew_ms))
  return wrong.length === 0 ? [passed('dated')] : wrong.map(({ seq, type, t }) => failed('dated', { seq, event: type, t, size, at: at.toISOString() }))
}

function stampedAt(token: Uint8Array, note: string, root: Uint8Array): Date | undefined {
  try {
    const stamp = readTimeStamp(token)
    return timeStampHolds(stamp, Buffer.from(note), new X509Certificate(root).raw) ? stamp.at : undefined
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'

const longest = 100 // bytes; the kernel takes 107, and cuts or refuses what is longer

/** Where the signer of this data directory listens: beside its ledger, or in a directory of its own under /tmp when that path is too long. */
export function socketPathFor(dataDir: string): string {
  const beside = path.join(dataDir, 'signer', 'socket')
  if (Buffer.byteLength(beside) <= longest) return beside
  return path.join(tmpdir(), `akashi-signer-${createHash('sha256').update(dataDir).digest('hex').slice(0, 24)}`, 'socket')
}

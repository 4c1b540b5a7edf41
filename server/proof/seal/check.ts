import { createHash } from 'node:crypto'
import { rangeOf, type SignedRange } from './byte-range.ts'
import { chainHolds, wasValid } from './check-chain.ts'
import { readContainer, type Container } from './read-container.ts'
import { readTimeStamp, timeStampHolds } from './time-stamp.ts'

export type Check = 'passed' | 'failed' | 'could_not_be_checked'
export type SealCheck = { digest: Check; signature: Check; chain: Check; time: Check; covers: Check }

/**
 * What can be said of a PDF against our root, told apart; never throws, whatever the bytes.
 * digest: the signed part is as it was signed · signature: by the key of the certificate named in it · chain: that certificate leads to the
 * root and was valid at the time of the time stamp (or, without one, at the time the signature claims) · time: a time-stamp authority
 * under `timeStampRoot` has seen this very signature, while the seal's certificate was valid; a file without a time stamp, or a check
 * without that root, leaves it open · covers: every byte of the file is signed, and there is one signature only.
 * All passed is needed to call a file ours and unchanged; whether it is the one in the register, only its SHA-256 says.
 */
export async function checkSealed(pdf: Uint8Array, trustedRoot: Uint8Array, timeStampRoot?: Uint8Array): Promise<SealCheck> {
  const found = rangeOf(pdf)
  if (found === 'none') return unknown
  if (found === 'malformed') return { ...unknown, covers: 'failed' }
  const container = attempt(() => readContainer(found.container))
  if (!container) return { ...unknown, covers: found.whole ? 'passed' : 'failed' }
  const digest = createHash('sha256').update(pdf.subarray(0, found.start)).update(pdf.subarray(found.end, found.signedEnd)).digest()
  const stamped = stampedTime(container, timeStampRoot)
  return {
    digest: verdict(() => digest.equals(container.messageDigest)),
    signature: verdict(() => container.signatureHolds()),
    chain: verdict(() => chainHolds(container.certificate, container.others, trustedRoot, stamped instanceof Date ? stamped : claimedTime(found))),
    time: stamped instanceof Date ? verdict(() => wasValid(container.certificate, stamped)) : stamped,
    covers: found.whole && container.padded ? 'passed' : 'failed',
  }
}

const unknown: SealCheck = {
  digest: 'could_not_be_checked', signature: 'could_not_be_checked', chain: 'could_not_be_checked', time: 'could_not_be_checked', covers: 'could_not_be_checked',
}

// The time that an authority we trust vouches for. A token is there but says something else, or says it of something else: failed.
export function stampedTime({ timeStamp, signature, others }: Container, root: Uint8Array | undefined): Date | Check {
  if (!timeStamp || !root) return 'could_not_be_checked'
  const stamp = attempt(() => readTimeStamp(timeStamp))
  if (!stamp) return 'could_not_be_checked'
  const believed = verdict(() => timeStampHolds(stamp, signature, root, others))
  return believed === 'passed' ? stamp.at : believed
}

function claimedTime({ claimedAt }: SignedRange): Date {
  if (!claimedAt) throw new Error('the signature names no time')
  return claimedAt
}

const verdict = (holds: () => boolean): Check => {
  const answer = attempt(holds)
  return answer === undefined ? 'could_not_be_checked' : answer ? 'passed' : 'failed'
}

// Whatever a parser makes of hostile bytes is a "could not be checked", not an accident of ours.
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

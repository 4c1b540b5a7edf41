import { rangeOf, textOf, type SignedRange } from './byte-range.ts'
import { chainHolds, readCertificate } from './certificate.ts'
import { readContainer } from './container.ts'
import { same } from './der.ts'
import { sha256 } from './key.ts'

export type Check = 'passed' | 'failed' | 'could_not_be_checked'
/** `stamp`: a time-stamp authority stamped this very signature. The authority's own signature is not checked in a browser. */
export type SealCheck = { digest: Check; signature: Check; chain: Check; covers: Check; stamp: Check }
/** With how many bytes of the file the signature covers, if it names a range that fits. */
export type Sealed = { checks: SealCheck; signedEnd: number | null }

/**
 * What can be said of a PDF against our root, by the rules of server/proof/seal/check.ts and in its words, on Web Crypto alone. Never throws,
 * whatever the bytes; time and memory grow with the file, no faster. `root`: DER, or null when it could not be had.
 */
export async function checkSeal(pdf: Uint8Array, root: Uint8Array | null): Promise<Sealed> {
  const found = rangeOf(textOf(pdf))
  if (found === 'none') return { checks: unknown, signedEnd: null }
  if (found === 'malformed') return { checks: { ...unknown, covers: 'failed' }, signedEnd: null }
  const { start, end, signedEnd, whole } = found
  const container = await attempt(async () => readContainer(found.container))
  if (!container) return { checks: { ...unknown, covers: whole ? 'passed' : 'failed' }, signedEnd }
  const signed = new Uint8Array(signedEnd - end + start)
  signed.set(pdf.subarray(0, start))
  signed.set(pdf.subarray(end, signedEnd), start)
  return {
    signedEnd,
    checks: {
      digest: await verdict(async () => same(await sha256(signed), container.messageDigest)),
      signature: await verdict(container.signatureHolds),
      chain: await verdict(async () => chainHolds(container.certificate, container.others, readCertificate(root ?? new Uint8Array()), claimedTime(found))),
      covers: whole && container.padded ? 'passed' : 'failed',
      stamp: await verdict(container.stampHolds),
    },
  }
}

const unknown: SealCheck = {
  digest: 'could_not_be_checked', signature: 'could_not_be_checked', chain: 'could_not_be_checked', covers: 'could_not_be_checked', stamp: 'could_not_be_checked',
}

function claimedTime({ claimedAt }: SignedRange): Date {
  if (!claimedAt) throw new Error('the signature names no time')
  return claimedAt
}

const verdict = async (holds: () => Promise<boolean>): Promise<Check> => {
  const answer = await attempt(holds)
  return answer === undefined ? 'could_not_be_checked' : answer ? 'passed' : 'failed'
}

// Whatever a parser makes of hostile bytes is a "could not be checked", not an accident of ours.
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

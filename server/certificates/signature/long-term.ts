import type { TimeStamps } from '../../adapters/time-stamps.ts'
import type { Signer } from '../../adapters/signer.ts'
import { rangeOf } from '../../proof/seal/byte-range.ts'
import { readContainer } from '../../proof/seal/read-container.ts'
import { readTimeStamp } from '../../proof/seal/time-stamp.ts'
import { continuing, increased, referred, rewrite } from '../pdf/file/increment.ts'
import { add, plain, ref, reserve } from '../pdf/file/objects.ts'
import { distinct } from './container.ts'
import { addTimeStamp, emptyAppearance, timeStampWidget, withRange } from './placeholder.ts'

/** Certificates and lists of revoked ones, DER. */
export type Evidence = { certificates: Uint8Array[]; crls: Uint8Array[] }

/**
 * Of both paths, the seal's and the time stamps': the certificates as the file itself carries them, for the key may have changed since, and
 * the authority's of today; the lists as they are now (those of the day of sealing are in the container). The roots stay outside, who checks has them.
 */
export function evidenceFor(pdf: Buffer, { signer, timeStamps }: { signer: Signer; timeStamps: TimeStamps }): Evidence {
  const range = rangeOf(pdf)
  if (typeof range === 'string') throw new Error('no seal in the file')
  const { certificate, others, timeStamp } = readContainer(range.container)
  const stamp = timeStamp && readTimeStamp(timeStamp).message
  const held = [certificate, ...others, ...stamp ? [stamp.certificate, ...stamp.others] : []].map(({ raw }) => raw)
  return { certificates: distinct([...held, ...timeStamps.leaf ? [timeStamps.leaf] : [], ...timeStamps.chain]), crls: distinct([...signer.crls, ...timeStamps.crls]) }
}

/** PAdES B-LT (ETSI EN 319 142-1, 5.4.2.2): one increment with everything that a judge without a network will ask for. What an earlier one brought is not brought again. */
export function withEvidence(pdf: Buffer, { certificates, crls }: Evidence): Buffer {
  const increment = continuing(pdf)
  const { file, body, trailer } = increment
  const brought = (parts: Uint8Array[]) => parts.filter(part => !pdf.includes(Buffer.from(part))).map(part => ref(add(file, plain('', Buffer.from(part)))))
  const root = referred(trailer, '/Root')
  const known = / \/DSS (\d+) 0 R/.exec(body(root))?.[1]
  const store = known === undefined ? reserve(file) : Number(known)
  const listed = known === undefined ? '<< /Type /DSS /Certs [ ] /CRLs [ ] >>' : body(store)
  add(file, listed.replace(/(\/Certs \[ [^\]]*)/, `$1${spaced(brought(certificates))}`).replace(/(\/CRLs \[ [^\]]*)/, `$1${spaced(brought(crls))}`), store)
  if (known === undefined) rewrite(increment, root, / >>$/, ` /DSS ${ref(store)} >>`)
  return increased(increment)
}

/** PAdES B-LTA (5.4.3): one more increment, a time stamp over the whole file so far. Throws TimeStampUnavailable. */
export async function withTimeStamp(pdf: Buffer, timeStamps: TimeStamps): Promise<Buffer> {
  const increment = continuing(pdf)
  const { file, body, trailer } = increment
  const root = referred(trailer, '/Root')
  const fields = /\/Fields \[ (.*?) \]/.exec(body(root))?.[1]?.split(' R').length ?? 0
  const page = referred(body(referred(body(root), '/Pages')), '\\/Kids \\[')
  const signature = reserve(file)
  const widget = add(file, timeStampWidget(`AkashiTime${fields - 1}`, { signature, page, appearance: add(file, emptyAppearance()) }))
  rewrite(increment, root, /(\/Fields \[ .*?) \]/, `$1 ${ref(widget)} ]`)
  rewrite(increment, referred(body(page), '/Annots'), / \]$/, ` ${ref(widget)} ]`)
  const slot = addTimeStamp(file, signature, timeStamps.room)
  const { pdf: prepared, contents: { start, end } } = withRange(increased(increment), slot)
  const token = await timeStamps.stamp(Buffer.concat([prepared.subarray(0, start), prepared.subarray(end)]))
  if (token.length > timeStamps.room) throw new Error(`the time stamp needs ${token.length} bytes and had less: the next try has room`)
  prepared.write(Buffer.from(token).toString('hex'), start + 1, 'latin1')
  return prepared
}

const spaced = (references: string[]) => references.map(reference => `${reference} `).join('')

import { createHash, X509Certificate } from 'node:crypto'
import type { Signer } from '../../adapters/signer.ts'
import type { TimeStamps } from '../../adapters/time-stamps.ts'
import { containerRoom, sealContainer } from './container.ts'
import { refuseUnusable } from './key-usable.ts'
import type { Prepared, SealProfile } from './placeholder.ts'

/** What the page must leave free for this signer and these time stamps: name in the signature, bytes of the container; and what may follow. */
export const sealSlot = (signer: Signer, timeStamps: TimeStamps, profile: SealProfile = 'B-T') =>
  ({ name: commonName(signer.certificate), room: containerRoom(signer, timeStamps), profile })

/**
 * Seals a prepared page: PAdES B-T in one revision, at `at`. Throws KeyUnusable outside the validity of the seal's certificates,
 * SignerUnavailable and TimeStampUnavailable when there is nobody to sign or to stamp: then there is no file, never a weaker one. A token
 * that outgrew its room throws too; its authority has measured it by then, so the next page, with the next `sealSlot`, has more.
 */
export async function sealCertificate({ pdf, contents: { start, end } }: Prepared, signer: Signer, timeStamps: TimeStamps, at: Date): Promise<Uint8Array> {
  refuseUnusable(signer, at)
  const digest = createHash('sha256').update(pdf.subarray(0, start)).update(pdf.subarray(end)).digest()
  const container = await sealContainer(digest, signer, timeStamps)
  const room = (end - start - 2) / 2
  if (container.length > room) throw new Error(`the signature needs ${container.length} bytes and has ${room}: a page prepared again will have room`)
  const sealed = Buffer.from(pdf)
  sealed.set(Buffer.from(Buffer.from(container).toString('hex'), 'latin1'), start + 1)
  return sealed
}

const commonName = (certificate: Uint8Array) => /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? 'Akashi'

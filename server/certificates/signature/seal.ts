import { createHash, X509Certificate } from 'node:crypto'
import type { Signer } from '../../adapters/signer.ts'
import { containerRoom, sealContainer } from './container.ts'
import { refuseUnusable } from './key-usable.ts'
import type { Prepared } from './placeholder.ts'

/** What the page must leave free for this signer: name in the signature, bytes of the container. */
export const sealSlot = (signer: Signer) => ({ name: commonName(signer.certificate), room: containerRoom(signer) })

/** Seals a prepared page: PAdES baseline B in one revision, at `at`. Throws KeyUnusable outside the validity of the seal's certificates. */
export async function sealCertificate({ pdf, contents: { start, end } }: Prepared, signer: Signer, at: Date): Promise<Uint8Array> {
  refuseUnusable(signer, at)
  const digest = createHash('sha256').update(pdf.subarray(0, start)).update(pdf.subarray(end)).digest()
  const container = await sealContainer(digest, signer)
  const room = (end - start - 2) / 2
  if (container.length > room) throw new Error(`the signature needs ${container.length} bytes and has ${room}`)
  const sealed = Buffer.from(pdf)
  sealed.set(Buffer.from(Buffer.from(container).toString('hex'), 'latin1'), start + 1)
  return sealed
}

const commonName = (certificate: Uint8Array) => /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? 'Akashi'

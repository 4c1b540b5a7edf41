import { createHash, X509Certificate } from 'node:crypto'
import type { Signer } from '../../adapters/signer.ts'
import { containerRoom, sealContainer } from './container.ts'
import { refuseUnusable } from './key-usable.ts'
import { withPlaceholder } from './placeholder.ts'

/** Seals a drawn certificate: PAdES baseline B in one revision, at `at`. Throws KeyUnusable outside the validity of the seal's certificates. */
export async function sealCertificate(pdf: Uint8Array, signer: Signer, at: Date): Promise<Uint8Array> {
  refuseUnusable(signer, at)
  const room = containerRoom(signer)
  const prepared = await withPlaceholder(pdf, { name: commonName(signer.certificate), at, room })
  const { start, end } = prepared.contents
  const digest = createHash('sha256').update(prepared.pdf.subarray(0, start)).update(prepared.pdf.subarray(end)).digest()
  const container = await sealContainer(digest, signer)
  if (container.length > room) throw new Error(`the signature needs ${container.length} bytes and has ${room}`)
  prepared.pdf.set(Buffer.from(Buffer.from(container).toString('hex'), 'latin1'), start + 1)
  return prepared.pdf
}

const commonName = (certificate: Uint8Array) => /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? 'Akashi'

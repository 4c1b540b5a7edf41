import type { Signer } from '../../adapters/signer.ts'
import type { TimeStamps } from '../../adapters/time-stamps.ts'
import { oid } from '../../proof/seal/oid.ts'
import { der, objectIdentifier, sequence } from '../../proof/seal/write-der.ts'
import { attribute, toBeSigned, writeSignedData } from '../../proof/seal/write-signed-data.ts'
import { signedAttributes } from './attributes.ts'

/**
 * The CMS container (DER) over the digest of a document that stays outside of it, with a time stamp over the signature value (PAdES B-T,
 * ETSI EN 319 142-1, 6.3). Certificates and CRLs of both paths are inside, so that a judge without a network comes to a verdict.
 */
export async function sealContainer(digest: Uint8Array, signer: Signer, timeStamps: TimeStamps): Promise<Uint8Array> {
  const { certificates, crls } = enclosed(signer, timeStamps)
  const attributes = signedAttributes(digest, signer.certificate, crls)
  const signature = await signer.sign(toBeSigned(attributes))
  const token = await timeStamps.stamp(signature)
  return writeSignedData({
    content: { type: oid.data }, certificates, attributes, algorithm: signatureAlgorithms[signer.algorithm], signature, unsigned: [attribute(oid.timeStamp, token)],
  })
}

/** Room for the container, in bytes: the parts whose size varies are known before signing, the time stamp as its authority last measured it. */
export function containerRoom(signer: Signer, timeStamps: TimeStamps): number {
  const { certificates, crls } = enclosed(signer, timeStamps)
  return [...certificates, ...crls].reduce((sum, part) => sum + part.length, 0) + 2048 + timeStamps.room
}

// Both paths often share their certificates and lists: each goes in once. The roots stay outside, who checks has them.
function enclosed(signer: Signer, timeStamps: TimeStamps) {
  return { certificates: distinct([signer.certificate, ...signer.chain, ...timeStamps.chain]), crls: distinct([...signer.crls, ...timeStamps.crls]) }
}

/** Each once. */
export const distinct = (parts: Uint8Array[]) => [...new Map(parts.map(part => [Buffer.from(part).toString('base64'), part])).values()]

const signatureAlgorithms: Record<Signer['algorithm'], Uint8Array> = {
  RS256: sequence(objectIdentifier(oid.rsaSha256), der(0x05)), ES256: sequence(objectIdentifier(oid.ecdsaSha256)),
}

import { Null, OctetString } from 'asn1js'
import {
  AlgorithmIdentifier, Attribute, Certificate, ContentInfo, EncapsulatedContentInfo, IssuerAndSerialNumber, SignedAndUnsignedAttributes, SignedData, SignerInfo,
} from 'pkijs'
import type { Signer } from '../../adapters/signer.ts'
import type { TimeStamps } from '../../adapters/time-stamps.ts'
import { oid } from '../../proof/seal/oid.ts'
import { parsed, signedAttributes, toBeSigned } from './attributes.ts'

/**
 * The CMS container (DER) over the digest of a document that stays outside of it, with a time stamp over the signature value (PAdES B-T,
 * ETSI EN 319 142-1, 6.3). Certificates and CRLs of both paths are inside, so that a judge without a network comes to a verdict.
 */
export async function sealContainer(digest: Uint8Array, signer: Signer, timeStamps: TimeStamps): Promise<Uint8Array> {
  const { certificates, crls } = enclosed(signer, timeStamps)
  const attributes = new SignedAndUnsignedAttributes({ type: 0, attributes: signedAttributes(digest, signer.certificate, crls) })
  const opened = certificates.map(der => Certificate.fromBER(new Uint8Array(der)))
  const [leaf] = opened
  if (!leaf) throw new Error('no seal certificate')
  const signature = await signer.sign(toBeSigned(attributes))
  const token = parsed(new Uint8Array(await timeStamps.stamp(signature)))
  const sha256 = () => new AlgorithmIdentifier({ algorithmId: oid.sha256 })
  const signerInfo = new SignerInfo({
    version: 1, sid: new IssuerAndSerialNumber({ issuer: leaf.issuer, serialNumber: leaf.serialNumber }), digestAlgorithm: sha256(),
    signedAttrs: attributes, signatureAlgorithm: signatureAlgorithms[signer.algorithm](), signature: new OctetString({ valueHex: signature }),
    unsignedAttrs: new SignedAndUnsignedAttributes({ type: 1, attributes: [new Attribute({ type: oid.timeStamp, values: [token] })] }),
  })
  const signedData = new SignedData({
    version: 1, digestAlgorithms: [sha256()], encapContentInfo: new EncapsulatedContentInfo({ eContentType: oid.data }), certificates: opened,
    signerInfos: [signerInfo],
  })
  const content = new ContentInfo({ contentType: oid.signedData, content: signedData.toSchema(true) })
  return new Uint8Array(content.toSchema().toBER())
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

const distinct = (parts: Uint8Array[]) => [...new Map(parts.map(part => [Buffer.from(part).toString('base64'), part])).values()]

const signatureAlgorithms: Record<Signer['algorithm'], () => AlgorithmIdentifier> = {
  RS256: () => new AlgorithmIdentifier({ algorithmId: oid.rsaSha256, algorithmParams: new Null() }),
  ES256: () => new AlgorithmIdentifier({ algorithmId: oid.ecdsaSha256 }),
}

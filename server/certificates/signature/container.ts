import { Null, OctetString } from 'asn1js'
import {
  AlgorithmIdentifier, Certificate, ContentInfo, EncapsulatedContentInfo, IssuerAndSerialNumber, SignedAndUnsignedAttributes, SignedData, SignerInfo,
} from 'pkijs'
import type { Signer } from '../../adapters/signer.ts'
import { oid } from '../../proof/seal/oid.ts'
import { signedAttributes } from './attributes.ts'

/** The CMS container (DER) over the digest of a document that stays outside of it. */
export async function sealContainer(digest: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const attributes = new SignedAndUnsignedAttributes({ type: 0, attributes: signedAttributes(digest, signer) })
  const certificates = [signer.certificate, ...signer.chain].map(der => Certificate.fromBER(new Uint8Array(der)))
  const [leaf] = certificates
  if (!leaf) throw new Error('no seal certificate')
  const sha256 = () => new AlgorithmIdentifier({ algorithmId: oid.sha256 })
  const signerInfo = new SignerInfo({
    version: 1, sid: new IssuerAndSerialNumber({ issuer: leaf.issuer, serialNumber: leaf.serialNumber }), digestAlgorithm: sha256(),
    signedAttrs: attributes, signatureAlgorithm: signatureAlgorithms[signer.algorithm](),
    signature: new OctetString({ valueHex: await signer.sign(asSet(attributes)) }),
  })
  const signedData = new SignedData({
    version: 1, digestAlgorithms: [sha256()], encapContentInfo: new EncapsulatedContentInfo({ eContentType: oid.data }), certificates,
    signerInfos: [signerInfo],
  })
  const content = new ContentInfo({ contentType: oid.signedData, content: signedData.toSchema(true) })
  return new Uint8Array(content.toSchema().toBER())
}

/** Room for the container, in bytes: the parts whose size varies are known before signing. */
export const containerRoom = ({ certificate, chain, crls }: Signer): number =>
  [certificate, ...chain, ...crls].reduce((sum, part) => sum + part.length, 0) + 2048

const signatureAlgorithms: Record<Signer['algorithm'], () => AlgorithmIdentifier> = {
  RS256: () => new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11', algorithmParams: new Null() }),
  ES256: () => new AlgorithmIdentifier({ algorithmId: '1.2.840.10045.4.3.2' }),
}

// RFC 5652, 5.4: what is signed carries the tag SET OF (0x31), what is sent [0].
function asSet(attributes: SignedAndUnsignedAttributes): Uint8Array {
  const der = new Uint8Array(attributes.toSchema().toBER())
  der[0] = 0x31
  return der
}

import { createHash, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import {
  Accuracy, AlgorithmIdentifier, Attribute, Certificate, ContentInfo, EncapsulatedContentInfo, IssuerAndSerialNumber, PKIStatusInfo, SignedAndUnsignedAttributes,
  SignedData, SignerInfo, TimeStampReq, TimeStampResp, TSTInfo,
} from 'pkijs'
import { oid } from '../../proof/seal/oid.ts'

type Authority = { key: KeyObject; certificate: X509Certificate; now: () => Date }

/** The development authority's answer to a TimeStampReq: what a real one does, without a network. P-256, accuracy one second. */
export function answerAs({ key, certificate, now }: Authority, request: Uint8Array): Uint8Array {
  const { messageImprint, nonce } = TimeStampReq.fromBER(new Uint8Array(request))
  const info = new TSTInfo({
    version: 1, policy: '2.999.1', // an example's arc: nobody's policy
    messageImprint, serialNumber: new Integer({ valueHex: Buffer.concat([Buffer.from([0x40]), randomBytes(15)]) }),
    genTime: new Date(Math.floor(now().getTime() / 1000) * 1000), accuracy: new Accuracy({ seconds: 1 }), ...(nonce ? { nonce } : {}),
  })
  const token = tokenOver(new Uint8Array(info.toSchema().toBER()), key, certificate)
  return new Uint8Array(new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }), timeStampToken: token }).toSchema().toBER())
}

function tokenOver(info: Uint8Array, key: KeyObject, { raw }: X509Certificate): ContentInfo {
  const sha256 = (data: Uint8Array) => new OctetString({ valueHex: createHash('sha256').update(data).digest() })
  const algorithm = () => new AlgorithmIdentifier({ algorithmId: oid.sha256 })
  const certificate = Certificate.fromBER(new Uint8Array(raw))
  const named = new Sequence({ value: [new Sequence({ value: [new Sequence({ value: [sha256(raw)] })] })] })
  const attributes = new SignedAndUnsignedAttributes({ type: 0, attributes: [ // shortest first: the order of DER
    new Attribute({ type: oid.contentType, values: [new ObjectIdentifier({ value: oid.timeStampInfo })] }),
    new Attribute({ type: oid.messageDigest, values: [sha256(info)] }),
    new Attribute({ type: oid.signingCertificateV2, values: [named] }),
  ] })
  const signed = new Uint8Array(attributes.toSchema().toBER())
  signed[0] = 0x31
  const signedData = new SignedData({
    version: 3, digestAlgorithms: [algorithm()], certificates: [certificate],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: oid.timeStampInfo, eContent: new OctetString({ valueHex: info }) }),
    signerInfos: [new SignerInfo({
      version: 1, sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }), digestAlgorithm: algorithm(),
      signedAttrs: attributes, signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: oid.ecdsaSha256 }),
      signature: new OctetString({ valueHex: sign('sha256', signed, key) }),
    })],
  })
  return new ContentInfo({ contentType: oid.signedData, content: signedData.toSchema(true) })
}

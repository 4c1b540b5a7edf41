import { createHash, randomBytes, sign, type KeyObject, type X509Certificate } from 'node:crypto'
import { inside, readDer, tag } from '../../proof/seal/der.ts'
import { oid } from '../../proof/seal/oid.ts'
import { der, integer, objectIdentifier, octetString, sequence } from '../../proof/seal/write-der.ts'
import { attribute, toBeSigned, writeSignedData } from '../../proof/seal/write-signed-data.ts'

type Authority = { key: KeyObject; certificate: X509Certificate; now: () => Date }

const small = (number: number) => integer(Uint8Array.of(number))
const policy = objectIdentifier('2.999.1') // an example's arc: nobody's policy

/** The development authority's answer to a TimeStampReq: what a real one does (RFC 3161), without a network. P-256, accuracy one second. */
export function answerAs({ key, certificate, now }: Authority, request: Uint8Array): Uint8Array {
  const [, imprint, ...optional] = inside(readDer(request))
  const nonce = optional.find(each => each.tag === tag.integer)
  if (!imprint) throw new Error('not a TimeStampReq')
  const time = `${now().toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`
  const info = sequence(
    small(1), policy, imprint.whole, integer(randomBytes(16)), der(tag.time, Buffer.from(time, 'latin1')), sequence(small(1)), ...(nonce ? [nonce.whole] : []),
  )
  return sequence(sequence(small(0)), tokenOver(info, key, certificate))
}

function tokenOver(info: Uint8Array, key: KeyObject, { raw }: X509Certificate): Buffer {
  const sha256 = (data: Uint8Array) => octetString(createHash('sha256').update(data).digest())
  const attributes = [
    attribute(oid.contentType, objectIdentifier(oid.timeStampInfo)), attribute(oid.messageDigest, sha256(info)),
    attribute(oid.signingCertificateV2, sequence(sequence(sequence(sha256(raw))))),
  ]
  return writeSignedData({
    content: { type: oid.timeStampInfo, bytes: info }, certificates: [raw], attributes, algorithm: sequence(objectIdentifier(oid.ecdsaSha256)),
    signature: sign('sha256', toBeSigned(attributes), key),
  })
}

import { createHash, type KeyObject, type X509Certificate } from 'node:crypto'

/**
 * A private key wherever it lies. `certificates`: those that came with it. `sign` answers RSA PKCS#1 v1.5 or ECDSA (DER) with SHA-256, and
 * throws SignerUnavailable when whoever holds the key is away; `ready` rejects then too.
 */
export type SealKey = {
  publicKey: KeyObject
  certificates: X509Certificate[]
  crls?: Uint8Array[]
  sign(data: Uint8Array): Promise<Uint8Array>
  ready(): Promise<void>
}

export type SealAlgorithm = 'RS256' | 'ES256'

/** What a key can sign with; throws when it is too weak, or of a kind that PDF readers do not take. */
export function algorithmOf(key: KeyObject): SealAlgorithm {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return 'RS256'
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256'
  throw new Error('the seal key must be RSA of at least 2048 bits, or P-256')
}

/** SHA-256 of the public key, hex: it stays when the certificate is renewed. */
export const keyIdOf = (key: KeyObject) => createHash('sha256').update(spkiOf(key)).digest('hex')

export const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

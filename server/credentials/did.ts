import { didOf } from '../proof/did.ts'
import type { PublicJwk } from '../proof/jws.ts'

/** A key as its DID document tells of it: `revoked` is the instant (ISO) from which on nothing signed with it counts. */
export type PublishedKey = { kid: string; publicJwk: PublicJwk; revoked?: string }
/** Of the log: the one in use, and former ones, whose checkpoints people still hold. */
export type PublishedLogKeys = { publicKey: Uint8Array; former: { keyId: string; publicKey: Uint8Array; revoked?: string }[] }

/**
 * The issuer's identity (DID core, Controlled Identifiers 1.0), as text: the same keys give the same bytes, whose SHA-256 proofs name.
 * A retired key still vouches for what it signed. A compromised one stays as a method with `revoked` and vouches for nothing: whoever does
 * not understand the word refuses it, whoever does may ask the log what was there before.
 */
export function didDocument(publicUrl: string, keys: readonly PublishedKey[], log: PublishedLogKeys): string {
  const did = didOf(publicUrl)
  const methods = keys.toSorted((one, other) => (one.kid < other.kid ? -1 : 1)).map(({ kid, publicJwk: { kty, crv, x, y }, revoked }) => ({
    id: `${did}#${kid}`, type: 'JsonWebKey', controller: did, ...(revoked ? { revoked } : {}), publicKeyJwk: { kty, crv, x, y, alg: 'ES256', kid },
  }))
  const logMethod = (fragment: string, publicKey: Uint8Array, revoked?: string) => ({
    id: `${did}#${fragment}`, type: 'JsonWebKey', controller: did, ...(revoked ? { revoked } : {}), publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
  })
  const former = log.former.toSorted((one, other) => (one.keyId < other.keyId ? -1 : 1)).map(({ keyId, publicKey, revoked }) => logMethod(`log-${keyId}`, publicKey, revoked))
  return JSON.stringify({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://www.w3.org/ns/cid/v1'], id: did,
    verificationMethod: [...methods, logMethod('log', log.publicKey), ...former], // the log's keys sign checkpoints, never a credential
    assertionMethod: methods.filter(method => !('revoked' in method)).map(({ id }) => id),
    service: [
      { id: `${did}#keys`, type: 'SigningKeyHistory', serviceEndpoint: `${publicUrl}/keys.json` },
      { id: `${did}#transparency-log`, type: 'TransparencyLog', serviceEndpoint: `${publicUrl}/log` },
    ],
  })
}

/** The log's public key (32 bytes) in a DID document, under #log; undefined when it names none. */
export function logKeyIn(did: string): Uint8Array | undefined {
  try {
    const { id, verificationMethod } = JSON.parse(did) as { id?: unknown; verificationMethod?: { id?: unknown; publicKeyJwk?: { crv?: unknown; x?: unknown } }[] }
    const jwk = verificationMethod?.find(method => method?.id === `${id}#log`)?.publicKeyJwk
    const key = jwk?.crv === 'Ed25519' && typeof jwk.x === 'string' ? Buffer.from(jwk.x, 'base64url') : undefined
    return key?.length === 32 ? new Uint8Array(key) : undefined
  } catch {
    return undefined
  }
}

type Method = { id?: unknown; revoked?: unknown; publicKeyJwk?: { crv?: unknown; x?: unknown } }

/** The log's public key (32 bytes) in a DID document, under #log; undefined when it names none. */
export const logKeyIn = (did: string): Uint8Array | undefined => logKeys(did).find(({ fragment }) => fragment === 'log')?.publicKey

/** Those it had before, under #log-…: people still hold what they signed. A revoked one is not to be believed any more. */
export const formerLogKeysIn = (did: string): { publicKey: Uint8Array; revoked: boolean }[] => logKeys(did).filter(({ fragment }) => fragment.startsWith('log-'))

function logKeys(did: string): { fragment: string; publicKey: Uint8Array; revoked: boolean }[] {
  try {
    const { id, verificationMethod = [] } = JSON.parse(did) as { id?: unknown; verificationMethod?: Method[] }
    return verificationMethod.slice(0, 200).flatMap(method => {
      const publicKey = method?.publicKeyJwk?.crv === 'Ed25519' && typeof method.publicKeyJwk.x === 'string' ? Buffer.from(method.publicKeyJwk.x, 'base64url') : undefined
      const [issuer, fragment] = String(method?.id).split('#')
      return publicKey?.length === 32 && issuer === id && fragment ? [{ fragment, publicKey: new Uint8Array(publicKey), revoked: method.revoked !== undefined }] : []
    })
  } catch {
    return []
  }
}

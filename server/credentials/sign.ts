import type { CredentialKey } from '../adapters/keys.ts'

/** A verifiable credential as JWT (VC-JOSE-COSE): the payload is the credential itself. Small, because the key sits behind an interface that jose cannot call. */
export async function signCredential(credential: object, did: string, { kid, sign }: CredentialKey): Promise<string> {
  const text = `${base64url(protectedHeader(did, kid))}.${base64url(credential)}`
  return `${text}.${Buffer.from(await sign(Buffer.from(text))).toString('base64url')}`
}

const protectedHeader = (did: string, kid: string) => ({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: `${did}#${kid}` })
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Signs credentials and proofs: ES256. `kid` is the RFC 7638 thumbprint; `sign` gives r‖s, 64 bytes. */
export type CredentialKey = { kid: string; publicJwk: PublicJwk; sign(input: Uint8Array): Promise<Uint8Array> }
export type PublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string }

/** Signs checkpoints of the log: Ed25519. `publicKey` has 32 bytes, a signature 64. */
export type LogKey = { publicKey: Uint8Array; sign(text: Uint8Array): Promise<Uint8Array> }

/** The two keys beside the seal, made at the first start under dataDir/keys. */
export async function openKeys(dataDir: string): Promise<{ credentialKey: CredentialKey; logKey: LogKey }> {
  const directory = path.join(dataDir, 'keys')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const credential = await keyIn(path.join(directory, 'credential.key.pem'), () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  const log = await keyIn(path.join(directory, 'log.key.pem'), () => generateKeyPairSync('ed25519').privateKey)
  return { credentialKey: credentialKey(credential), logKey: logKey(log) }
}

function credentialKey(key: KeyObject): CredentialKey {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  const kid = createHash('sha256').update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y })).digest('base64url')
  return { kid, publicJwk: { kty: 'EC', crv: 'P-256', x, y }, sign: async input => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }) }
}

const logKey = (key: KeyObject): LogKey => ({
  publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32), sign: async text => sign(null, text, key),
})

// The server and its job runner may both come here first: whoever links first has made the key, the other one reads it.
async function keyIn(file: string, make: () => KeyObject): Promise<KeyObject> {
  const found = await readFile(file, 'utf8').catch(() => undefined)
  if (found) return createPrivateKey(found)
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, make().export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  await link(draft, file).catch(error => { if (error.code !== 'EEXIST') throw error })
  await rm(draft)
  return createPrivateKey(await readFile(file, 'utf8'))
}

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PublicJwk } from '../proof/jws.ts'

/** Signs credentials and proofs: ES256. `kid` is the RFC 7638 thumbprint; `sign` gives r‖s, 64 bytes. */
export type CredentialKey = { kid: string; publicJwk: PublicJwk; sign(input: Uint8Array): Promise<Uint8Array> }

/** Signs checkpoints of the log: Ed25519. `publicKey` has 32 bytes, a signature 64. */
export type LogKey = { publicKey: Uint8Array; sign(text: Uint8Array): Promise<Uint8Array> }

/**
 * The two keys beside the seal, in their newest version, made at the first start under dataDir/keys. Whoever has them open keeps them until it
 * is started again: a name and its signature must not come from two keys.
 */
export async function openKeys(dataDir: string): Promise<{ credentialKey: CredentialKey; logKey: LogKey }> {
  const [credential, log] = await Promise.all([newest(dataDir, 'credential'), newest(dataDir, 'log')])
  return { credentialKey: credentialKey(credential), logKey: logKey(log) }
}

/** Makes the next version of a key; the ones before stay where they are. Throws where there is none yet, and when somebody else made it at the same moment. */
export async function newKey(dataDir: string, kind: Kind): Promise<void> {
  const directory = path.join(dataDir, 'keys')
  if (!(await readdir(directory).catch(() => [] as string[])).includes(versionOf(kind, 1))) throw new Error(`no ${kind} key lies under ${directory}: this is not where the signer keeps them`)
  if (!await keep(path.join(directory, versionOf(kind, await newestVersion(directory, kind) + 1)), kind)) throw new Error(`another ${kind} key was made at this moment`)
}

type Kind = 'credential' | 'log'

const make: Record<Kind, () => KeyObject> = {
  credential: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, log: () => generateKeyPairSync('ed25519').privateKey,
}

// credential.key.pem is the first; then credential-2.key.pem …
const versionOf = (kind: Kind, version: number) => `${kind}${version === 1 ? '' : `-${version}`}.key.pem`

const newestVersion = async (directory: string, kind: Kind) =>
  Math.max(1, ...(await readdir(directory)).map(name => Number(new RegExp(`^${kind}-(\\d{1,6})\\.key\\.pem$`).exec(name)?.[1] ?? 1)))

async function newest(dataDir: string, kind: Kind): Promise<KeyObject> {
  const directory = path.join(dataDir, 'keys')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = path.join(directory, versionOf(kind, await newestVersion(directory, kind)))
  const found = await readFile(file, 'utf8').catch(() => undefined)
  if (!found) await keep(file, kind)
  return createPrivateKey(found ?? await readFile(file, 'utf8'))
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
async function keep(file: string, kind: Kind): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, make[kind]().export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  const kept = await link(draft, file).then(() => true, error => { if (error.code !== 'EEXIST') throw error; return false })
  await rm(draft)
  return kept
}

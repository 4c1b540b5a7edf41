import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Signs credentials and proofs: ES256. `kid` is the RFC 7638 thumbprint; `sign` gives r‖s, 64 bytes. */
export type CredentialKey = { kid: string; publicJwk: PublicJwk; sign(input: Uint8Array): Promise<Uint8Array> }
export type PublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string }

/** Signs checkpoints of the log: Ed25519. `publicKey` has 32 bytes, a signature 64. */
export type LogKey = { publicKey: Uint8Array; sign(text: Uint8Array): Promise<Uint8Array> }

const lookAgain_ms = 15_000

/**
 * The two keys beside the seal, made at the first start under dataDir/keys. Whoever has them open takes a newer version (newKey) up within
 * `lookEvery_ms`: name and signature come from one version when they are read in one breath.
 */
export async function openKeys(dataDir: string, lookEvery_ms = lookAgain_ms): Promise<{ credentialKey: CredentialKey; logKey: LogKey }> {
  const [credential, log] = await Promise.all([newest(dataDir, 'credential', lookEvery_ms), newest(dataDir, 'log', lookEvery_ms)])
  let [certifying, logging] = [credentialKey(credential.key), logKey(log.key)]
  credential.changed = key => { certifying = credentialKey(key) }
  log.changed = key => { logging = logKey(key) }
  return {
    credentialKey: { get kid() { return certifying.kid }, get publicJwk() { return certifying.publicJwk }, get sign() { return certifying.sign } },
    logKey: { get publicKey() { return logging.publicKey }, get sign() { return logging.sign } },
  }
}

/** Makes the next version of a key; the ones before stay where they are. Throws when somebody else made it at the same moment. */
export async function newKey(dataDir: string, kind: Kind): Promise<void> {
  await newest(dataDir, kind, 0)
  const directory = path.join(dataDir, 'keys')
  if (!await keep(path.join(directory, versionOf(kind, await newestVersion(directory, kind) + 1)), kind)) throw new Error(`another ${kind} key was made at this moment`)
}

type Kind = 'credential' | 'log'
type Watched = { key: KeyObject; changed: (key: KeyObject) => void }

const make: Record<Kind, () => KeyObject> = {
  credential: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, log: () => generateKeyPairSync('ed25519').privateKey,
}

// credential.key.pem is the first; then credential-2.key.pem …
const versionOf = (kind: Kind, version: number) => `${kind}${version === 1 ? '' : `-${version}`}.key.pem`

const newestVersion = async (directory: string, kind: Kind) =>
  Math.max(1, ...(await readdir(directory)).map(name => Number(new RegExp(`^${kind}-(\\d{1,6})\\.key\\.pem$`).exec(name)?.[1] ?? 1)))

async function newest(dataDir: string, kind: Kind, lookEvery_ms: number): Promise<Watched> {
  const directory = path.join(dataDir, 'keys')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const fileNow = async () => path.join(directory, versionOf(kind, await newestVersion(directory, kind)))
  let file = await fileNow()
  if (!await readFile(file).catch(() => undefined)) await keep(file, kind)
  const watched: Watched = { key: createPrivateKey(await readFile(file, 'utf8')), changed: () => undefined }
  const look = async () => {
    const found = await fileNow()
    if (found === file) return
    watched.changed(createPrivateKey(await readFile(found, 'utf8')))
    file = found
  }
  if (lookEvery_ms > 0) setInterval(() => void look().catch(() => undefined), lookEvery_ms).unref() // what cannot be read now is looked for again
  return watched
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

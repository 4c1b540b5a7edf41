import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { developmentAuthority } from './development-authority.ts'
import { certificatesIn, crlsIn } from './pem.ts'

/**
 * Whoever holds the seal key: a file today, a smart card or a key service tomorrow. Certificates and CRLs are DER; `chain` are the
 * certificates between the seal's and the root. `sign` takes the DER of the signed attributes; the result for ES256 is DER too.
 */
export type Signer = {
  keyId: string // SHA-256 of the public key, hex: it stays when the certificate is renewed
  algorithm: 'RS256' | 'ES256'
  certificate: Uint8Array
  chain: Uint8Array[]
  root: Uint8Array
  crls: Uint8Array[]
  development: boolean // its certificates say NOT TRUSTED: what it seals is a sample
  sign(data: Uint8Array): Promise<Uint8Array>
}

export type SignerFiles = { dataDir: string; keyFile?: string | undefined; chainFile?: string | undefined; keyPassphrase?: string | undefined }

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign)

/**
 * Opens the seal key: a PEM key and a PEM chain (seal certificate, those between, root; CRLs may follow), or without files the
 * development authority under dataDir/keys, made at the first start. Throws when key and certificates do not belong together.
 */
export async function openSigner({ dataDir, keyFile, chainFile, keyPassphrase }: SignerFiles): Promise<Signer> {
  if (Boolean(keyFile) !== Boolean(chainFile)) throw new Error('the seal key and its certificates belong together')
  const files = keyFile && chainFile ? { keyFile, chainFile, crlFile: undefined, development: false } : { ...await developmentAuthority(dataDir), development: true }
  const [keyPem, chainPem] = await Promise.all([readFile(files.keyFile, 'utf8'), readFile(files.chainFile, 'utf8')])
  const key = createPrivateKey({ key: keyPem, ...(keyPassphrase ? { passphrase: keyPassphrase } : {}) })
  const [leaf, ...issuers] = pathOf(certificatesIn(chainPem), key)
  const root = issuers.at(-1)
  if (!leaf || !root) throw new Error(`${files.chainFile}: no path from the seal certificate to a root`)
  return {
    keyId: createHash('sha256').update(createPublicKey(key).export({ type: 'spki', format: 'der' })).digest('hex'),
    algorithm: algorithmOf(key), certificate: leaf.raw, chain: issuers.slice(0, -1).map(issuer => issuer.raw), root: root.raw,
    crls: crlsIn(files.crlFile ? await readFile(files.crlFile, 'utf8') : chainPem), development: files.development,
    sign: data => signAsync('sha256', data, key),
  }
}

// From the certificate of this key upwards, whatever their order in the file; each signature on the way is checked.
function pathOf(certificates: X509Certificate[], key: KeyObject): X509Certificate[] {
  const path: X509Certificate[] = []
  let current = certificates.find(certificate => certificate.checkPrivateKey(key))
  if (!current) throw new Error('none of the certificates belongs to the seal key')
  while (current && path.length < 8) {
    path.push(current)
    const below: X509Certificate = current
    if (isIssuedBy(below, below)) return path
    current = certificates.find(other => other !== below && isIssuedBy(below, other))
  }
  throw new Error('the certificates of the seal key do not lead to a root')
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate) =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

function algorithmOf(key: KeyObject): Signer['algorithm'] {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return 'RS256'
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256'
  throw new Error('the seal key must be RSA of at least 2048 bits, or P-256')
}

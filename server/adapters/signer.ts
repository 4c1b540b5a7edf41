import type { KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { developmentAuthority } from './development-authority.ts'
import { certificatesIn, crlsIn } from './pem.ts'
import { readKeyAddress } from './signer/address.ts'
import { keyFromPem } from './signer/from-pem.ts'
import { algorithmOf, keyIdOf, spkiOf, type SealAlgorithm, type SealKey } from './signer/seal-key.ts'

/**
 * Whoever holds the seal key: a process of its own in front of a file, a token or a key service. Certificates and CRLs are DER; `chain` are
 * the certificates between the seal's and the root. `sign` takes the DER of the signed attributes; the result for ES256 is DER too.
 * Throws SignerUnavailable when nobody answers; `ready` rejects then.
 */
export type Signer = {
  keyId: string // SHA-256 of the public key, hex: it stays when the certificate is renewed
  algorithm: SealAlgorithm
  certificate: Uint8Array
  chain: Uint8Array[]
  root: Uint8Array
  crls: Uint8Array[]
  development: boolean // its certificates say NOT TRUSTED: what it seals is a sample
  sign(data: Uint8Array): Promise<Uint8Array>
  ready(): Promise<void>
}

/** Nobody signs at the moment: the job tries again. */
export class SignerUnavailable extends Error {
  override readonly name: string = 'SignerUnavailable'
}

/** `key`: an address (signer/address.ts), or `keyFile`: a PEM file. */
export type SignerSettings = { dataDir: string; key?: string | undefined; keyFile?: string | undefined; chainFile?: string | undefined; keyPassphrase?: string | undefined }

/**
 * Opens the seal key here, in this process: a key and its certificates (PEM: seal certificate, those between, root; CRLs may follow; a
 * PKCS#12 file brings its own), or without any the development authority under dataDir/keys, made at the first start. Throws when key and
 * certificates do not belong together.
 */
export async function openSigner({ dataDir, keyFile, key: address = keyFile && `file:${keyFile}`, chainFile, keyPassphrase }: SignerSettings): Promise<Signer> {
  if (Boolean(address) !== Boolean(chainFile) && !address?.startsWith('p12:')) throw new Error('the seal key and its certificates belong together')
  const own = address ? undefined : await developmentAuthority(dataDir)
  const key = own ? await keyFromPem(own.keyFile) : await openKey(address ?? '', keyPassphrase)
  const pem = await readIf(own?.chainFile ?? chainFile)
  const path = pathOf([...certificatesIn(pem), ...key.certificates], key.publicKey)
  const [leaf, root] = [path[0], path.at(-1)]
  if (!leaf || !root || leaf === root) throw new Error('no path from the seal certificate to a root')
  return {
    keyId: keyIdOf(key.publicKey), algorithm: algorithmOf(key.publicKey), certificate: leaf.raw, chain: path.slice(1, -1).map(({ raw }) => raw), root: root.raw,
    crls: [...crlsIn(own?.crlFile ? await readIf(own.crlFile) : pem), ...key.crls ?? []], development: own !== undefined, sign: key.sign, ready: key.ready,
  }
}

/** The lists of revoked ones as the files have them now: authorities write new ones long before a certificate ends. Undefined when they come from elsewhere. */
export async function listsNow({ dataDir, key, keyFile, chainFile }: SignerSettings): Promise<Uint8Array[] | undefined> {
  const own = key || keyFile ? undefined : await developmentAuthority(dataDir)
  const file = own ? own.crlFile ?? own.chainFile : chainFile
  return file ? crlsIn(await readFile(file, 'utf8')) : undefined
}

async function openKey(written: string, passphrase: string | undefined): Promise<SealKey> {
  const address = readKeyAddress(written)
  if (!address) throw new Error('SIGNER_KEY must begin with file:, p12:, pkcs11: or awskms:')
  const { kind, path, query: { endpoint, region } } = address
  if (kind === 'file') return keyFromPem(path, passphrase)
  if (kind === 'p12') return (await import('./signer/from-p12.ts')).keyFromP12(path, passphrase)
  if (kind === 'pkcs11') return (await import('./signer/from-pkcs11.ts')).keyFromPkcs11(address)
  return (await import('./signer/from-kms.ts')).keyFromKms({ keyId: decodeURIComponent(path), endpoint, region })
}

const readIf = (file: string | undefined) => file ? readFile(file, 'utf8') : Promise.resolve('')

// From the certificate of this key upwards, whatever their order in the file; each signature on the way is checked.
function pathOf(certificates: X509Certificate[], key: KeyObject): X509Certificate[] {
  const path: X509Certificate[] = []
  let current = certificates.find(({ publicKey }) => spkiOf(publicKey).equals(spkiOf(key)))
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

import 'reflect-metadata' // @peculiar/x509 asks for it before anything else
import 'reflect-metadata' // @peculiar/x509 asks for it
import { randomUUID, webcrypto } from 'node:crypto'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsageExtension, Extension, KeyUsageFlags, KeyUsagesExtension, PemConverter,
  SubjectKeyIdentifierExtension, X509CertificateGenerator, X509CrlGenerator, type X509Certificate,
} from '@peculiar/x509'

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }
const names = { root: 'CN=Akashi development root NOT TRUSTED', seal: 'CN=Akashi development seal NOT TRUSTED' }
const day_ms = 86_400_000
const documentSigning = '1.3.6.1.5.5.7.3.36' // RFC 9336

/** A root, a seal certificate and a CRL for development, made once under dataDir/keys. Returns where key and chain lie (PEM). */
export async function developmentAuthority(dataDir: string): Promise<{ keyFile: string; chainFile: string }> {
  const directory = path.join(dataDir, 'keys', 'development')
  const files = { keyFile: path.join(directory, 'seal.key.pem'), chainFile: path.join(directory, 'chain.pem') }
  if (!await exists(files.chainFile)) await install(directory)
  return files
}

// The server and its job runner may both come here first: whoever renames first has made the authority, the other one uses it.
async function install(directory: string): Promise<void> {
  const made = `${directory}.${randomUUID()}`
  await mkdir(made, { recursive: true, mode: 0o700 })
  for (const [name, content] of Object.entries(await makeAuthority())) await writeFile(path.join(made, name), content, { mode: 0o600 })
  try {
    await rename(made, directory)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    if (!await exists(path.join(directory, 'chain.pem'))) throw error
  }
}

async function makeAuthority(): Promise<Record<string, string>> {
  const [rootKeys, sealKeys] = await Promise.all([makeKeys(), makeKeys()])
  const from = new Date(Math.floor(Date.now() / 1000) * 1000 - day_ms) // yesterday: clocks differ
  const root = await makeRoot(rootKeys, from)
  const seal = await makeSeal(sealKeys, rootKeys, root, from)
  const crl = await makeCrl(rootKeys, root, from)
  return {
    'root.key.pem': await privatePem(rootKeys), 'seal.key.pem': await privatePem(sealKeys), 'root.pem': root.toString('pem'),
    'chain.pem': [seal.toString('pem'), root.toString('pem'), PemConverter.encode(crl.rawData, 'X509 CRL')].join('\n'),
  }
}

const makeRoot = async (keys: CryptoKeyPair, from: Date) => X509CertificateGenerator.createSelfSigned({
  name: names.root, keys, notBefore: from, notAfter: after(from, 3650), signingAlgorithm: algorithm,
  extensions: [
    new BasicConstraintsExtension(true, 1, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ],
})

// documentSigning alone would make NSS (poppler, Okular, LibreOffice) call the certificate unfit: emailProtection stands beside it.
const makeSeal = async (keys: CryptoKeyPair, rootKeys: CryptoKeyPair, root: X509Certificate, from: Date) => X509CertificateGenerator.create({
  subject: names.seal, issuer: root.subject, publicKey: keys.publicKey, signingKey: rootKeys.privateKey, notBefore: from, notAfter: after(from, 1826),
  signingAlgorithm: algorithm,
  extensions: [
    new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true),
    new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.4', documentSigning]), await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
  ],
})

// Nothing is ever revoked here, so the list lives as long as the seal; it lets a judge without a network come to a verdict.
const makeCrl = async (rootKeys: CryptoKeyPair, root: X509Certificate, from: Date) => X509CrlGenerator.create({
  issuer: root.subject, thisUpdate: from, nextUpdate: after(from, 1826), signingKey: rootKeys.privateKey, signingAlgorithm: algorithm, entries: [],
  extensions: [await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey), new Extension('2.5.29.20', false, new Uint8Array([2, 1, 1]))],
})

const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
const privatePem = async ({ privateKey }: CryptoKeyPair) =>
  PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
const after = (from: Date, days: number) => new Date(from.getTime() + days * day_ms)
const exists = (file: string) => access(file).then(() => true, () => false)

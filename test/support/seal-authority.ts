import 'reflect-metadata'
import { createPrivateKey, randomUUID, webcrypto } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter, PublicKey, X509Certificate, X509CertificateGenerator, X509CrlGenerator, X509CrlReason,
} from '@peculiar/x509'
import { makeCrl, makeSeal, rootKeyFrom } from '../../server/adapters/development-certificates.ts'
import type { Signer } from '../../server/adapters/signer.ts'
import { castBegins } from './postgres.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const keysOf = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

type Files = { keyFile: string; chainFile: string }

/** A real authority's files, as an operator would bring them: an encrypted P-256 key; CRL, root, intermediate and seal in no good order. */
export async function makeAuthority(directory: string, { from, days }: { from: Date; days: number }): Promise<Files> {
  const [rootKeys, middleKeys, sealKeys] = await Promise.all([keysOf(), keysOf(), keysOf()])
  const dates = { notBefore: from, notAfter: new Date(from.getTime() + days * 86_400_000), signingAlgorithm: algorithm }
  const ca = [new BasicConstraintsExtension(true, undefined, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)]
  const root = await X509CertificateGenerator.createSelfSigned({ ...dates, name: 'CN=Test root', keys: rootKeys, extensions: ca })
  const middle = await X509CertificateGenerator.create({
    ...dates, subject: 'CN=Test middle', issuer: root.subject, publicKey: middleKeys.publicKey, signingKey: rootKeys.privateKey, extensions: ca,
  })
  const seal = await X509CertificateGenerator.create({
    ...dates, subject: 'CN=Test seal', issuer: middle.subject, publicKey: sealKeys.publicKey, signingKey: middleKeys.privateKey,
  })
  const crl = await X509CrlGenerator.create({
    issuer: middle.subject, thisUpdate: from, nextUpdate: dates.notAfter, signingKey: middleKeys.privateKey, signingAlgorithm: algorithm, entries: [],
  })
  const files = { keyFile: path.join(directory, `${randomUUID()}.key.pem`), chainFile: path.join(directory, `${randomUUID()}.pem`) }
  const key = createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', sealKeys.privateKey)), format: 'der', type: 'pkcs8' })
  writeFileSync(files.keyFile, key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'himitsu' }))
  writeFileSync(files.chainFile, [PemConverter.encode(crl.rawData, 'X509 CRL'), ...[root, middle, seal].map(each => each.toString('pem'))].join('\n'))
  return files
}

/** A CRL that names this signer's seal certificate. */
export async function revoking({ certificate }: Signer): Promise<Uint8Array> {
  const leaf = new X509Certificate(new Uint8Array(certificate))
  const { privateKey } = await keysOf()
  const crl = await X509CrlGenerator.create({
    issuer: leaf.issuer, thisUpdate: leaf.notBefore, nextUpdate: leaf.notAfter, signingKey: privateKey, signingAlgorithm: algorithm,
    entries: [{ serialNumber: leaf.serialNumber, revocationDate: leaf.notBefore, reason: X509CrlReason.keyCompromise }],
  })
  return new Uint8Array(crl.rawData)
}

/** A certificate that differs from the seal's only in its dates: same key, names, serial number and length, by the same development root. */
export async function twinOf({ certificate, root }: Signer, dataDir: string): Promise<Uint8Array> {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const [leaf, above] = [new X509Certificate(new Uint8Array(certificate)), new X509Certificate(new Uint8Array(root))]
  const rootKey = PemConverter.decodeFirst(readFileSync(path.join(dataDir, 'keys', 'development', 'root.key.pem'), 'utf8'))
  const twin = await X509CertificateGenerator.create({
    serialNumber: leaf.serialNumber, subject: leaf.subject, issuer: above.subject, publicKey: leaf.publicKey, extensions: leaf.extensions,
    notBefore: leaf.notBefore, notAfter: new Date(leaf.notAfter.getTime() + 86_400_000), signingAlgorithm: rsa,
    signingKey: await webcrypto.subtle.importKey('pkcs8', rootKey, rsa, false, ['sign']) as CryptoKey,
  })
  return new Uint8Array(twin.rawData)
}

/** A chain file for a key that lies elsewhere (SubjectPublicKeyInfo, DER), under the development root of `dataDir`: so one root judges seal and time stamp. */
export async function certifiedIn(dataDir: string, publicKey: Uint8Array): Promise<string> {
  const directory = path.join(dataDir, 'keys', 'development')
  const [root, key] = await Promise.all(['root.pem', 'root.key.pem'].map(name => readFileSync(path.join(directory, name), 'utf8')))
  const authority = { certificate: new X509Certificate(root ?? ''), key: await rootKeyFrom(key ?? '') }
  const seal = await makeSeal({ publicKey: await new PublicKey(new Uint8Array(publicKey)).export() }, authority, castBegins)
  const crl = await makeCrl(authority, castBegins)
  const file = path.join(dataDir, `${randomUUID()}.pem`)
  writeFileSync(file, [seal.toString('pem'), root, PemConverter.encode(crl.rawData, 'X509 CRL')].join('\n'))
  return file
}

import 'reflect-metadata' // @peculiar/x509 asks for it before anything else
import { randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsageExtension, Extension, KeyUsageFlags, KeyUsagesExtension, PemConverter,
  SubjectKeyIdentifierExtension, X509CertificateGenerator, X509CrlGenerator, type X509Certificate, type X509Crl, type X509CrlReason,
} from '@peculiar/x509'

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const names = {
  root: 'CN=Akashi development root NOT TRUSTED', seal: 'CN=Akashi development seal NOT TRUSTED', stamp: 'CN=Akashi development time stamps NOT TRUSTED',
}
const day_ms = 86_400_000
const [emailProtection, documentSigning, timeStamping] = ['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36' /* RFC 9336 */, '1.3.6.1.5.5.7.3.8']

/** Who issues: the development root's certificate and private key. */
export type Root = { certificate: X509Certificate; key: CryptoKey }
type PublicHalf = Pick<CryptoKeyPair, 'publicKey'>
export type Revocation = { serialNumber: string; revocationDate: Date; reason: X509CrlReason }

export const makeKeys = (kind: 'rsa' | 'p256') => webcrypto.subtle.generateKey(kind === 'rsa' ? rsa : p256, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
export const privatePem = async ({ privateKey }: CryptoKeyPair) => PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
export const rootKeyFrom = (pem: string) => webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), rsa, false, ['sign']) as Promise<CryptoKey>
export const yesterday = () => new Date(Math.floor(Date.now() / 1000) * 1000 - day_ms) // clocks differ

export async function makeRoot(keys: CryptoKeyPair, from: Date): Promise<Root> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: names.root, keys, serialNumber: serial(), notBefore: from, notAfter: after(from, 3650), signingAlgorithm: rsa,
    extensions: [
      new BasicConstraintsExtension(true, 1, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, key: keys.privateKey }
}

// documentSigning alone would make NSS (poppler, Okular, LibreOffice) call the certificate unfit: emailProtection stands beside it.
export const makeSeal = (keys: PublicHalf, root: Root, from: Date) => makeLeaf(names.seal, keys, root, from, [
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true), new ExtendedKeyUsageExtension([emailProtection, documentSigning]),
])

// RFC 3161, 2.3: the key exists for time stamps alone, and says so critically.
export const makeStamp = (keys: PublicHalf, root: Root, from: Date) => makeLeaf(names.stamp, keys, root, from, [
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), new ExtendedKeyUsageExtension([timeStamping], true),
])

/** The list of what the root has revoked; long-lived, so that a judge without a network comes to a verdict. */
export const makeCrl = async (root: Root, from: Date, revoked: Revocation[] = []): Promise<X509Crl> => X509CrlGenerator.create({
  issuer: root.certificate.subject, thisUpdate: from, nextUpdate: after(from, 1826), signingKey: root.key, signingAlgorithm: rsa, entries: revoked,
  extensions: [await AuthorityKeyIdentifierExtension.create(root.certificate.publicKey), new Extension('2.5.29.20', false, new Uint8Array([2, 1, revoked.length + 1]))],
})

async function makeLeaf(subject: string, keys: PublicHalf, root: Root, from: Date, extensions: Extension[]): Promise<X509Certificate> {
  const end = Math.min(after(from, 1826).getTime(), root.certificate.notAfter.getTime())
  return X509CertificateGenerator.create({
    subject, issuer: root.certificate.subject, publicKey: keys.publicKey, signingKey: root.key, serialNumber: serial(), notBefore: from,
    notAfter: new Date(end), signingAlgorithm: rsa,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true), ...extensions, await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
    ],
  })
}

// Positive and without a leading zero byte: a padded serial number makes OpenSSL and DSS drop a time stamp.
const serial = () => `4a${randomBytes(15).toString('hex')}`
const after = (from: Date, days: number) => new Date(from.getTime() + days * day_ms)

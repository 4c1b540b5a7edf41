import 'reflect-metadata'
import { createPrivateKey, webcrypto, X509Certificate as Opened } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Integer, OctetString } from 'asn1js'
import { TimeStampReq } from 'pkijs'
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, SubjectKeyIdentifierExtension, X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { makeCrl, makeKeys, makeRoot, makeSeal, makeStamp, rootKeyFrom, type Root } from '../../server/adapters/development-certificates.ts'
import { answerAs } from '../../server/adapters/time-stamps/in-process.ts'
import { castBegins } from './postgres.ts'

type Reply = { status?: number; body?: Uint8Array; never?: boolean }
export type Answering = (request: Uint8Array) => Reply

const timeStamping = '1.3.6.1.5.5.7.3.8'

/** An authority over real HTTP whose answers the test chooses. `asked` counts the tokens, `visited` the plain visits. */
export async function authorityOver(answering: Answering) {
  const state = { answering, visiting: 200, asked: 0, visited: 0, types: [] as string[] }
  const server = createServer(async (request, reply) => {
    if (request.method === 'GET') {
      state.visited += 1
      return reply.writeHead(state.visiting).end('hello')
    }
    state.asked += 1
    state.types.push(String(request.headers['content-type']))
    const { status = 200, body = Buffer.alloc(0), never } = state.answering(Buffer.concat(await request.toArray()))
    if (!never) reply.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`
  return { state, url, close: () => new Promise(resolve => { server.closeAllConnections(); server.close(resolve) }) }
}

/** Keys and certificates for time stamps: a good one, and such as must not be believed. */
export async function stampingKeys(from = castBegins) {
  const [rootKeys, keys] = await Promise.all([makeKeys('rsa'), makeKeys('p256')])
  const root = await makeRoot(rootKeys, from)
  const key = createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)), format: 'der', type: 'pkcs8' })
  const leaf = (certificate: { rawData: ArrayBuffer }) => ({ key, certificate: new Opened(Buffer.from(certificate.rawData)) })
  return {
    root: new Uint8Array(root.certificate.rawData), good: leaf(await makeStamp(keys, root, from)), forDocuments: leaf(await makeSeal(keys, root, from)),
    notCritical: leaf(await looseStamp(keys, root, false, [timeStamping])), twoPurposes: leaf(await looseStamp(keys, root, true, [timeStamping, '1.3.6.1.5.5.7.3.4'])),
  }
}

const looseStamp = (keys: CryptoKeyPair, root: Root, critical: boolean, purposes: string[]) => X509CertificateGenerator.create({
  subject: 'CN=Loose', issuer: root.certificate.subject, publicKey: keys.publicKey, signingKey: root.key, notBefore: castBegins, notAfter: new Date(Date.now() + 86_400_000),
  signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, extensions: [new BasicConstraintsExtension(false, undefined, true), new ExtendedKeyUsageExtension(purposes, critical)],
})

type Leaf = Awaited<ReturnType<typeof stampingKeys>>['good']

export const stampedBy = (leaf: Leaf, now: () => Date = () => new Date()): Answering => request => ({ body: answerAs({ ...leaf, now }, request) })

/** Answers another question than the one that was asked. */
export const insteadOf = (change: 'nonce' | 'no nonce' | 'imprint', leaf: Leaf): Answering => request => {
  const read = TimeStampReq.fromBER(new Uint8Array(request))
  if (change === 'nonce') read.nonce = new Integer({ value: 5 })
  if (change === 'no nonce') delete read.nonce
  if (change === 'imprint') read.messageImprint.hashedMessage = new OctetString({ valueHex: Buffer.alloc(32, 1) })
  return stampedBy(leaf)(new Uint8Array(read.toSchema().toBER()))
}

/** An authority two steps below the development root of `dataDir`, as public ones are: its tokens carry its own certificate only. Everything else is DER. */
export async function deepAuthority(dataDir: string) {
  const directory = path.join(dataDir, 'keys', 'development')
  const [rootPem = '', rootKeyPem = ''] = ['root.pem', 'root.key.pem'].map(name => readFileSync(path.join(directory, name), 'utf8'))
  const root = { certificate: new X509Certificate(rootPem), key: await rootKeyFrom(rootKeyPem) }
  const [middleKeys, keys] = await Promise.all([makeKeys('rsa'), makeKeys('p256')])
  const middle = await X509CertificateGenerator.create({
    subject: 'CN=Middle of time stamps', issuer: root.certificate.subject, publicKey: middleKeys.publicKey, signingKey: root.key, notBefore: castBegins, serialNumber: '4b01',
    notAfter: new Date(Date.now() + 86_400_000 * 90), signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(middleKeys.publicKey), await AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
    ],
  })
  const below = { certificate: middle, key: middleKeys.privateKey }
  const key = createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)), format: 'der', type: 'pkcs8' })
  const certificate = new Opened(Buffer.from((await makeStamp(keys, below, castBegins)).rawData))
  const crls = await Promise.all([root, below].map(async each => new Uint8Array((await makeCrl(each, castBegins)).rawData)))
  return { key, certificate, root: new Uint8Array(root.certificate.rawData), chain: [new Uint8Array(middle.rawData)], crls }
}

import { execFileSync } from 'node:child_process'
import { constants, createPublicKey, privateEncrypt, type KeyObject } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

type Asked = { target: string; body: Record<string, unknown>; authorization: string }

/** A key service speaking AWS KMS' protocol (JSON 1.1 over HTTP): it signs digests and nothing else, and remembers what it was asked. */
export async function keyService(key: KeyObject, keyId: string) {
  const asked: Asked[] = []
  let away = false
  const answer = ({ target, body, authorization }: Asked): object => {
    if (!authorization.startsWith('AWS4-HMAC-SHA256 ')) throw fault('MissingAuthenticationTokenException')
    if (body.KeyId !== keyId) throw fault('NotFoundException')
    if (target === 'TrentService.GetPublicKey') return { KeyId: keyId, PublicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'), KeyUsage: 'SIGN_VERIFY' }
    if (target === 'TrentService.Sign') return { KeyId: keyId, Signature: signatureBy(key, body).toString('base64'), SigningAlgorithm: body.SigningAlgorithm }
    throw fault('UnknownOperationException')
  }
  const server = createServer(async (request, reply) => {
    const heard = { target: String(request.headers['x-amz-target']), body: JSON.parse(await textOf(request)), authorization: String(request.headers.authorization) }
    asked.push(heard)
    const say = (status: number, body: object) => reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    if (away) return say(500, { __type: 'KMSInternalException' })
    try {
      say(200, answer(heard))
    } catch (error) {
      say(400, { __type: (error as Error).name, message: (error as Error).message })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, goAway: () => { away = true },
    close: () => new Promise(resolve => { server.closeAllConnections(); server.close(resolve) }),
  }
}

const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex') // DigestInfo of SHA-256 (RFC 8017, 9.2)
const fault = (name: string) => Object.assign(new Error(name), { name })

function signatureBy(key: KeyObject, { MessageType, SigningAlgorithm, Message }: Record<string, unknown>): Buffer {
  const rsa = key.asymmetricKeyType === 'rsa'
  const digest = Buffer.from(String(Message), 'base64')
  if (MessageType !== 'DIGEST' || SigningAlgorithm !== (rsa ? 'RSASSA_PKCS1_V1_5_SHA_256' : 'ECDSA_SHA_256') || digest.length !== 32) throw fault('ValidationException')
  return rsa ? privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([sha256Info, digest])) : signDigest(key, digest)
}

// node:crypto has no ECDSA over a digest made elsewhere; OpenSSL's command line has.
function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'akashi-kms-')), 'key.pem')
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', file], { input: digest })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

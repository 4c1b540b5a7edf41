import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { openSync, closeSync, ftruncateSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Plain } from '../../server/domain/dossier.ts'
import { signJson } from '../../server/proof/signed-json.ts'
import { keptFilesOn, verify } from '../support/kept-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { tamperedFiles } from '../support/tampered-files.ts'
import { stage } from '../support/world.ts'

// Whatever is handed to the checker: a plain answer, exit 1, no stack trace, bounded memory (it runs with 256 MB of heap).
const theatre = await stage()
theatre.clock.now = new Date()
const { world } = theatre
const { keep, directory } = keptFilesOn(theatre)
const { number } = await sealedFilesOn(theatre).issued()
let kept = ''
const of = (name: string) => readFileSync(path.join(kept, name))
beforeAll(async () => { kept = await keep(number) })

async function refused(file: string, into = kept) {
  const { code, out, err, says } = await verify([file, '--offline', into, '--json'])
  expect([code, err]).toEqual([1, ''])
  expect(out).not.toMatch(/\n\s+at |Error:/)
  const { result } = JSON.parse(out) as { result: string }
  return { result, says }
}
const given = (name: string, bytes: Uint8Array | string) => {
  const file = path.join(directory, name)
  writeFileSync(file, bytes)
  return file
}

describe('a hostile PDF', () => {
  it('of every kind that people make is refused', async () => {
    const files = tamperedFiles(of('certificate.pdf'))
    expect(files.filter(([, bytes]) => bytes.equals(of('certificate.pdf'))).map(([what]) => what)).toEqual([]) // each is really another file
    const accepted: string[] = []
    for (const [nth, [what, bytes]] of files.entries()) {
      const { code, err } = await verify([given(`tampered-${nth}.pdf`, bytes), '--offline', kept])
      if (code !== 1 || err !== '') accepted.push(what)
    }
    expect(accepted).toEqual([])
  }, 120_000)

  it.each([['empty', (file: string) => writeFileSync(file, '')], ['with a certificate at its beginning', (file: string) => {
    const handle = openSync(file, 'w')
    writeSync(handle, of('certificate.pdf'))
    ftruncateSync(handle, 1024 ** 3)
    closeSync(handle)
  }]])('of 1 GB, sparse, %s: is told in seconds', async (what, make) => {
    const file = path.join(directory, `sparse-${what.length}.pdf`)
    make(file)
    if (what === 'empty') { const handle = openSync(file, 'w'); ftruncateSync(handle, 1024 ** 3); closeSync(handle) }
    const { result, says } = await refused(file)
    expect([result, says('seal_digest'), says('seal_covers')]).toEqual(['no', what === 'empty' ? ['could_not_be_checked'] : ['passed'], what === 'empty' ? ['could_not_be_checked'] : ['failed']])
  })

  it.each(['nothing.pdf', '.', '/dev/null', '/dev/zero', 'loop.pdf'])('%s is no file', async name => {
    if (name === 'loop.pdf') symlinkSync(path.join(directory, 'loop.pdf'), path.join(directory, 'loop.pdf'))
    expect((await refused(path.resolve(directory, name))).says('file')).toEqual(['failed:missing'])
  })
})

describe('a forged credential or list', () => {
  const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const payload = () => JSON.parse(Buffer.from(of('certificate.vc.jwt').toString().split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
  const header = () => JSON.parse(Buffer.from(of('certificate.vc.jwt').toString().split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>
  const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed = (head: object, body: unknown, key = thief.privateKey) => { const input = `${b64(head)}.${b64(body)}`; return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}` }
  const ours = async (body: unknown) => { const input = `${b64(header())}.${b64(body)}`; return `${input}.${Buffer.from(await world.credentialKey.sign(Buffer.from(input))).toString('base64url')}` }

  it.each<[string, () => string | Promise<string>]>([
    ['alg none, unsigned', () => `${b64({ ...header(), alg: 'none' })}.${b64(payload())}.`], ['alg none, signed', () => signed({ ...header(), alg: 'none' }, payload())], ['another algorithm', () => signed({ ...header(), alg: 'HS256' }, payload())],
    ['a thief’s key under our kid', () => signed(header(), payload())], ['a kid that nobody knows', () => signed({ ...header(), kid: 'did:web:akashi.test#other' }, payload())], ['a kid of another issuer', () => signed({ ...header(), kid: 'did:web:evil.test#k' }, payload())],
    ['a key inside its header', () => signed({ ...header(), jwk: thief.publicKey.export({ format: 'jwk' }) }, payload())], ['no kid', () => signed({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc' }, payload())], ['not JSON', () => signed(header(), '{')], ['deeply nested', () => signed(header(), '['.repeat(300_000))],
    ['signed by us, but for somebody else', () => ours({ ...payload(), validUntil: '2099-01-01T00:00:00Z' })], ['far too long', () => 'x.'.repeat(900_000)], ['nothing', () => ''],
  ])('%s', async (_, make) => { expect((await refused(given('forged.vc.jwt', await make()))).result).not.toBe('authentic') })

  const list = (change: object) => ours({
    '@context': ['https://www.w3.org/ns/credentials/v2'], id: 'http://akashi.test/credentials/status', type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: 'did:web:akashi.test', validFrom: new Date().toISOString(), validUntil: '2099-01-01T00:00:00Z',
    credentialSubject: { id: 'x', type: 'BitstringStatusList', statusPurpose: 'suspension', encodedList: `u${gzipSync(Buffer.alloc(16_384)).toString('base64url')}`, ...change },
  })
  it.each<[string, object]>([['that unzips to gigabytes', { encodedList: `u${gzipSync(Buffer.alloc(200 * 1024 * 1024)).toString('base64url')}` }], ['that is too short for the place', { encodedList: `u${gzipSync(Buffer.alloc(2)).toString('base64url')}` }], ['for another purpose', { statusPurpose: 'message' }], ['that is no gzip', { encodedList: 'uAAAA' }]])(
    'a list %s', async (_, change) => expect((await refused(path.join(kept, 'certificate.pdf'), await keep(number, { 'status.vc.jwt': await list(change) }))).says('status')).toEqual(['failed:list']))
  it('a list as it should be, made the same way, passes', async () =>
    expect((await verify([path.join(kept, 'certificate.pdf'), '--offline', await keep(number, { 'status.vc.jwt': await list({}) }), '--json'])).says('status')).toEqual(['passed']))
})

describe('a forged proof', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const fields = () => { const { signature: _, ...rest } = JSON.parse(of('proof.json').toString()) as Record<string, Plain>; return rest }
  const byUs = (change: object) => signJson({ ...fields(), ...change } as Record<string, Plain>, { kid: `did:web:akashi.test#${world.credentialKey.kid}`, sign: input => world.credentialKey.sign(input) })
  const byThief = (kid: string) => signJson(fields(), { kid, sign: async input => sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }) })

  it.each<[string, () => string | Promise<string>, string]>([
    ['by a thief under our kid', () => byThief(`did:web:akashi.test#${world.credentialKey.kid}`), 'proof_signature'], ['by a thief under his own', () => byThief(`did:web:evil.test#${publicKey.asymmetricKeyType}`), 'proof_signature'],
    ['by us, of another standing', () => byUs({ standing: { is: 'withdrawn', since: '2026-11-24', reasonClass: null } }), 'standing'], ['by us, of other dates', () => byUs({ validity: { from: '2026-11-24', until: '2099-11-23' } }), 'standing'],
    ['by us, with no lines', () => byUs({ lines: [] }), 'inclusion'], ['by us, for another number', () => byUs({ number: 'RE-JP-2026-000002-1-X' }), 'inclusion'], ['by us, with an empty path', () => byUs({ lines: (fields().lines as { line: string }[]).map(({ line }) => ({ line: line.replace('clock', 'holder'), path: [] })) }), 'inclusion'],
    ['by us, with another checkpoint', () => byUs({ log: { ...fields().log as object, checkpoint: 'akashi.test/log\n1\nAAAA\n\n— x AAAA\n' } }), 'note'], ['of a shape of its own', () => byUs({ more: 1 }), 'proof_form'], ['of another version', () => byUs({ version: 2 }), 'proof_form'],
    ['with a name twice', () => of('proof.json').toString().replace('"version": 1,', '"version": 1,\n  "version": 1,'), 'proof_form'], ['nested without end', () => `{"a":${'['.repeat(400_000)}`, 'proof_form'], ['a megabyte of spaces', () => `{${' '.repeat(1_000_000)}}`, 'proof_form'],
  ])('%s', async (_, make, check) => {
    const { result, says } = await refused(given('forged.json', await make()))
    expect([result, says(check).map(verdict => verdict.split(':')[0])]).toEqual(['no', ['failed']])
  })
})

describe('what is no certificate at all', () => {
  it.each([['picture.png', Buffer.from('89504e470d0a1a0a', 'hex')], ['letter.txt', 'Dear Sirs,\n\nhow are you?\n'], ['script', '#!/bin/sh\n'], ['zeros.bin', Buffer.alloc(1000)]])('%s', async (name, bytes) => expect((await refused(given(name, bytes))).result).not.toBe('authentic'))

  it('a directory full of nonsense instead of the kept files', async () => {
    const nonsense = path.join(directory, 'nonsense')
    mkdirSync(nonsense)
    for (const name of ['did.json', 'root.der', 'proof.json', 'certificate.vc.jwt', 'status.vc.jwt', 'checkpoint.txt']) writeFileSync(path.join(nonsense, name), '\0'.repeat(100))
    expect((await refused(path.join(kept, 'certificate.pdf'), nonsense)).result).toBe('no')
  })

  it('a pipe that nobody writes to', async () => {
    const into = await keep(number), pipe = path.join(into, 'proof.json')
    rmSync(pipe)
    execFileSync('mkfifo', [pipe])
    const { result, says } = await refused(path.join(kept, 'certificate.pdf'), into)
    expect([result, says('note')]).toEqual(['open', ['could_not_be_checked']])
  })
})

describe('a server that means harm', () => {
  const answering = async (listener: RequestListener) => { const server = createServer(listener).listen(0, '127.0.0.1'); await new Promise(resolve => server.once('listening', resolve)); return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() } }
  it.each<[string, RequestListener]>([
    ['answers nonsense', (_, reply) => reply.end('nonsense')], ['answers 500', (_, reply) => reply.writeHead(500).end()], ['sends elsewhere', (_, reply) => reply.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()], ['breaks off', (_, reply) => { reply.writeHead(200, { 'content-length': 1000 }); reply.write('x'); reply.destroy() }],
    ['never ends', (_, reply) => { const flood = () => { while (reply.write('x'.repeat(65_536))); }; reply.on('drain', flood); flood() }],
  ])('%s', async (_, listener) => {
    const { url, close } = await answering(listener)
    const { code, err } = await verify([path.join(kept, 'certificate.pdf'), '--url', url, '--json'])
    close()
    expect([code, err]).toEqual([1, ''])
  })
})

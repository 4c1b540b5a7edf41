import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { revokeDevelopmentSeal } from '../../server/adapters/development-authority.ts'
import { SignerUnavailable } from '../../server/adapters/signer.ts'
import { connectSigner, SignerRefused, type RemoteSigner } from '../../server/adapters/signer/remote.ts'
import { socketPathFor } from '../../server/adapters/signer/socket-path.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { isSignedBy } from '../../server/proof/jws.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { forkSigner } from '../../server/signer/fork.ts'
import { certificateSample } from '../support/certificate-sample.ts'

// The real process behind its real socket.
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-signer-'))
const socket = socketPathFor(dataDir)
const main = new URL('../../server/signer/main.ts', import.meta.url).pathname
const start = (env: Record<string, string> = {}) => spawn(process.execPath, [main], { env: { PATH: process.env.PATH, DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise(resolve => child.once('exit', resolve))

let child: ChildProcess
let remote: RemoteSigner
beforeAll(async () => {
  child = start()
  remote = await connectSigner(socket)
})
afterAll(async () => {
  remote.close()
  child.kill('SIGTERM')
  await ended(child)
  rmSync(dataDir, { recursive: true, force: true })
})

const code = Buffer.from('akashi-code-1\nx')

describe('the signer process', () => {
  it('is told nothing that is none of its business', async () => {
    const given = { DATABASE_URL: 'postgres://x:hush-1@y/z', S3_SECRET_KEY: 'hush-2', SMTP_URL: 'smtp://x:hush-3@y', TSA_URL: 'https://x:hush-4@y' }
    for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value)
    const own = mkdtempSync(path.join(tmpdir(), 'akashi-signer-')), forked = forkSigner({ DATA_DIR: own, SIGNER_SOCKET: socketPathFor(own), LOG_LEVEL: 'silent' }, pino({ level: 'silent' }))
    await forked.listening
    const environment = execFileSync('ps', ['axeww', '-o', 'command'], { encoding: 'utf8', maxBuffer: 16_777_216 }).split('\n').filter(line => line.includes(`DATA_DIR=${own}`))
    expect([environment.length, environment.filter(line => line.includes('hush'))]).toEqual([1, []])
    vi.unstubAllEnvs()
    await forked.stop()
    rmSync(own, { recursive: true, force: true })
  })

  it('seals a certificate that passes, and signs with the other two keys', async () => {
    const at = new Date()
    const timeStamps = await openTimeStamps({ dataDir })
    const page = await prepareCertificate(certificateSample({ sample: true }), { at, checkpoint: null, offlineCode: null, seal: sealSlot(remote.signer, timeStamps) })
    const pdf = await sealCertificate(page, remote.signer, timeStamps, at)
    expect(await checkSealed(pdf, remote.signer.root, timeStamps.root)).toEqual({ digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' })
    const signature = await remote.credentialKey.sign(code)
    expect(isSignedBy({ input: code, signature: Buffer.from(signature) }, remote.credentialKey.publicJwk)).toBe(true)
    expect((await remote.logKey.sign(Buffer.from(`akashi.test/log\n1\n${Buffer.alloc(32).toString('base64')}\n`))).length).toBe(64)
  })

  it('refuses what it does not know, by name', async () => {
    await expect(remote.signer.sign(Buffer.from('a whole document'))).rejects.toThrow(SignerRefused)
    await expect(remote.logKey.sign(Buffer.from('akashi.test/log\n0\n'))).rejects.toThrow('this is no checkpoint')
  })

  it('listens where only this user may knock, and hangs up on strangers', async () => {
    expect([statSync(path.dirname(socket)).mode & 0o777, statSync(socket).mode & 0o777]).toEqual([0o700, 0o600])
    const said = await new Promise(resolve => {
      const line = connect(socket, () => line.write('GET / HTTP/1.1\r\n\r\n'))
      line.on('error', () => undefined).on('close', () => resolve('hung up'))
    })
    expect([said, await remote.signer.ready()]).toEqual(['hung up', undefined])
  })

  it('does not run twice on one ledger', async () => {
    const second = start()
    let told = ''
    second.stderr?.setEncoding('utf8').on('data', text => { told += text })
    await ended(second)
    expect([second.exitCode, told]).toEqual([1, expect.stringContaining('another signer is running')])
  })

  it('killed, it is away; started again, it goes on where its ledger ends', async () => {
    const before = readFileSync(path.join(dataDir, 'signer', 'ledger.ndjson'), 'utf8')
    child.kill('SIGKILL')
    await ended(child)
    await expect(remote.credentialKey.sign(code)).rejects.toThrow(SignerUnavailable)
    await expect(remote.signer.ready()).rejects.toThrow('the signer is away')
    child = start()
    await (await connectSigner(socket)).close()
    await remote.credentialKey.sign(code)
    const after = readFileSync(path.join(dataDir, 'signer', 'ledger.ndjson'), 'utf8')
    expect([after.startsWith(before), after.trimEnd().split('\n').length - before.trimEnd().split('\n').length]).toEqual([true, 1])
  })

  it('with other keys, it does not sign under the certificates of before', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'akashi-other-'))
    child.kill('SIGTERM')
    await ended(child)
    const stranger = start({ DATA_DIR: other, SIGNER_SOCKET: socket })
    await (await connectSigner(socket)).close()
    await expect(remote.credentialKey.sign(code)).rejects.toThrow('other keys now')
    stranger.kill('SIGTERM')
    await ended(stranger)
    rmSync(other, { recursive: true, force: true })
    child = start()
    await (await connectSigner(socket)).close()
    await remote.credentialKey.sign(code)
  })
})

describe('a small allowance', () => {
  it('makes whoever asks wait for its turn, and is not exceeded', { timeout: 20_000 }, async () => {
    child.kill('SIGTERM')
    await ended(child)
    child = start({ SIGNER_PER_MINUTE: '60' })
    await (await connectSigner(socket)).close()
    const begun = Date.now()
    await Promise.all(Array.from({ length: 63 }, () => remote.credentialKey.sign(code)))
    expect(Date.now() - begun).toBeGreaterThan(2000) // 60 at once, then one a second
    child.kill('SIGTERM')
    await ended(child)
    child = start()
    await (await connectSigner(socket)).close()
  })
})

describe('a newer list of revoked ones', () => {
  it('is taken over from a signer started again, without calling its keys others', async () => {
    const [old] = remote.signer.crls
    const list = await revokeDevelopmentSeal(dataDir, remote.signer.root, { at: new Date(), reason: 'unspecified' })
    child.kill('SIGTERM')
    await ended(child)
    child = start()
    await (await connectSigner(socket)).close()
    await remote.signer.ready()
    expect(remote.signer.crls.map(crl => [Buffer.from(crl).equals(list), Buffer.from(crl).equals(old ?? list)])).toEqual([[true, false]])
    await remote.credentialKey.sign(code)
  })
})

describe('where the signer listens', () => {
  it('is a path that fits the kernel, however deep the data lie', () => {
    const deep = `/${'x'.repeat(120)}/data`
    expect([socketPathFor('/srv/akashi'), Buffer.byteLength(socketPathFor(deep)) < 108, socketPathFor(deep) === socketPathFor(`${deep}2`)]).toEqual(['/srv/akashi/signer/socket', true, false])
  })

  it('must be a directory of this user alone', async () => {
    const open = path.join(dataDir, 'open')
    mkdirSync(open, { mode: 0o755 })
    const late = start({ SIGNER_SOCKET: path.join(open, 'socket') })
    let told = ''
    late.stderr?.setEncoding('utf8').on('data', text => { told += text })
    await ended(late)
    expect([late.exitCode, told]).toEqual([1, expect.stringContaining('must belong to this user alone')])
  })

  it('says what is wrong with a key and stops', () => {
    const run = () => execFileSync(process.execPath, [main], { env: { PATH: process.env.PATH, DATA_DIR: path.join(dataDir, 'p'), NODE_ENV: 'production' }, stdio: 'pipe' })
    expect(run).toThrow('SIGNER_KEY is missing')
  })
})

it('is the only one that opens keys: no other part of the server can', () => {
  const server = new URL('../../server/', import.meta.url).pathname
  const opening = globSync('**/*.ts', { cwd: server }).filter(file => /\b(openSigner|openKeys|keyFromPem|SIGNER_KEY_FILE)\b/.test(readFileSync(path.join(server, file), 'utf8')))
  expect(opening.filter(file => !file.startsWith('adapters/')).sort()).toEqual(['config.ts', 'keys/rotate.ts', 'main.ts', 'signer/main.ts']) // npm run keys makes new ones in keys/rotate.ts; main.ts takes the settings away from the job runner
})

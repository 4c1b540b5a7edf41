import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSigner, SignerUnavailable, type Signer } from '../../server/adapters/signer.ts'
import { readKeyAddress } from '../../server/adapters/signer/address.ts'
import type { TimeStamps } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { describeJudged, judge } from '../support/judges.ts'
import { keyService } from '../support/kms.ts'
import { certifiedIn } from '../support/seal-authority.ts'
import { softToken } from '../support/softhsm.ts'

// The same seal by keys that lie in different places, each judged by tools of others.
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-keys-'))
const place = (name: string) => path.join(dataDir, name)
const allPassed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }
const dss = path.resolve('../shared/tools/pdf-judge/run')
const dssHere = judge('java') && existsSync(dss)
const kinds = { rsa: () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey, ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }

let timeStamps: TimeStamps
beforeAll(async () => { timeStamps = await openTimeStamps({ dataDir }) })
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function sealedBy(signer: Signer, name: string): Promise<string> {
  const at = new Date()
  const page = await prepareCertificate(certificateSample({ sample: true }), { at, checkpoint: null, offlineCode: null, seal: sealSlot(signer, timeStamps) })
  const pdf = await sealCertificate(page, signer, timeStamps, at)
  expect(await checkSealed(pdf, signer.root, timeStamps.root)).toEqual(allPassed)
  writeFileSync(place(name), pdf)
  writeFileSync(place('root.der'), signer.root)
  return place(name)
}

function judged(...files: string[]) {
  for (const file of files) if (judge('pdfsig')) expect(execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' })).toMatch(/Total document signed\n[\s\S]*Signature is Valid/)
  if (!dssHere) return
  const said = spawnSync(dss, [place('root.der'), ...files], { encoding: 'utf8' }).stdout
  expect(said.match(/format=PAdES-BASELINE-T indication=TOTAL_PASSED/g)).toHaveLength(files.length)
}

describe('the address of a key', () => {
  it('is read by its kind', () => {
    expect(readKeyAddress('file:/run/seal key?.pem')).toEqual({ kind: 'file', path: '/run/seal key?.pem', query: {} })
    expect(readKeyAddress('p12:///run/seal.p12')).toEqual({ kind: 'p12', path: '/run/seal.p12', query: {} })
    expect(readKeyAddress('awskms:arn:aws:kms:ap-northeast-1:1:key/2?endpoint=http%3A%2F%2Fx%3A1&region=ap-northeast-1')).toEqual({
      kind: 'awskms', path: 'arn:aws:kms:ap-northeast-1:1:key/2', query: { endpoint: 'http://x:1', region: 'ap-northeast-1' } })
    expect(['', 'file:', '/run/key.pem', 'vault:x'].map(readKeyAddress)).toEqual([undefined, undefined, undefined, undefined])
  })
})

describeJudged('a key on a PKCS#11 token (softhsm2)', ['softhsm2'], () => {
  it('seals with RSA and with P-256, several at once', { timeout: 120_000 }, async () => {
    const token = softToken(dataDir)
    const open = async (key: string, label: string) => openSigner({ dataDir, key, chainFile: await certifiedIn(dataDir, token.publicKey(label)) })
    const [rsa, ec] = [await open(token.rsa, 'seal rsa'), await open(token.ec, 'seal ec')]
    expect([rsa.algorithm, ec.algorithm, rsa.development]).toEqual(['RS256', 'ES256', false])
    judged(...await Promise.all([sealedBy(rsa, 'token-rsa.pdf'), sealedBy(ec, 'token-ec.pdf'), sealedBy(ec, 'token-ec-2.pdf')]))
    await expect(ec.ready()).resolves.toBeUndefined()
    token.forget() // every session of this process, as when the token is pulled out and put back
    await expect(rsa.sign(Buffer.from('x'))).resolves.toBeInstanceOf(Uint8Array)
    await expect(ec.ready()).resolves.toBeUndefined()
    const chainFile = await certifiedIn(dataDir, token.publicKey('seal rsa'))
    await expect(openSigner({ dataDir, key: token.absent, chainFile })).rejects.toThrow('no such key pair')
    await expect(openSigner({ dataDir, key: token.elsewhere, chainFile })).rejects.toThrow('no token Other')
    await expect(openSigner({ dataDir, key: token.ec, chainFile })).rejects.toThrow('belongs to the seal key')
    await expect(openSigner({ dataDir, key: 'pkcs11:token=Akashi', chainFile })).rejects.toThrow('module-path')
  })
})

describeJudged('a key in a key service (AWS KMS protocol)', ['openssl'], () => {
  beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }))

  it.each(['rsa', 'ec'] as const)('seals with %s, and only 32 bytes leave us', { timeout: 120_000 }, async kind => {
    const key = kinds[kind]()
    const service = await keyService(key, 'alias/seal')
    try {
      const chainFile = await certifiedIn(dataDir, createPublicKey(key).export({ type: 'spki', format: 'der' }))
      const signer = await openSigner({ dataDir, key: `awskms:alias/seal?endpoint=${encodeURIComponent(service.url)}&region=ap-northeast-1`, chainFile })
      judged(await sealedBy(signer, `kms-${kind}.pdf`))
      const signing = service.asked.filter(({ target }) => target === 'TrentService.Sign')
      expect(signing.map(({ body }) => [body.MessageType, Buffer.from(String(body.Message), 'base64').length])).toEqual([['DIGEST', 32]])
      service.goAway()
      await expect(signer.sign(Buffer.from('x'))).rejects.toThrow(SignerUnavailable)
      await expect(signer.ready()).rejects.toThrow(SignerUnavailable)
    } finally {
      await service.close()
    }
  })
})

describeJudged('a key in a PKCS#12 file', ['openssl'], () => {
  it.each(['rsa', 'ec'] as const)('seals with %s, with the certificates that came along', { timeout: 120_000 }, async kind => {
    const key = kinds[kind]()
    const chainFile = await certifiedIn(dataDir, createPublicKey(key).export({ type: 'spki', format: 'der' }))
    writeFileSync(place('key.pem'), key.export({ type: 'pkcs8', format: 'pem' }))
    execFileSync('openssl', ['pkcs12', '-export', '-inkey', place('key.pem'), '-in', chainFile, '-passout', 'pass:ひみつ', '-out', place('seal.p12')])
    const signer = await openSigner({ dataDir, key: `p12:${place('seal.p12')}`, keyPassphrase: 'ひみつ' })
    await sealedBy(signer, `p12-${kind}.pdf`)
    await expect(openSigner({ dataDir, key: `p12:${place('seal.p12')}`, keyPassphrase: 'other' })).rejects.toThrow('cannot be opened with this passphrase')
  })

  it('says what to do with a file in the old way of encrypting, which OpenSSL 3 no longer reads either', async () => {
    const key = kinds.ec()
    const chainFile = await certifiedIn(dataDir, createPublicKey(key).export({ type: 'spki', format: 'der' }))
    writeFileSync(place('old.pem'), key.export({ type: 'pkcs8', format: 'pem' }))
    execFileSync('openssl', ['pkcs12', '-export', '-legacy', '-inkey', place('old.pem'), '-in', chainFile, '-passout', 'pass:x', '-out', place('old.p12')])
    await expect(openSigner({ dataDir, key: `p12:${place('old.p12')}`, keyPassphrase: 'x' })).rejects.toThrow('openssl pkcs12 -legacy')
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Certificate, CertificateRevocationList, ContentInfo, SignedData } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import type { TimeStamps } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { KeyUnusable } from '../../server/certificates/signature/key-usable.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { rangeOf } from '../../server/proof/seal/byte-range.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { readContainer } from '../../server/proof/seal/read-container.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { describeJudged } from '../support/judges.ts'
import { makeAuthority, revoking, twinOf } from '../support/seal-authority.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'akashi-seal-'))
const place = (name: string) => path.join(directory, name)
const at = new Date()
const allPassed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }
const unknown = { digest: 'could_not_be_checked', signature: 'could_not_be_checked', chain: 'could_not_be_checked', time: 'could_not_be_checked', covers: 'could_not_be_checked' }

const seal = async (by: Signer, moment = at) =>
  sealCertificate(await prepareCertificate(certificateSample({ sample: true }), { at: moment, checkpoint: null, offlineCode: null, seal: sealSlot(by, timeStamps) }), by, timeStamps, moment)

let signer: Signer
let timeStamps: TimeStamps
let sealed: Buffer
let contents: { start: number; end: number }

beforeAll(async () => {
  signer = await openSigner({ dataDir: place('data') })
  timeStamps = await openTimeStamps({ dataDir: place('data') })
  sealed = Buffer.from(await seal(signer))
  contents = rangeIn(sealed)
  writeFileSync(place('sealed.pdf'), sealed)
  writeFileSync(place('root.der'), signer.root)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describeJudged('a sealed certificate, judged by pdfsig', ['pdfsig'], () => {
  it('is valid, signed whole, as ETSI CAdES', () => {
    const said = execFileSync('pdfsig', ['-nocert', place('sealed.pdf')], { encoding: 'utf8' })
    expect(said).toContain('Signature is Valid')
    expect(said).toContain('Total document signed')
    expect(said).toContain('ETSI.CAdES.detached')
    expect(said.match(/Signature #/g)).toHaveLength(1)
  })

  const nss = spawnSync('certutil', ['-H']).error === undefined
  it.skipIf(!nss)(`is trusted by NSS once it trusts the root${nss ? '' : ' (skipped: no certutil)'}`, () => {
    const store = `sql:${mkdtempSync(place('nss-'))}`
    writeFileSync(place('root.pem'), new X509Certificate(signer.root).toString())
    execFileSync('certutil', ['-N', '-d', store, '--empty-password'])
    execFileSync('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'CT,C,C', '-i', place('root.pem')])
    expect(execFileSync('pdfsig', ['-nssdir', store.slice(4), place('sealed.pdf')], { encoding: 'utf8' })).toContain('Certificate is Trusted')
  })
})

describeJudged('a sealed certificate, judged by qpdf', ['qpdf'], () => {
  it('has a clean structure', () => {
    expect(execFileSync('qpdf', ['--check', place('sealed.pdf')], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found')
  })
})

const dss = path.resolve('../shared/tools/pdf-judge/run')
describeJudged('a sealed certificate, judged by EU DSS', ['java'], () => {
  it.skipIf(!existsSync(dss))(`is PAdES baseline T and passes in full${existsSync(dss) ? '' : ' (skipped: no pdf-judge)'}`, { timeout: 120_000 }, () => {
    const said = spawnSync(dss, [place('root.der'), place('sealed.pdf')], { encoding: 'utf8' }).stdout
    expect(said).toContain('format=PAdES-BASELINE-T indication=TOTAL_PASSED')
    expect(said).toContain('docMDP=NO_CHANGE_PERMITTED')
  })
})

describe('our own check', () => {
  it('passes what was sealed', async () => {
    expect(await checkSealed(sealed, signer.root, timeStamps.root)).toEqual(allPassed)
  })

  it('notices every one of 200 flipped bytes outside the container', async () => {
    const random = lcg(20270301)
    for (let flip = 0; flip < 200; flip += 1) {
      const drawn = Math.floor(random() * (sealed.length - (contents.end - contents.start)))
      const index = drawn < contents.start ? drawn : drawn + contents.end - contents.start
      expect(await checkSealed(flipped(index, 1 + Math.floor(random() * 255)), signer.root, timeStamps.root), `byte ${index}`).not.toEqual(allPassed)
    }
  })

  it('says that the page was altered, and nothing else', async () => {
    expect(await checkSealed(flipped(5000, 1), signer.root, timeStamps.root)).toEqual({ ...allPassed, digest: 'failed' })
  })

  it('says that something was added after the seal', async () => {
    const added = { ...allPassed, covers: 'failed' }
    expect(await checkSealed(Buffer.concat([sealed, Buffer.from('\n% more')]), signer.root, timeStamps.root)).toEqual(added)
    const padding = Buffer.from(sealed)
    padding.write('1', contents.end - 2, 'latin1')
    expect(await checkSealed(padding, signer.root, timeStamps.root)).toEqual(added)
  })

  it('does not take another authority for ours, not even one of the same name', async () => {
    const other = await openSigner({ dataDir: place('other') })
    expect(await checkSealed(sealed, other.root, timeStamps.root)).toEqual({ ...allPassed, chain: 'failed' })
    expect(await checkSealed(await seal(other), signer.root, timeStamps.root)).toEqual({ ...allPassed, chain: 'failed' })
  })

  it('does not take a signature by another key than the certificate names', async () => {
    const other = await openSigner({ dataDir: place('other') })
    const forged = await seal({ ...signer, sign: other.sign })
    expect(await checkSealed(forged, signer.root, timeStamps.root)).toEqual({ ...allPassed, signature: 'failed' })
  })

  // RFC 5035: the signed attributes name the certificate by its hash.
  it('does not take another certificate for the same key', async () => {
    const [own, twin] = [signer.certificate, await twinOf(signer, place('data'))].map(der => Buffer.from(der).toString('hex'))
    expect(twin?.length).toBe(own?.length)
    const swapped = Buffer.from(sealed.toString('latin1').replace(own ?? '', twin ?? ''), 'latin1')
    expect(swapped.equals(sealed)).toBe(false)
    expect(await checkSealed(swapped, signer.root, timeStamps.root)).toEqual({ ...allPassed, signature: 'failed' })
  })

  it('does not throw on what is no certificate of ours', async () => {
    const nested = Buffer.concat([Buffer.alloc(40_000, Buffer.from([0x30, 0x80])), Buffer.alloc(40_000)])
    const hostile: [Buffer, object][] = [
      [Buffer.alloc(0), unknown], [Buffer.from('no PDF'), unknown], [Buffer.from(sealed.toString('latin1').replaceAll('/ByteRange', '/Nothing'), 'latin1'), unknown],
      [Buffer.from('%PDF-1.7 /ByteRange [0 9999999999 9999999999 9999999999]'), { ...unknown, covers: 'failed' }],
      [Buffer.from('%PDF-1.7 /ByteRange [ 0 -1 4 5 ]'), { ...unknown, covers: 'failed' }],
      [sealed.subarray(0, sealed.length - 1), { ...unknown, covers: 'failed' }],
      [withContainer(nested), { ...unknown, covers: 'passed' }], [withContainer(Buffer.from('3003020101', 'hex')), { ...unknown, covers: 'passed' }],
    ]
    for (const [bytes, said] of hostile) expect(await checkSealed(bytes, signer.root, timeStamps.root)).toEqual(said)
    const random = lcg(7)
    for (let change = 0; change < 100; change += 1) await checkSealed(flipped(contents.start + 1 + Math.floor(random() * 12_000), 1), signer.root, timeStamps.root)
    expect(await checkSealed(sealed, Buffer.from('no root'), timeStamps.root)).toEqual({ ...allPassed, chain: 'could_not_be_checked' })
  })
})

describe('the container', () => {
  it('signs exactly four attributes, and never the time: that comes from the authority, unsigned beside them', () => {
    const container = Buffer.from(sealed.toString('latin1', contents.start + 1, contents.end - 1), 'hex')
    const { content } = ContentInfo.fromBER(new Uint8Array(container))
    const [info] = new SignedData({ schema: content }).signerInfos
    expect(info?.signedAttrs?.attributes.map(attribute => attribute.type).sort()).toEqual([
      '1.2.840.113549.1.9.16.2.47', '1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4', '1.2.840.113583.1.1.8'])
    expect(info?.unsignedAttrs?.attributes.map(({ type, values }) => [type, values.length])).toEqual([['1.2.840.113549.1.9.16.2.14', 1]])
  })

  it('has the same signature for the same page, key and instant, and a time stamp of its own', async () => {
    const again = await seal(signer)
    const signature = (pdf: Uint8Array) => readContainer(rangeIn(pdf).container).signature
    expect([again.length, signature(again)]).toEqual([sealed.length, signature(sealed)])
    expect(sealed.equals(again)).toBe(false)
  })
})

describe('the development authority', () => {
  it('says NOT TRUSTED in every name and makes a seal that may sign documents, and nothing above it', async () => {
    const [leaf, root] = [new X509Certificate(signer.certificate), new X509Certificate(signer.root)]
    expect([leaf, root].map(each => [each.subject.endsWith('NOT TRUSTED'), each.ca])).toEqual([[true, false], [true, true]])
    expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072)
    // Without e-mail protection beside it, documentSigning alone makes NSS refuse the certificate.
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36'])
    const keyUsage = Certificate.fromBER(new Uint8Array(signer.certificate)).extensions?.find(extension => extension.extnID === '2.5.29.15')
    expect([keyUsage?.critical, keyUsage?.extnValue.toString('hex').endsWith('030206c0')]).toEqual([true, true]) // digitalSignature, nonRepudiation
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true)
    const [crl] = signer.crls.map(der => CertificateRevocationList.fromBER(new Uint8Array(der)))
    expect(await crl?.verify({ issuerCertificate: Certificate.fromBER(new Uint8Array(signer.root)) })).toBe(true)
    expect(crl?.nextUpdate?.value).toEqual(leaf.validToDate)
    expect(signer.development).toBe(true)
  })

  it('is made once, even by two at the same moment, and readable by its owner alone', async () => {
    const both = await Promise.all([openSigner({ dataDir: place('twins') }), openSigner({ dataDir: place('twins') })])
    const again = await openSigner({ dataDir: place('twins') })
    expect(both.map(each => each.keyId)).toEqual([again.keyId, again.keyId])
    expect(readdirSync(path.join(directory, 'twins', 'keys'))).toEqual(['development'])
    const keys = path.join(directory, 'twins', 'keys', 'development')
    expect(readdirSync(keys).map(name => statSync(path.join(keys, name)).mode & 0o777)).toEqual(Array(5).fill(0o600))
  })
})

describe('a key from files', () => {
  it('seals with P-256 through an intermediate, whatever the order in the file, behind a passphrase', async () => {
    const authority = await makeAuthority(directory, { from: new Date(at.getTime() - 1000), days: 2 })
    const own = await openSigner({ dataDir: directory, ...authority, keyPassphrase: 'himitsu' })
    expect([own.algorithm, own.chain.length, own.crls.length, own.development]).toEqual(['ES256', 1, 1, false])
    const pdf = await seal(own)
    expect(await checkSealed(pdf, own.root, timeStamps.root)).toEqual(allPassed)
    await expect(openSigner({ dataDir: directory, ...authority, keyPassphrase: 'wrong' })).rejects.toThrow()
  })

  it('refuses to seal before the certificate begins, after it ends, and when it is revoked', async () => {
    const ended = new Date(new X509Certificate(signer.certificate).validToDate.getTime() + 1000)
    const early = new Date(new X509Certificate(signer.certificate).validFromDate.getTime() - 1000)
    for (const moment of [ended, early]) await expect(seal(signer, moment)).rejects.toThrow(KeyUnusable)
    const expired = await makeAuthority(directory, { from: new Date(at.getTime() - 3 * 86_400_000), days: 2 })
    const old = await openSigner({ dataDir: directory, ...expired, keyPassphrase: 'himitsu' })
    await expect(seal(old)).rejects.toThrow(KeyUnusable)
    await expect(seal({ ...signer, crls: [await revoking(signer)] })).rejects.toThrow('revoked')
  })

  it('refuses a key without its certificates, and certificates of another key', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => makeAuthority(directory, { from: at, days: 1 })))
    await expect(openSigner({ dataDir: directory, keyFile: one?.keyFile })).rejects.toThrow('belong together')
    const mixed = { dataDir: directory, keyFile: one?.keyFile, chainFile: other?.chainFile, keyPassphrase: 'himitsu' }
    await expect(openSigner(mixed)).rejects.toThrow('belongs to the seal key')
  })
})

function rangeIn(pdf: Uint8Array) {
  const range = rangeOf(pdf)
  if (typeof range === 'string') throw new Error(range)
  return range
}

function flipped(index: number, mask: number): Buffer {
  const bytes = Buffer.from(sealed)
  bytes[index] = (bytes[index] ?? 0) ^ mask
  return bytes
}

// The same file with other bytes in the container's place, and a byte range that fits.
function withContainer(container: Buffer): Buffer {
  const [head, tail] = ['%PDF-1.7 /ByteRange [ 0 @@@@@@ ###### $$$ ] /Contents ', ' /M (D:20270302010000Z) %%EOF']
  const hex = `<${container.toString('hex')}>`
  const range = head.replace('@@@@@@', String(head.length).padStart(6)).replace('######', String(head.length + hex.length).padStart(6))
    .replace('$$$', String(tail.length).padStart(3))
  return Buffer.from(range + hex + tail, 'latin1')
}

function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}


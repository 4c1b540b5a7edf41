import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ContentInfo, SignedData } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import type { TimeStamps } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { checkSeal } from '../../web/verify/seal.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { makeAuthority, twinOf } from '../support/seal-authority.ts'
import { contentsOf, flippedFiles, tamperedFiles } from '../support/tampered-files.ts'

// Two verifiers by two hands: the server's on node:crypto and pkijs, the visitor's on Web Crypto alone. Where they disagree, one is wrong.
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-twins-'))
const at = new Date()
const passed = { digest: 'passed', signature: 'passed', chain: 'passed', covers: 'passed' }
const seal = async (by: Signer) => Buffer.from(await sealCertificate(
  await prepareCertificate(certificateSample({ sample: true }), { at, checkpoint: null, offlineCode: null, seal: sealSlot(by, timeStamps) }), by, timeStamps, at))
// Unsigned attributes can be exchanged without breaking the signature: what a container says of its time is checked by itself.
function withStamp(pdf: Buffer, from: Buffer | undefined): Buffer {
  const { start, end } = contentsOf(pdf)
  const held = (file: Buffer) => Buffer.from(file.toString('latin1', contentsOf(file).start + 1, contentsOf(file).end - 1), 'hex')
  const signedData = (file: Buffer) => new SignedData({ schema: ContentInfo.fromBER(new Uint8Array(held(file))).content })
  const own = signedData(pdf), attributes = from ? signedData(from).signerInfos[0]?.unsignedAttrs : undefined
  for (const signer of own.signerInfos) signer.unsignedAttrs = attributes
  const container = Buffer.from(new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: own.toSchema(true) }).toSchema().toBER()).toString('hex')
  return Buffer.concat([pdf.subarray(0, start + 1), Buffer.from(container.padEnd(end - start - 2, '0')), pdf.subarray(end - 1)])
}
const servers = async (pdf: Buffer, root: Uint8Array) => {
  const { digest, signature, chain, covers } = await checkSealed(pdf, root)
  return { digest, signature, chain, covers }
}
const visitors = async (pdf: Buffer, root: Uint8Array) => {
  const { digest, signature, chain, covers } = (await checkSeal(pdf, root)).checks
  return { digest, signature, chain, covers }
}

let rsa: Signer, p256: Signer, timeStamps: TimeStamps
let files: { name: string; signer: Signer; sealed: Buffer }[]
beforeAll(async () => {
  rsa = await openSigner({ dataDir: directory })
  timeStamps = await openTimeStamps({ dataDir: directory })
  p256 = await openSigner({ dataDir: directory, ...await makeAuthority(directory, { from: new Date(at.getTime() - 1000), days: 2 }), keyPassphrase: 'himitsu' })
  files = await Promise.all([{ name: 'RSA-3072', signer: rsa }, { name: 'P-256 through an intermediate', signer: p256 }].map(async each => ({ ...each, sealed: await seal(each.signer) })))
  files.push({ name: 'without a time stamp', signer: rsa, sealed: withStamp(files[0]?.sealed ?? Buffer.alloc(0), undefined) })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the visitor’s verifier', () => {
  it('passes what was sealed, with either kind of key', async () => {
    for (const { name, signer, sealed } of files) expect([name, await visitors(sealed, signer.root), await servers(sealed, signer.root)]).toEqual([name, passed, passed])
  })

  it('says the same as the server’s of everything that was tampered with', async () => {
    for (const { name, signer, sealed } of files) {
      for (const [what, bytes] of tamperedFiles(sealed)) expect([name, what, await visitors(bytes, signer.root)]).toEqual([name, what, await servers(bytes, signer.root)])
      for (const [what, bytes] of flippedFiles(sealed, 150, 'page')) expect([name, what, await visitors(bytes, signer.root)]).toEqual([name, what, await servers(bytes, signer.root)])
    }
  })

  // Broken DER is read by two parsers: pkijs mends wrong lengths by writing a certificate again, ours reads no further than it needs. Either may give up.
  it('never passes what the server’s fails, in a container with a flipped digit', async () => {
    for (const { signer, sealed } of files) {
      for (const [what, bytes] of flippedFiles(sealed, 300, 'container')) {
        const [ours, theirs] = [Object.entries(await visitors(bytes, signer.root)), await servers(bytes, signer.root) as Record<string, string>]
        expect([what, ours.filter(([check, said]) => said === 'passed' && theirs[check] === 'failed')]).toEqual([what, []])
      }
    }
  })

  it('says the same of other authorities, other keys and other certificates', async () => {
    const other = await openSigner({ dataDir: path.join(directory, 'other') })
    const twin = Buffer.from(await twinOf(rsa, directory)).toString('hex'), own = Buffer.from(rsa.certificate).toString('hex')
    const cases: [Buffer, Uint8Array, object][] = [
      [await seal(rsa), other.root, { ...passed, chain: 'failed' }],
      [await seal({ ...rsa, sign: other.sign }), rsa.root, { ...passed, signature: 'failed' }],
      [Buffer.from((await seal(rsa)).toString('latin1').replace(own, twin), 'latin1'), rsa.root, { ...passed, signature: 'failed' }],
      [await seal(rsa), Buffer.from('no root'), { ...passed, chain: 'could_not_be_checked' }],
    ]
    for (const [pdf, root, said] of cases) expect([await visitors(pdf, root), await servers(pdf, root)]).toEqual([said, said])
  })

  it('says how much of a file is signed, when bytes were added', async () => {
    const [file] = files
    const { checks, signedEnd } = await checkSeal(Buffer.concat([file?.sealed ?? Buffer.alloc(0), Buffer.from('% more')]), rsa.root)
    expect([checks.covers, checks.digest, signedEnd]).toEqual(['failed', 'passed', file?.sealed.length])
  })

  it('says that the time stamp is over this signature, over another one, or that there is none', async () => {
    const [one, other, without] = files.map(({ sealed }) => sealed) as [Buffer, Buffer, Buffer]
    const said = await Promise.all([one, withStamp(one, other), without].map(async pdf => (await checkSeal(pdf, rsa.root)).checks.stamp))
    expect(said).toEqual(['passed', 'failed', 'could_not_be_checked'])
  })

  it('is at most 4 KB, compressed', async () => {
    const { outputFiles: [bundle] } = await build({ entryPoints: ['web/verify/seal.ts'], bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' })
    expect(gzipSync(bundle?.contents ?? '').length).toBeLessThanOrEqual(4096)
  })
})

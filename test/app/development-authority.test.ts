import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Certificate, CertificateRevocationList } from 'pkijs'
import { afterAll, describe, expect, it } from 'vitest'
import { newDevelopmentSeal, revokeDevelopmentSeal } from '../../server/adapters/development-authority.ts'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { KeyUnusable } from '../../server/certificates/signature/key-usable.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { describeJudged } from '../support/judges.ts'

const root = mkdtempSync(path.join(tmpdir(), 'akashi-authority-'))
const allPassed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function seal(dataDir: string, by: Signer): Promise<Uint8Array> {
  const [timeStamps, at] = [await openTimeStamps({ dataDir }), new Date()]
  const page = await prepareCertificate(certificateSample({ sample: true }), { at, checkpoint: null, offlineCode: null, seal: sealSlot(by, timeStamps) })
  return sealCertificate(page, by, timeStamps, at)
}

describe('a new development seal', () => {
  it('stands beside the old one, is the one used from then on, and leaves what was sealed before as it was', async () => {
    const dataDir = path.join(root, 'rotated')
    const old = await openSigner({ dataDir })
    const before = await seal(dataDir, old)
    const made = await newDevelopmentSeal(dataDir)
    await newDevelopmentSeal(dataDir)
    const now = await openSigner({ dataDir })
    expect([new Set([old.keyId, now.keyId]).size, Buffer.from(old.root).equals(now.root), new X509Certificate(made).subject]).toEqual([2, true, 'CN=Akashi development seal NOT TRUSTED'])
    expect(Buffer.from(now.certificate).equals(made)).toBe(false) // the newest of three
    for (const pdf of [before, await seal(dataDir, now)]) expect(await checkSealed(pdf, now.root, now.root)).toEqual(allPassed)
    const keys = path.join(dataDir, 'keys', 'development')
    expect(readdirSync(keys).filter(name => name.startsWith('seal')).map(name => [name, statSync(path.join(keys, name)).mode & 0o777])).toEqual(
      ['seal-2.key.pem', 'seal-3.key.pem', 'seal.key.pem'].map(name => [name, 0o600]))
  })
})

describe('a revoked development seal', () => {
  it('seals no more; the list says since when and why, and keeps what it said before', async () => {
    const dataDir = path.join(root, 'revoked')
    const one = await openSigner({ dataDir })
    const since = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000)
    await revokeDevelopmentSeal(dataDir, one.certificate, { at: since, reason: 'keyCompromise' })
    await expect(seal(dataDir, await openSigner({ dataDir }))).rejects.toThrow(KeyUnusable)
    await newDevelopmentSeal(dataDir)
    const two = await openSigner({ dataDir })
    await expect(seal(dataDir, two)).resolves.toBeInstanceOf(Uint8Array)
    await revokeDevelopmentSeal(dataDir, two.certificate, { at: since, reason: 'superseded' })
    const [crl, ...more] = (await openSigner({ dataDir })).crls.map(der => CertificateRevocationList.fromBER(new Uint8Array(der)))
    const revoked = [one, two].map(({ certificate }) => crl?.isCertificateRevoked(Certificate.fromBER(new Uint8Array(certificate))))
    expect([revoked, more, crl?.revokedCertificates?.map(({ revocationDate }) => revocationDate.value)]).toEqual([[true, true], [], [since, since]])
    expect(await crl?.verify({ issuerCertificate: Certificate.fromBER(new Uint8Array(two.root)) })).toBe(true)
  })
})

const dss = path.resolve('../shared/tools/pdf-judge/run')
describeJudged('after a compromise, judged by EU DSS', ['java'], () => {
  it.skipIf(!existsSync(dss))(`the new seal passes, with the list that names the old one${existsSync(dss) ? '' : ' (skipped: no pdf-judge)'}`, { timeout: 120_000 }, async () => {
    const dataDir = path.join(root, 'judged')
    const old = await openSigner({ dataDir })
    await revokeDevelopmentSeal(dataDir, old.certificate, { at: new Date(), reason: 'keyCompromise' })
    await newDevelopmentSeal(dataDir)
    const now = await openSigner({ dataDir })
    writeFileSync(path.join(dataDir, 'new.pdf'), await seal(dataDir, now))
    writeFileSync(path.join(dataDir, 'root.der'), now.root)
    expect(spawnSync(dss, [path.join(dataDir, 'root.der'), path.join(dataDir, 'new.pdf')], { encoding: 'utf8' }).stdout).toContain('format=PAdES-BASELINE-T indication=TOTAL_PASSED')
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromBER } from 'asn1js'
import { Attribute, ContentInfo, SignedAndUnsignedAttributes, SignedData } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import { TimeStampUnavailable, type TimeStamps } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { answerAs } from '../../server/adapters/time-stamps/in-process.ts'
import { lineTo } from '../../server/adapters/time-stamps/over-http.ts'
import { timeStampsOver } from '../../server/adapters/time-stamps/request.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { rangeOf } from '../../server/proof/seal/byte-range.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { oid } from '../../server/proof/seal/oid.ts'
import { readContainer } from '../../server/proof/seal/read-container.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { describeJudged } from '../support/judges.ts'
import { authorityOver, deepAuthority, stampedBy, stampingKeys } from '../support/time-stamp-authority.ts'

const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-time-'))
const at = new Date()
const allPassed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }
let signer: Signer
let timeStamps: TimeStamps
let sealed: Buffer

const seal = async (stamps: TimeStamps, slot = sealSlot(signer, stamps)) =>
  Buffer.from(await sealCertificate(await prepareCertificate(certificateSample({ sample: true }), { at, checkpoint: null, offlineCode: null, seal: slot }), signer, stamps, at))

beforeAll(async () => {
  signer = await openSigner({ dataDir })
  timeStamps = await openTimeStamps({ dataDir })
  sealed = await seal(timeStamps)
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

// The token is not covered by the seal: anybody can take it out or put another one in.
function withTokens(tokens: Uint8Array[], values = 1): Buffer {
  const { start, end } = rangeIn(sealed)
  const content = ContentInfo.fromBER(new Uint8Array(Buffer.from(sealed.toString('latin1', start + 1, end - 1), 'hex')))
  const message = new SignedData({ schema: content.content })
  const [info] = message.signerInfos
  if (!info) throw new Error('no signer')
  const attributes = tokens.map(token => new Attribute({ type: oid.timeStamp, values: Array(values).fill(fromBER(new Uint8Array(token)).result) }))
  if (attributes.length > 0) info.unsignedAttrs = new SignedAndUnsignedAttributes({ type: 1, attributes })
  else delete info.unsignedAttrs
  content.content = message.toSchema(true)
  const hex = Buffer.from(content.toSchema().toBER()).toString('hex')
  const changed = Buffer.from(sealed)
  changed.write(hex.padEnd(end - start - 2, '0'), start + 1, 'latin1')
  return changed
}

const signatureOf = (pdf: Buffer) => readContainer(rangeIn(pdf).container).signature

function rangeIn(pdf: Uint8Array) {
  const range = rangeOf(pdf)
  if (typeof range === 'string') throw new Error(range)
  return range
}

describe('the time of a seal', () => {
  it('passes when an authority under the root we trust has seen this signature', async () => {
    expect(await checkSealed(sealed, signer.root, timeStamps.root)).toEqual(allPassed)
    expect(await checkSealed(withTokens([await timeStamps.stamp(signatureOf(sealed))]), signer.root, timeStamps.root)).toEqual(allPassed)
  })

  it('stays open without a root for it, and without a time stamp: such files are older, or somebody took it out', async () => {
    const open = { ...allPassed, time: 'could_not_be_checked' }
    expect([await checkSealed(sealed, signer.root), await checkSealed(withTokens([]), signer.root, timeStamps.root)]).toEqual([open, open])
  })

  it('fails when the token is over another signature, or by an authority that is not ours', async () => {
    const other = await openTimeStamps({ dataDir: path.join(dataDir, 'other') })
    const failed = { ...allPassed, time: 'failed' }
    expect(await checkSealed(withTokens([await timeStamps.stamp(Buffer.from('another'))]), signer.root, timeStamps.root)).toEqual(failed)
    expect(await checkSealed(withTokens([await other.stamp(signatureOf(sealed))]), signer.root, timeStamps.root)).toEqual(failed)
    expect(await checkSealed(sealed, signer.root, other.root)).toEqual(failed)
  })

  it('fails when the stamp is from before the seal’s certificate, and the chain is judged at that moment too', async () => {
    const before = new Date(at.getTime() - 3 * 86_400_000)
    const old = await stampingKeys(new Date(at.getTime() - 5 * 86_400_000))
    const line = { ask: async (request: Uint8Array) => answerAs({ ...old.good, now: () => before }, request), reachable: async () => undefined }
    const early = await timeStampsOver([line], { root: old.root, chain: [], crls: [], development: true, now: () => before })
    expect(await checkSealed(withTokens([await early.stamp(signatureOf(sealed))]), signer.root, old.root)).toEqual({ ...allPassed, chain: 'failed', time: 'failed' })
    const late = await openTimeStamps({ dataDir, now: () => new Date(at.getTime() + 4.9 * 365 * 86_400_000) })
    expect(await checkSealed(withTokens([await late.stamp(signatureOf(sealed))]), signer.root, timeStamps.root)).toEqual(allPassed)
  })

  it('could not be checked when what stands there is no token; two tokens make the container unreadable', async () => {
    const junk = Buffer.from('3003020101', 'hex')
    expect(await checkSealed(withTokens([junk]), signer.root, timeStamps.root)).toEqual({ ...allPassed, time: 'could_not_be_checked' })
    const unread = { digest: 'could_not_be_checked', signature: 'could_not_be_checked', chain: 'could_not_be_checked', time: 'could_not_be_checked', covers: 'passed' }
    const tight = [withTokens([junk, junk]), withTokens([junk], 2)]
    for (const pdf of tight) expect(await checkSealed(pdf, signer.root, timeStamps.root)).toEqual(unread)
  })
})

describe('without a time stamp', () => {
  it('there is no file: the error goes to the job', async () => {
    const away = { ...timeStamps, stamp: async () => { throw new TimeStampUnavailable('no time stamp: it is night') } }
    await expect(seal(away)).rejects.toThrow(TimeStampUnavailable)
  })

  it('nor with one that outgrew its room: the error names both sizes, and the next page has room', async () => {
    const slot = sealSlot(signer, { ...timeStamps, room: 0 })
    await expect(seal(timeStamps, { ...slot, room: slot.room - 2048 })).rejects.toThrow(/needs \d+ bytes and has \d+/)
    expect(await checkSealed(await seal(timeStamps), signer.root, timeStamps.root)).toEqual(allPassed)
  })
})

const dss = path.resolve('../shared/tools/pdf-judge/run')
describeJudged('an authority below others, judged by EU DSS', ['java'], () => {
  it.skipIf(!existsSync(dss))(`passes without a network: its path and lists are in the file${existsSync(dss) ? '' : ' (skipped: no pdf-judge)'}`, { timeout: 120_000 }, async () => {
    const { key, certificate, root, chain, crls } = await deepAuthority(dataDir)
    const authority = await authorityOver(stampedBy({ key, certificate }))
    const stamps = await timeStampsOver([lineTo(authority.url)], { root, chain, crls, development: false, now: () => new Date() })
    const pdf = await seal(stamps)
    await authority.close()
    expect(await checkSealed(pdf, signer.root, root)).toEqual(allPassed)
    const [file, trusted] = [path.join(dataDir, 'deep.pdf'), path.join(dataDir, 'root.der')]
    writeFileSync(file, pdf)
    writeFileSync(trusted, root)
    expect(spawnSync(dss, [trusted, file], { encoding: 'utf8' }).stdout).toContain('format=PAdES-BASELINE-T indication=TOTAL_PASSED')
  })
})

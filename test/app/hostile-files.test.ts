import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import { answerFor, type Asked, type Named, type Register, type Registered } from '../../web/verify/answer.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { flippedFiles, tamperedFiles } from '../support/tampered-files.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'akashi-hostile-'))
const hex = async (bytes: Uint8Array<ArrayBuffer>) => Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
const megabytes = (count: number, fill: string) => Buffer.alloc(count * 2 ** 20, fill, 'latin1')

let signer: Signer, sealed: Buffer, known: Registered
beforeAll(async () => {
  signer = await openSigner({ dataDir: directory })
  const timeStamps = await openTimeStamps({ dataDir: directory }), at = new Date()
  const statement = certificateSample({ sample: true })
  sealed = Buffer.from(await sealCertificate(await prepareCertificate(statement, { at, checkpoint: null, offlineCode: null, seal: sealSlot(signer, timeStamps) }), signer, timeStamps, at))
  known = {
    number: statement.number, edition: 1, currentEdition: 1, replacedOn: null, standing: 'certified', since: statement.issuedOn, reasonClass: null, expiresOn: statement.expiresOn, asOf: '2027-03-02',
    holder: statement.holder, sha256: await hex(Uint8Array.from(sealed)), size: sealed.length, url: statement.verifyUrl,
  }
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const register = (change: Partial<Register> = {}): Register => ({
  live: true, root: async () => signer.root, file: async (sha256): Promise<Asked<Registered>> => (sha256 === known.sha256 ? known : 'unknown'),
  number: async (number): Promise<Asked<Named>> => (number === known.number ? known : 'unknown'), ...change,
})
const answer = async (bytes: Uint8Array, change: Partial<Register> = {}) => (await answerFor(new Blob([Uint8Array.from(bytes)]), register(change))).answer
const away: Partial<Register> = { file: async () => 'unreachable', number: async () => 'unreachable' }

describe('what a visitor is told of a file', () => {
  it('is "ours" of nothing but the file itself', async () => {
    expect(await answer(sealed)).toBe('valid')
    for (const [what, bytes] of [...tamperedFiles(sealed), ...flippedFiles(sealed, 60, 'page'), ...flippedFiles(sealed, 60, 'container')]) {
      expect([what, await answer(bytes)]).toEqual([what, expect.stringMatching(/^(added|altered|foreign)$/)])
    }
  })

  it('tells an addition from an alteration and from a file of somebody else', async () => {
    const told = Object.fromEntries(await Promise.all(tamperedFiles(sealed).map(async ([what, bytes]) => [what, await answer(bytes)])))
    expect(told).toMatchObject({
      'a comment added': 'added', 'a second signature added': 'added', 'the same file twice': 'added', 'a byte of the page': 'altered', 'padding after the container': 'altered',
      'no PDF': 'foreign', nothing: 'foreign', zeros: 'foreign', 'only the word': 'foreign',
    })
  })

  it('is never "valid" while the register cannot be reached, and still "altered" when the seal shows it', async () => {
    expect(await answer(sealed, away)).toBe('unclear')
    expect(await answer(Buffer.concat([sealed, Buffer.from('x')]), away)).toBe('added')
    const [[, altered] = []] = tamperedFiles(sealed)
    expect(await answer(altered ?? Buffer.alloc(0), away)).toBe('altered')
    expect(await answer(Buffer.from('%PDF'), { ...away, root: async () => null })).toBe('unclear')
  })

  it('follows the register: remark, end, newer edition', async () => {
    const worth = (change: Partial<Registered>) => answer(sealed, { file: async () => ({ ...known, ...change }) })
    const standings = ['certified_with_condition', 'scope_reduced', 'suspended', 'withdrawn', 'expired', 'transferred', 'surrendered', 'replaced', 'issuing', 'unheard_of']
    expect(await Promise.all(standings.map(standing => worth({ standing })))).toEqual(['remark', 'remark', ...Array(8).fill('ended')])
    expect([await worth({ currentEdition: 2 }), await worth({ currentEdition: 2, standing: 'suspended' })]).toEqual(['superseded', 'ended'])
  })
})

describe('a file made to hurt', () => {
  it('is not read when it is too large to be ours', async () => {
    const sparse = { size: 2 ** 30, arrayBuffer: () => { throw new Error('it was read') } } as unknown as Blob
    expect(await answerFor(sparse, register())).toMatchObject({ answer: 'too_large', sha256: '', checks: [] })
  })

  it('that cannot be read (a folder, a file that went away) is said to be unreadable', async () => {
    expect((await answerFor({ size: 4096, arrayBuffer: () => Promise.reject(new Error('NotFoundError')) } as unknown as Blob, register())).answer).toBe('unreadable')
  })

  const range = (start: number, length: number, rest: number) => `/ByteRange [0 ${start} ${start + length} ${rest}]`
  it.each<[string, () => Buffer]>([
    ['19 MB of brackets', () => megabytes(19, '<')], ['19 MB of ranges', () => megabytes(19, '/ByteRange [0 1 2 3] ')], ['19 MB of blanks after the word', () => Buffer.concat([Buffer.from('/ByteRange'), megabytes(19, ' ')])],
    ['19 MB of numbers', () => megabytes(19, 'RE-JP-2027-00482')], ['a gap of 19 MB', () => Buffer.concat([Buffer.from(range(100, 19 * 2 ** 20, 10).padEnd(100)), Buffer.from('<'), megabytes(20, '0')])],
    ['a container of nothing but nesting', () => nested('30')], ['a container of endless nesting', () => nested('3080')], ['a container of 100,000 values', () => nested('0500')],
  ])('%s is answered soon', { timeout: 20_000 }, async (_, make) => {
    const bytes = make(), began = performance.now()
    expect(await answer(bytes.subarray(0, 20 * 2 ** 20))).toBe('foreign')
    expect(performance.now() - began).toBeLessThan(5000)
  })

  function nested(unit: string): Buffer {
    const container = Buffer.from(`30830186a0${unit}`.padEnd(200_000, unit))
    const head = range(80, container.length + 2, 6).padEnd(80)
    return Buffer.concat([Buffer.from(head), Buffer.from('<'), container, Buffer.from('>%%EOF')])
  }
})

import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../server/adapters/embedded-postgres.ts'
import { checkSealed } from '../server/proof/seal/check.ts'
import { drawnGlyphs, glyphsOf } from './support/drawn-glyphs.ts'
import { describeJudged } from './support/judges.ts'
import { npmStart, processesOn } from './support/started.ts'

const root = new URL('..', import.meta.url).pathname
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-journey-test-'))
const place = (name: string) => path.join(directory, name)
const play = async (...more: string[]) =>
  (await promisify(execFile)(process.execPath, ['scripts/journey.ts', '--out', directory, ...more], { cwd: root, env: { ...process.env, TMPDIR: place('tmp') } })).stdout.trimEnd().split('\n')

let lines: string[]
let told: { number: string; url: string; sha256: string; holder: string; standing: string }
beforeAll(async () => {
  mkdirSync(place('tmp'))
  lines = await play()
  told = JSON.parse(readFileSync(place('journey.json'), 'utf8'))
}, 240_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the journey', () => {
  it('ends with the number of the certificate, and leaves neither process nor file behind', () => {
    expect(lines.at(-1)).toMatch(/^RE-JP-\d{4}-000001-1-[0-9A-Z]$/)
    expect(processesOn(place('tmp'))).toEqual([])
    expect(readdirSync(place('tmp'))).toEqual([])
  })

  it('leaves what it tells of: the file, its hash, the page, the holder, the root', () => {
    const sha256 = createHash('sha256').update(readFileSync(place('certificate.pdf'))).digest('hex')
    expect(told).toEqual({ number: lines.at(-1), url: expect.stringMatching(`^http://127\\.0\\.0\\.1:\\d+/c/${told.number}$`), sha256, holder: '髙橋プレス㈱', standing: 'certified' })
    expect(new X509Certificate(readFileSync(place('root.der'))).subject).toContain('NOT TRUSTED')
  })

  it('says what is wrong and ends with 1 when it is sent to a place that is no Akashi', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/journey.ts', '--out', place('nowhere'), '--url', 'http://127.0.0.1:9'], { cwd: root, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('there is a running Akashi at http://127.0.0.1:9') })
  })
})

describe('what it leaves to check without us', () => {
  const verify = (file: string) => spawnSync(process.execPath, ['scripts/verify.ts', place(file), '--offline', directory], { cwd: root, encoding: 'utf8' })

  it('is authentic to the stand-alone checker: the PDF, the credential, the proof, the checkpoint', () => {
    const files = ['certificate.pdf', 'certificate.vc.jwt', 'proof.json', 'checkpoint.txt', 'did.json', 'status.vc.jwt']
    expect(files.filter(file => !existsSync(place(file)))).toEqual([])
    expect(files.slice(0, 4).map(file => [file, verify(file).status])).toEqual(files.slice(0, 4).map(file => [file, 0]))
  })

  it('is the whole case too, as it was sealed and with every document; not with one byte flipped', () => {
    const { status, stdout } = verify('case.zip')
    expect([status, stdout.includes('are as they were sealed'), /Each of the [1-9]\d* documents/.test(stdout)]).toEqual([0, true, true])
    writeFileSync(place('flipped.zip'), withOneByteFlipped(readFileSync(place('case.zip'))))
    expect(verify('flipped.zip').status).toBe(1)
  })

  it('is not with one byte of the PDF flipped, or of the credential', () => {
    writeFileSync(place('flipped.pdf'), withOneByteFlipped(readFileSync(place('certificate.pdf'))))
    writeFileSync(place('flipped.vc.jwt'), withOneByteFlipped(readFileSync(place('certificate.vc.jwt'))))
    expect(['flipped.pdf', 'flipped.vc.jwt'].map(file => verify(file)).map(({ status, stdout }) => [status, stdout.includes('[FAILED]')])).toEqual([[1, true], [1, true]])
  })
})

describe('its certificate', () => {
  it('passes our own check, and not with one byte flipped', async () => {
    const pdf = readFileSync(place('certificate.pdf'))
    const passed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }
    const ours = readFileSync(place('root.der')) // in development the time stamps stand under it too
    expect(await checkSealed(pdf, ours, ours)).toEqual(passed)
    expect(await checkSealed(withOneByteFlipped(pdf), ours, ours)).toEqual({ ...passed, digest: 'failed' })
  })
})

describeJudged('its certificate, judged by pdfsig', ['pdfsig'], () => {
  const said = (file: string) => spawnSync('pdfsig', ['-nocert', file], { encoding: 'utf8' }).stdout

  it('is valid and signed as a whole', () => {
    expect(said(place('certificate.pdf'))).toContain('Signature is Valid')
    expect(said(place('certificate.pdf'))).toContain('Total document signed')
  })

  it('is no longer valid with one byte flipped', () => {
    writeFileSync(place('flipped.pdf'), withOneByteFlipped(readFileSync(place('certificate.pdf'))))
    expect(said(place('flipped.pdf'))).toContain('Digest Mismatch')
  })
})

describeJudged('its certificate, judged by qpdf', ['qpdf'], () => {
  it('has a clean structure', () => expect(execFileSync('qpdf', ['--check', place('certificate.pdf')], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found'))
})

const dss = path.resolve(root, '../shared/tools/pdf-judge/run')
describeJudged('its certificate, judged by EU DSS', ['java'], () => {
  it.skipIf(!existsSync(dss))(`is PAdES baseline T or better and passes in full${existsSync(dss) ? '' : ' (skipped: no pdf-judge beside this repository)'}`, { timeout: 120_000 }, () => {
    const { status, stdout } = spawnSync(dss, [place('root.der'), place('certificate.pdf')], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/format=PAdES-BASELINE-(T|LT|LTA) indication=TOTAL_PASSED/) })
  })
})

describeJudged('its certificate, drawn by mutool', ['mutool'], () => {
  it.each(['髙橋プレス㈱', 'Takahashi Press Co., Ltd.', '奈良県葛\u{E0100}城市新庄1-2-3', 'Nguyễn Thị Ngọc Ánh 記念寮'])('has every glyph of %s in ink', name => {
    const glyphs = glyphsOf(name, drawnGlyphs(place('certificate.pdf')))
    expect(glyphs?.filter(({ character, glyph, dark }) => character.trim() !== '' && (glyph === 0 || dark < 8))).toEqual([])
  })
})

describe('npm start', () => {
  it('serves a story, keeps it over a second start, and on SIGTERM ends with its Postgres', { timeout: 240_000 }, async () => {
    const dataDir = place('data'), port = await freePort()
    const first = await npmStart(dataDir, port)
    const number = (await play('--url', `${first.url}/`)).at(-1)
    const page = () => fetch(`${first.url}/c/${number}`, { headers: { accept: 'application/json' } }).then(answer => answer.json())
    const before = await page()
    expect(before).toMatchObject({ number, standing: 'certified' })
    expect(processesOn(dataDir).length).toBeGreaterThanOrEqual(3) // npm, the server and Postgres at least
    const keys = (...args: string[]) => execFileSync(process.execPath, ['scripts/keys.ts', ...args], { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port) } })
    const sealing = async () => (await (await fetch(`${first.url}/health/ready`)).json()).keyId
    const former = await sealing()
    expect(keys('rotate', 'seal')).toContain('Start Akashi again')
    expect(await sealing()).toBe(former) // a key that is open stays so, and signs nothing new (test/app/keys.test.ts)
    expect(await first.stop()).toBe(0)
    expect(processesOn(dataDir)).toEqual([])
    await expect(fetch(first.url)).rejects.toThrow()

    const second = await npmStart(dataDir, port)
    expect(await page()).toEqual(before)
    expect(keys('list')).toMatch(new RegExp(`seal +retired +\\S+ +${former}[^]*seal +active +\\S+ +${await sealing()}`))
    await second.stop()
    expect(processesOn(dataDir)).toEqual([])
  })
})

function withOneByteFlipped(pdf: Buffer): Buffer {
  const flipped = Buffer.from(pdf)
  flipped[5000] = (flipped[5000] ?? 0) ^ 1
  return flipped
}

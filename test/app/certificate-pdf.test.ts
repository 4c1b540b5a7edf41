import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Blob, Buffer as HarfBuffer, Face, Font, shape } from 'harfbuzzjs'
import { PDFDocument, PDFName } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clustersOf } from '../../server/certificates/pdf/clusters.ts'
import { missingGlyphs } from '../../server/certificates/pdf/glyphs.ts'
import { prepareCertificate, type PageOptions } from '../../server/certificates/pdf/prepare.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'
import { certificateSample, crowdedSample, offlineCode, pageOptions } from '../support/certificate-sample.ts'
import { describeJudged } from '../support/judges.ts'

const page = async (statement: CertificateStatement, options: Partial<PageOptions> = {}) => (await prepareCertificate(statement, { ...pageOptions, ...options })).pdf
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-page-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const twelveSites = Array.from({ length: 12 }, (_, index) => ({
  kind: index < 8 ? 'workplace' as const : 'housing' as const, nameJa: `第${index + 1}工場`, addressJa: `奈良県葛󠄀城市當麻 ${index + 1}-${index + 2}`,
}))

describe('the page', () => {
  it('has the same bytes for the same statement and instant, and only then', async () => {
    const first = await page(certificateSample())
    expect(Buffer.compare(await page(certificateSample()), first)).toBe(0)
    expect(Buffer.compare(await page(certificateSample(), { at: new Date('2027-03-03T01:00:00Z') }), first)).not.toBe(0)
    expect(Buffer.compare(await page(certificateSample({ edition: 2 })), first)).not.toBe(0)
  })

  it('is one A4 sheet in Japanese of at most 300 KB, however much there is to say', async () => {
    for (const statement of [certificateSample(), crowdedSample(), certificateSample({ sample: true })]) {
      const pdf = await page(statement)
      const document = await PDFDocument.load(pdf, { updateMetadata: false })
      expect(document.getPages().map(page => page.getSize())).toEqual([{ width: 595.28, height: 841.89 }])
      expect(document.getTitle()).toBe('認証書 RE-JP-2027-004821-3-2')
      expect(String(document.catalog.get(PDFName.of('Lang')))).toBe('(ja)')
      expect(pdf.length).toBeLessThan(300_000)
    }
  })
})

describe('characters that no font of ours draws', () => {
  it.each([
    ['髙橋プレス㈱', []], ['葛\u{E0100}城', []], ['Nguyễn Thị Ngọc Ánh'.normalize('NFD'), []], ['カ\u3099', []],
    ['神\uFA1B𠮷﨑①〇', []],
    ['葛\u{E0101}城', ['葛\u{E0101}']], ['辻\u{E0100}', []], ['辻\u{E0101}', ['辻\u{E0101}']], ['あ\u{E0100}', ['あ\u{E0100}']], ['よし😀', ['😀']],
    ['မောင်', ['မော', 'င်']], ['a\u202Eb', ['\u202E']], ['q\u0323', ['q\u0323']],
  ])('%j lacks %j', async (text, missing) => {
    expect(await missingGlyphs(['東京', text])).toEqual(missing)
  })

  it('stop the drawing: no box and no gap ever stands for a name', async () => {
    const statement = certificateSample()
    await expect(page({ ...statement, holder: { ...statement.holder, nameJa: '辻\u{E0101}製作所' } })).rejects.toThrow('no glyph')
  })
})

describeJudged('the words, read back by pdftotext', ['pdftotext'], () => {
  it.each([
    ['one site', certificateSample()], ['twelve sites', certificateSample({ sites: twelveSites })], ['everything at its longest', crowdedSample()],
  ])('say everything in the statement: %s', async (_, statement) => {
    const text = await textOf(statement)
    const said = [...texts({ ...statement, firstIssuedOn: '', issuedOn: '', decidedOn: '', expiresOn: '', lastDayOnSite: '' }),
      '2027年3月1日', '2 March 2027', '2027年2月26日', '28 February 2030', '22 January 2027', '確認ページの表示が優先します', 'the live status prevails']
    expect(said.filter(each => !text.includes(squeezed(each)))).toEqual([])
    for (const result of ['適合', '軽微な指摘を是正中', '該当なし']) expect(text).toContain(result)
    expect(text).not.toContain('… 他')
    expect(text).not.toContain('見本')
  })

  it('say that there is no exclusion, and that a sample is a sample', async () => {
    expect(await textOf(certificateSample())).toContain('範囲の除外Exclusionsなし')
    expect(await textOf(certificateSample({ sample: true }))).toContain('認証の効力はありません')
  })

  it('count the sites that a sheet cannot hold', async () => {
    const sites = Array.from({ length: 90 }, (_, index) => ({ kind: 'workplace' as const, nameJa: `営業所番号${index + 1}号`, addressJa: '東京都港区' }))
    const text = await textOf(certificateSample({ sites }))
    const shown = sites.filter(site => text.includes(site.nameJa)).length
    expect(shown).toBeGreaterThan(12)
    expect(text).toContain(`他${90 - shown}か所`)
    expect(text).toContain(`and${90 - shown}more`)
  })
})

describeJudged('the ink, drawn by mutool', ['mutool'], () => {
  let blank: Buffer
  beforeAll(async () => { blank = raster(await named('\u3000')) })

  it.each(['髙橋プレス㈱', '葛\u{E0100}城', 'Nguyễn Thị Ngọc Ánh', '神﨑𠮷'])('%s has every stroke that HarfBuzz gives it', async name => {
    const expected = inkOf(rasterOfOutlines(name), undefined)
    expect(inkOf(raster(await named(name)), blank) / expected).toBeCloseTo(1, 1.7)
    const rest = clustersOf(name).slice(1)
    expect(inkOf(raster(await named(rest.join(''))), blank) / expected).not.toBeCloseTo(1, 1.7) // one character less is noticed
  })

  it('tells the form that a selector asks for from the plain one', async () => {
    expect(raster(await named('葛\u{E0100}')).equals(raster(await named('葛')))).toBe(false)
  })
})

describeJudged('the codes, read by zbarimg', ['mutool', 'zbarimg'], () => {
  const read = (pdf: Buffer) => {
    const image = path.join(directory, 'code.png')
    execFileSync('mutool', ['draw', '-q', '-r', '200', '-o', image, saved(pdf)], { stdio: 'pipe' })
    return execFileSync('zbarimg', ['--quiet', '--raw', image], { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n').sort()
  }
  const long = 'https://certificates.a-very-long-name.example.or.jp/c/RE-JP-2027-004821-3-2?edition=12&from=sheet'

  it.each([certificateSample().verifyUrl, long])('lead to %s, and hold what needs no network', async verifyUrl => {
    expect(read(await page(certificateSample({ verifyUrl })))).toEqual([verifyUrl, offlineCode].sort())
  })

  it('are one where there is nothing to hold', async () => {
    expect(read(await page(certificateSample(), { offlineCode: null }))).toEqual([certificateSample().verifyUrl])
    expect(await textOf(certificateSample(), { offlineCode: null })).not.toContain('Offlinecode')
    expect(await textOf(certificateSample())).toContain('通信なしで確かめる符号（停止の有無は含みません）Offlinecode:confirmsholder,scope,expiry;notsuspension')
  })

  it('are never too fine to be read from paper', async () => {
    await expect(page(certificateSample(), { offlineCode: offlineCode.repeat(2) })).rejects.toThrow('no room for a code')
  })
})

const squeezed = (text: string) => text.replace(/\s/g, '')

function texts(value: unknown): string[] {
  if (typeof value === 'string') return ['conforms', 'minor_open', 'not_applicable', 'workplace', 'housing'].includes(value) ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

async function textOf(statement: CertificateStatement, options: Partial<PageOptions> = {}): Promise<string> {
  return squeezed(execFileSync('pdftotext', ['-raw', saved(await page(statement, options)), '-'], { encoding: 'utf8' }))
}

function named(nameJa: string) {
  const statement = certificateSample()
  return page({ ...statement, holder: { ...statement.holder, nameJa } })
}

function saved(pdf: Uint8Array): string {
  const file = path.join(directory, 'page.pdf')
  writeFileSync(file, pdf)
  return file
}

const raster = (pdf: Uint8Array) => grey(saved(pdf))
const grey = (file: string) => execFileSync('mutool', ['draw', '-q', '-r', '144', '-c', 'gray', '-F', 'pgm', '-o', '-', file], { maxBuffer: 2 ** 26, stdio: 'pipe' })

// Another shaper and another path to the same ink: outlines by HarfBuzz as SVG, on a sheet of the same scale.
function rasterOfOutlines(text: string): Buffer {
  const file = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-serif-jp/600SemiBold/NotoSerifJP_600SemiBold.ttf')
  const font = new Font(new Face(new Blob(readFileSync(file))))
  const buffer = new HarfBuffer()
  buffer.addText(text)
  buffer.guessSegmentProperties()
  shape(font, buffer)
  const paths = buffer.getGlyphInfos().map((glyph, index) =>
    `<path transform="translate(${20 + index * 40} 60) scale(.027 -.027)" d="${font.glyphToPath(glyph.codepoint)}" fill="#1f2328"/>`)
  const drawing = path.join(directory, 'outlines.svg')
  writeFileSync(drawing, `<svg xmlns="http://www.w3.org/2000/svg" width="900pt" height="100pt" viewBox="0 0 900 100">
    <rect width="900" height="100" fill="#fff"/>${paths.join('')}</svg>`)
  return grey(drawing)
}

// How much darker than the blank sheet, summed over all points.
function inkOf(image: Buffer, blank: Buffer | undefined): number {
  let sum = 0
  for (let index = 64; index < image.length; index += 1) sum += (blank?.[index] ?? 255) - (image[index] ?? 255)
  return sum
}

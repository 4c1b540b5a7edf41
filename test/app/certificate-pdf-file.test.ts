import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib'
import { afterAll, describe, expect, it } from 'vitest'
import { drawCertificate } from '../../server/certificates/pdf/draw.ts'
import { prepareCertificate, type PageOptions } from '../../server/certificates/pdf/prepare.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'
import { certificateSample, checkpoint, crowdedSample, pageOptions } from '../support/certificate-sample.ts'
import { describeJudged } from '../support/judges.ts'
import { preflight } from '../support/preflight.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'akashi-file-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const prepared = (statement: CertificateStatement, options: Partial<PageOptions> = {}) => prepareCertificate(statement, { ...pageOptions, ...options })
const page = async (statement: CertificateStatement, options: Partial<PageOptions> = {}) => (await prepared(statement, options)).pdf

function saved(pdf: Uint8Array, name = 'page.pdf'): string {
  const file = path.join(directory, name)
  writeFileSync(file, pdf)
  return file
}

const hard = certificateSample({
  holder: { ...certificateSample().holder, nameJa: '神\uFA19葛\u{E0100}葛㈱', nameLatin: 'Q & <A> "Ánh"' }, issuer: { ...certificateSample().issuer, nameJa: '認証 <&> 機構' },
})
const pages: [string, CertificateStatement, Partial<PageOptions>][] = [
  ['the press shop', certificateSample(), {}], ['everything at its longest', crowdedSample(), {}],
  ['a sample without second code', certificateSample({ sample: true }), { offlineCode: null, checkpoint: null }], ['names that are hard to write', hard, {}],
]

describe('the file', () => {
  it('is one revision with one table, and a place kept free for the signature', async () => {
    const { pdf, contents: { start, end } } = await prepared(certificateSample())
    const text = pdf.toString('latin1')
    expect(['%%EOF', 'startxref', '\ntrailer', '/ByteRange'].map(each => text.split(each).length - 1)).toEqual([1, 1, 1, 1])
    expect(text).not.toContain('/Prev')
    expect(text.slice(start, end)).toBe(`<${'0'.repeat(24_000)}>`)
    expect(text).toContain(`/ByteRange [ 0 ${start} ${end} ${pdf.length - end} ]`)
    expect(text).toMatch(/\/ID \[ <([0-9A-F]{32})> <\1> \]/)
  })

  it('names the same fingerprint for the same bytes only', async () => {
    const fingerprint = (pdf: Buffer) => /\/ID \[ <(\w+)>/.exec(pdf.toString('latin1'))?.[1]
    const one = await page(certificateSample())
    expect(fingerprint(await page(certificateSample()))).toBe(fingerprint(one))
    expect(fingerprint(await page(certificateSample(), { checkpoint: null }))).not.toBe(fingerprint(one))
  })

  it('does not depend on what was written before it', async () => {
    const before = await page(certificateSample())
    await Promise.all([page(crowdedSample()), page(hard), page(certificateSample({ sample: true }))])
    expect(Buffer.compare(await page(certificateSample()), before)).toBe(0)
  })

  it('says title, language and that it is tagged, and has one locked field without ink', async () => {
    const { catalog, context } = await PDFDocument.load(await page(certificateSample()), { updateMetadata: false })
    const said = (name: string) => String(catalog.lookup(PDFName.of(name)))
    expect([said('Lang'), said('MarkInfo'), said('ViewerPreferences')]).toEqual(['(ja)', '<<\n/Marked true\n>>', '<<\n/DisplayDocTitle true\n>>'])
    const [field] = catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray).asArray().map(ref => context.lookup(ref, PDFDict))
    expect([String(field?.get(PDFName.of('F'))), String(field?.get(PDFName.of('Rect')))]).toEqual(['132', '[ 0 0 0 0 ]'])
    expect(field?.lookup(PDFName.of('AP'), PDFDict).lookup(PDFName.of('N'))).toBeInstanceOf(PDFRawStream)
    const types = context.enumerateIndirectObjects().flatMap(([, object]) => object instanceof PDFDict ? [String(object.get(PDFName.of('Type')))] : [])
    expect(types).not.toContain('/Filespec')
    expect(types.filter(type => type === '/Page' || type === '/Annot')).toHaveLength(4) // the page, the field and two links
  })
})

describe('the drawing', () => {
  it.each(pages)('has no ink outside of a part, and every mark once: %s', async (_, statement, options) => {
    const marks = marksOf(await contentOf(await page(statement, options)))
    expect(marks.loose).toEqual([])
    expect(marks.numbers).toEqual(marks.numbers.map((_, index) => index))
    expect(marks.english).toBeGreaterThan(30)
  })
})

describeJudged('the drawing, by mutool', ['mutool'], () => {
  const raster = (pdf: Uint8Array) => execFileSync('mutool', ['draw', '-q', '-r', '100', '-F', 'ppm', '-o', '-', saved(pdf)], { maxBuffer: 2 ** 26, stdio: 'pipe' })

  it.each(pages)('is point for point what pdf-lib draws: %s', async (_, statement, { offlineCode = pageOptions.offlineCode }) => {
    const reference = raster(await drawCertificate(statement, pageOptions.at, offlineCode))
    expect(raster(await page(statement, { offlineCode })).equals(reference)).toBe(true)
    expect(raster(await page({ ...statement, edition: 2 }, { offlineCode })).equals(reference)).toBe(false)
  })
})

describeJudged('the tags, read by pdfinfo', ['pdfinfo', 'pdftotext'], () => {
  const structure = (file: string) => execFileSync('pdfinfo', ['-struct-text', file], { encoding: 'utf8' }).split('\n')
  const squeezed = (text: string) => text.replace(/\s/g, '')

  it.each(pages)('hold every word of the page in its order: %s', async (_, statement, options) => {
    const file = saved(await page(statement, options))
    const tagged = structure(file).flatMap(line => /^ *"(.*)"$/.exec(line)?.[1] ?? []).join('')
    expect(squeezed(tagged)).toBe(squeezed(execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' })))
  })

  it('say what each piece is', async () => {
    const lines = structure(saved(await page(certificateSample()))).flatMap(line => /^ *([A-Z]\w*)/.exec(line)?.[1] ?? [])
    const count = (role: string) => lines.filter(each => each === role).length
    expect(['Document', 'H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'L', 'LI', 'Lbl', 'LBody', 'Link', 'Figure', 'Form'].map(role => [role, count(role)])).toEqual([
      ['Document', 1], ['H1', 1], ['H2', 2], ['Table', 1], ['TR', 14], ['TH', 14], ['TD', 14], ['L', 2], ['LI', 10], ['Lbl', 10], ['LBody', 10], ['Link', 2], ['Figure', 3], ['Form', 1]])
    const words = structure(saved(await page(certificateSample()))).join('\n')
    expect(words).toContain('within the scope below, to the requirements of') // two lines, two words
    expect(words).toContain('責任ある外国人労働者雇用主 認証基準') // one word, two lines
  })

  it('describe every figure, and name the language of what is English', async () => {
    const { context } = await PDFDocument.load(await page(certificateSample()), { updateMetadata: false })
    const elements = context.enumerateIndirectObjects().flatMap(([, object]) => object instanceof PDFDict && object.get(PDFName.of('S')) && object.get(PDFName.of('P')) ? [object] : [])
    const text = (element: PDFDict, key: string) => Buffer.from(String(element.get(PDFName.of(key)) ?? '').slice(5, -1), 'hex').swap16().toString('utf16le')
    const figures = elements.filter(element => String(element.get(PDFName.of('S'))) === '/Figure').map(element => text(element, 'Alt'))
    expect(figures).toHaveLength(3)
    expect(figures[0]).toContain('確認ページ https://akashi.example.jp/c/RE-JP-2027-004821-3-2')
    expect(figures[1]).toContain('to be checked without a network')
    expect(figures[2]).toContain('印章')
    expect(elements.filter(element => String(element.get(PDFName.of('Lang'))) === '(en)').length).toBeGreaterThan(4)
  })
})

describeJudged('the links, by pdfinfo', ['pdfinfo'], () => {
  it('lead to the live page and to the complaints desk, and nowhere else', async () => {
    const strange = { ...certificateSample().issuer, complaintUrl: 'https://akashi.example.jp/苦情?a=%20)#x' }
    const rows = execFileSync('pdfinfo', ['-url', saved(await page(certificateSample({ issuer: strange })))], { encoding: 'utf8' }).trim().split('\n').slice(1)
    expect(rows.map(row => row.trim().split(/ +/))).toEqual([
      ['1', 'Annotation', certificateSample().verifyUrl], ['1', 'Annotation', 'https://akashi.example.jp/%E8%8B%A6%E6%83%85?a=%20)#x']])
  })
})

describeJudged('the fonts, by pdffonts', ['pdfinfo'], () => {
  it('are embedded, subsets, and lead back to the text', async () => {
    const rows = execFileSync('pdffonts', [saved(await page(crowdedSample()))], { encoding: 'utf8' }).trim().split('\n').slice(2)
    expect(rows.length).toBeGreaterThanOrEqual(4)
    for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+Noto\w+JP-\w+ +CID TrueType +Identity-H +yes yes yes/)
  })

  it('tell characters apart that share a glyph', async () => {
    const text = execFileSync('pdftotext', ['-raw', saved(await page(hard)), '-'], { encoding: 'utf8' })
    expect(text).toContain('神\uFA19葛\u{E0100}葛㈱')
  })
})

describeJudged('the file, checked by qpdf', ['qpdf'], () => {
  it.each(pages)('is clean: %s', async (_, statement, options) => {
    expect(execFileSync('qpdf', ['--check', saved(await page(statement, options))], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found')
  })
})

// ISO 19005-2 asks what part 1 asks, but for the number of the part; Preflight knows part 1 (signing.md, 2).
describeJudged('the file as an archive reads it, by PDFBox Preflight', ['preflight'], () => {
  const asPart1 = (pdf: Buffer) => Buffer.from(pdf.toString('latin1').replace('<pdfaid:part>2<', '<pdfaid:part>1<'), 'latin1')

  it.each(pages)('is PDF/A: %s', { timeout: 30_000 }, async (_, statement, options) => {
    expect(preflight(saved(asPart1(await page(statement, options))))).toEqual([])
  })

  it('is of part 2, and the judge is awake', { timeout: 60_000 }, async () => {
    const pdf = await page(certificateSample())
    expect(preflight(saved(pdf))).toEqual(['7.11.2 : Error on MetaData, part must be 1'])
    const [without, other] = [['/OutputIntents', '/OutputIntentz'], ['<dc:title>', '<dc:titlf>']].map(([from = '', to = '']) => asPart1(pdf).toString('latin1').replace(from, to))
    for (const changed of [without, other]) expect(preflight(saved(Buffer.from(changed ?? '', 'latin1')))).not.toEqual([])
  })

  it('has no other property of ours than those it describes', async () => {
    const text = (await page(certificateSample())).toString('utf8')
    const [, metadata = ''] = /(<\?xpacket begin=[\s\S]*?<\?xpacket end=)/.exec(text) ?? []
    const used = new Set([...metadata.matchAll(/<akashi:(\w+)>/g)].map(([, name]) => name))
    expect([...used]).toEqual([...metadata.matchAll(/<pdfaProperty:name>(\w+)</g)].map(([, name]) => name))
    expect(metadata).toContain(`<akashi:checkpoint>${checkpoint}</akashi:checkpoint>`)
  })
})

async function contentOf(pdf: Buffer): Promise<string> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false })
  const stream = document.getPage(0).node.Contents()
  if (!(stream instanceof PDFRawStream)) throw new Error('no content')
  return Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1')
}

function marksOf(drawing: string) {
  const [numbers, loose]: [number[], string[]] = [[], []]
  let [depth, english] = [0, 0]
  for (const line of drawing.split('\n')) {
    if (/ B[DM]C$/.test(line)) depth += 1
    if (line === 'EMC') depth -= 1
    const number = /\/MCID (\d+)/.exec(line)?.[1]
    if (number) numbers.push(Number(number))
    if (line.includes('/Lang (en)')) english += 1
    if (/( Tj| Do|^f|^S)$/.test(line) && depth !== 1) loose.push(line)
  }
  return { numbers, loose: depth === 0 ? loose : [`${depth} left open`], english }
}

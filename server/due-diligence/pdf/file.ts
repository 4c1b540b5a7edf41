import { beginText, endText, PDFDocument, PDFNumber, PDFOperator, setCharacterSpacing, setFillingRgbColor, setFontAndSize, setTextMatrix, showText, type PDFFont, type PDFName, type PDFPage } from 'pdf-lib'
import { faces, openFaces, type Face } from '../../certificates/pdf/fonts.ts'
import { paper, type Ink, type Pen } from '../../certificates/pdf/pen.ts'
import type { Locale } from '../../http/locale.ts'

type About = { title: string; author: string; locale: Locale; at: Date }

/** The pages as one PDF, with the glyphs that they use of each face. The library does for a report; a certificate has a writer of its own. */
export async function fileOf(pages: readonly Pen[], { title, author, locale, at }: About): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.setTitle(title, { showInWindowTitleBar: true })
  document.setAuthor(author)
  document.setLanguage(locale)
  document.setProducer('Akashi')
  document.setCreationDate(at)
  const fonts = await embedUsed(document, pages)
  for (const { ink } of pages) {
    const page = document.addPage([paper.width, paper.height]), keys = new Map<Face, PDFName>()
    for (const each of ink) page.pushOperators(...operatorsOf(each, page, fonts, keys))
  }
  return document.save({ updateFieldAppearances: false })
}

type Fonts = Map<Face, PDFFont>

async function embedUsed(document: PDFDocument, pages: readonly Pen[]): Promise<Fonts> {
  const opened = await openFaces(), fonts: Fonts = new Map()
  const used = new Set(pages.flatMap(({ ink }) => ink.flatMap(each => (each.kind === 'text' ? [each.letters[0]?.face ?? each.type.face] : []))))
  for (const face of faces.filter(face => used.has(face))) {
    document.registerFontkit({ create: () => opened[face].font as never })
    fonts.set(face, await document.embedFont(new Uint8Array(), { subset: true, features: { kern: false, liga: false, locl: false } }))
  }
  return fonts
}

function operatorsOf(ink: Ink, page: PDFPage, fonts: Fonts, keys: Map<Face, PDFName>): PDFOperator[] {
  if (ink.kind === 'graphic') throw new Error('a report has no graphic')
  if (ink.kind === 'shape') return ink.operators.map(([name, ...operands]) => PDFOperator.of(name as never, operands.map(PDFNumber.of)))
  const { letters, x, y, type } = ink, face = letters[0]?.face ?? type.face, font = fonts.get(face)
  if (!font) throw new Error(`${face} is not embedded`)
  const key = keys.get(face) ?? page.node.newFontDictionary(face, font.ref)
  keys.set(face, key)
  return [
    beginText(), setFillingRgbColor(...type.colour), setFontAndSize(key, type.size), setCharacterSpacing(type.spacing ?? 0), setTextMatrix(1, 0, 0, 1, x, y),
    showText(font.encodeText(letters.map(({ cluster }) => cluster).join(''))), endText(),
  ]
}

import {
  beginText, endText, PDFDocument, PDFNumber, PDFOperator, setCharacterSpacing, setFillingRgbColor, setFontAndSize, setTextMatrix, showText,
  type PDFFont, type PDFName, type PDFPage,
} from 'pdf-lib'
import type { CertificateStatement } from '../../domain/statement.ts'
import { faces, openFaces, type Face } from './fonts.ts'
import { graphicsOf } from './graphics.ts'
import { layOut } from './lay-out.ts'
import type { Operator } from './path.ts'
import { paper, type Ink } from './pen.ts'

type Embedded = Record<Face, { key: PDFName; font: PDFFont }>

/**
 * The same page by pdf-lib alone, unsigned, without tags and archive data: what the writer in prepare.ts is compared with,
 * point by point in the test and in speed by the benchmark. No certificate is issued this way.
 */
export async function drawCertificate(statement: CertificateStatement, at: Date, offlineCode: string | null = null): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const page = document.addPage([paper.width, paper.height])
  document.setCreationDate(at)
  const embedded = await embedFaces(document, page)
  const graphics = graphicsOf(await openFaces(), statement.sample)
  for (const ink of await layOut(statement, offlineCode)) {
    if (ink.kind === 'text') page.pushOperators(...textOf(ink, embedded[ink.letters[0]?.face ?? ink.type.face]))
    else page.pushOperators(...(ink.kind === 'shape' ? ink.operators : graphics[ink.graphic]).map(operatorOf))
  }
  return document.save({ useObjectStreams: false, updateFieldAppearances: false })
}

async function embedFaces(document: PDFDocument, page: PDFPage): Promise<Embedded> {
  const opened = await openFaces()
  const embedded: Partial<Embedded> = {}
  for (const face of faces) {
    document.registerFontkit({ create: () => opened[face].font as never })
    const font = await document.embedFont(new Uint8Array(), { subset: true, features: { kern: false, liga: false, locl: false } })
    embedded[face] = { key: page.node.newFontDictionary(face, font.ref), font }
  }
  return embedded as Embedded
}

const textOf = ({ letters, x, y, type }: Extract<Ink, { kind: 'text' }>, { key, font }: Embedded[Face]): PDFOperator[] => [
  beginText(), setFillingRgbColor(...type.colour), setFontAndSize(key, type.size), setCharacterSpacing(type.spacing ?? 0),
  setTextMatrix(1, 0, 0, 1, x, y), showText(font.encodeText(letters.map(({ cluster }) => cluster).join(''))), endText(),
]

const operatorOf = ([name, ...operands]: Operator) => PDFOperator.of(name as never, operands.map(PDFNumber.of))

import type { CertificateStatement } from '../../domain/statement.ts'
import { vermilion } from './ink.ts'
import { widthOf, write, type Pen, type Type } from './pen.ts'
import { drawMark } from './seal-graphic.ts'
import { bands, left, right, type, width } from './sheet.ts'
import { fitStack, setStack, type Paragraph } from './stack.ts'
import { phrase } from './wording.ts'

/** Issuer and number, title, holder, and the sentence that certifies. */
export function drawHeading(pen: Pen, statement: CertificateStatement): void {
  drawIssuer(pen, statement)
  drawNumber(pen, statement)
  drawTitle(pen)
  drawHolder(pen, statement)
  drawSentence(pen, statement)
}

function drawIssuer(pen: Pen, { issuer }: CertificateStatement): void {
  const { top, bottom } = bands.header
  drawMark(pen, { x: left + 10, y: top + 10, half: 10 })
  const paragraphs: Paragraph[] = [{ text: issuer.nameJa, type: { ...type.name, size: 9 } }, { text: issuer.nameEn, type: type.english }]
  fitStack(pen, paragraphs, 270, bottom - top, 0.4)?.draw({ x: left + 27, top, width: 270 })
}

function drawNumber(pen: Pen, statement: CertificateStatement): void {
  const edition = phrase('edition', { edition: statement.edition })
  const label = phrase('number')
  const lines: [text: string, down: number, style: Type][] = [
    [`${label.ja} ${label.en}`, 5, { ...type.label, size: 5.8 }],
    [statement.number, 16.5, { ...type.name, size: 10, spacing: 0.3 }],
    [`${edition.ja} ${edition.en}`, 26, { ...type.english, size: 5.8 }],
  ]
  for (const [text, down, style] of lines) write(pen, text, right - widthOf(pen, text, style), bands.header.top + down, style)
}

function drawTitle(pen: Pen): void {
  const [title, scheme] = [phrase('title'), phrase('scheme')]
  const paragraphs: Paragraph[] = [
    { text: title.ja, type: type.title, leading: 1.3 },
    { text: title.en.toUpperCase(), type: type.titleEnglish, leading: 1.5 },
    { text: `${scheme.ja}　${scheme.en}`, type: { ...type.serifSmall, size: 8.4, colour: vermilion } },
  ]
  setStack(pen, paragraphs, width).draw({ x: left, top: bands.title.top - 8, width, align: 'centre' })
}

// A legal name is never cut: it shrinks, and breaks into lines, until all of it stands there.
function drawHolder(pen: Pen, { holder }: CertificateStatement): void {
  const number = phrase('corporate_number')
  const address = `${number.ja} ${number.en} ${holder.corporateNumber}`
  const paragraphs: Paragraph[] = [
    { text: holder.nameJa, type: type.holder, leading: 1.36, balanced: true },
    { text: holder.nameLatin, type: type.holderLatin, leading: 1.5, balanced: true },
    { text: holder.addressJa, type: type.serif, gap: 4, balanced: true },
    { text: address, type: { ...type.serifSmall, size: 8.4 } },
  ]
  const { top, bottom } = bands.holder
  const stack = fitStack(pen, paragraphs, width - 20, bottom - top, 0.12)
  if (!stack) throw new Error('certificate: the holder does not fit on the page')
  stack.draw({ x: left + 10, top: top + (bottom - top - stack.height) / 2, width: width - 20, align: 'centre' })
}

function drawSentence(pen: Pen, { standard, tier }: CertificateStatement): void {
  const sentence = phrase('statement', { standard: standard.titleJa, code: standard.code, version: standard.version }, { standard: standard.titleEn })
  const label = phrase('tier')
  const paragraphs: Paragraph[] = [
    { text: sentence.ja, type: { ...type.serif, size: 10.2 }, balanced: true },
    { text: sentence.en, type: type.serifSmall, gap: 1, balanced: true },
    { text: `${label.ja} ${label.en}　${tier.code}　${tier.nameJa}　${tier.nameEn}`, type: { ...type.name, colour: vermilion }, gap: 6 },
  ]
  const { top, bottom } = bands.statement
  const stack = fitStack(pen, paragraphs, width - 30, bottom - top, 0.4)
  if (!stack) throw new Error('certificate: the statement of conformity does not fit on the page')
  stack.draw({ x: left + 15, top, width: width - 30, align: 'centre' })
}

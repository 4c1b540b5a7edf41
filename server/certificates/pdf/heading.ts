import type { CertificateStatement } from '../../domain/statement.ts'
import { vermilion } from './ink.ts'
import { part } from './parts.ts'
import { set, stamp, write, type Pen, type Type } from './pen.ts'
import { widthOf } from './setting.ts'
import { bands, left, right, type, width } from './sheet.ts'
import { fitStack, setStack, type Paragraph } from './stack.ts'
import { both, english, japanese, phrase, type Words } from './wording.ts'

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
  stamp(pen, 'mark', null)
  const paragraphs: Paragraph[] = [{ words: japanese(issuer.nameJa), type: { ...type.name, size: 9 } }, { words: english(issuer.nameEn), type: type.english }]
  fitStack(pen, paragraphs, 270, bottom - top, 0.4)?.draw({ x: left + 27, top, width: 270 }, pen.document)
}

function drawNumber(pen: Pen, statement: CertificateStatement): void {
  const lines: [words: Words, down: number, style: Type][] = [
    [both(phrase('number')), 5, { ...type.label, size: 5.8 }],
    [japanese(statement.number), 16.5, { ...type.name, size: 10, spacing: 0.3 }],
    [both(phrase('edition', { edition: statement.edition })), 26, { ...type.english, size: 5.8 }],
  ]
  for (const [words, down, style] of lines) {
    const setting = set(pen, words, style.face)
    write(pen, setting, { x: right - widthOf(setting, style), y: bands.header.top + down }, style, part('P', pen.document))
  }
}

function drawTitle(pen: Pen): void {
  const [title, scheme] = [phrase('title'), phrase('scheme')]
  const heading = part('H1', pen.document)
  const paragraphs: Paragraph[] = [
    { words: japanese(title.ja), type: type.title, leading: 1.3, into: heading },
    { words: english(title.en.toUpperCase()), type: type.titleEnglish, leading: 1.5, into: heading },
    { words: both(scheme, '　'), type: { ...type.serifSmall, size: 8.4, colour: vermilion } },
  ]
  setStack(pen, paragraphs, width).draw({ x: left, top: bands.title.top - 8, width, align: 'centre' }, pen.document)
}

// A legal name is never cut: it shrinks, and breaks into lines, until all of it stands there.
function drawHolder(pen: Pen, { holder }: CertificateStatement): void {
  const paragraphs = (least: number): Paragraph[] => [
    { words: japanese(holder.nameJa), type: type.holder, leading: 1.36, balanced: true },
    { words: english(holder.nameLatin), type: type.holderLatin, leading: 1.5, balanced: true },
    { words: japanese(holder.addressJa), type: type.serif, gap: 4, balanced: true, least },
    { words: [...both(phrase('corporate_number')), ...japanese(` ${holder.corporateNumber}`)], type: { ...type.serifSmall, size: 8.4 }, least },
  ]
  const { top, bottom } = bands.holder
  const fitted = (least: number) => fitStack(pen, paragraphs(least), width - 20, bottom - top, 0.12)
  const stack = fitted(0.8) ?? fitted(0)
  if (!stack) throw new Error('certificate: the holder does not fit on the page')
  stack.draw({ x: left + 10, top: top + (bottom - top - stack.height) / 2, width: width - 20, align: 'centre' }, pen.document)
}

function drawSentence(pen: Pen, { standard, tier }: CertificateStatement): void {
  const sentence = phrase('statement', { standard: standard.titleJa, code: standard.code, version: standard.version }, { standard: standard.titleEn })
  const paragraphs: Paragraph[] = [
    { words: japanese(sentence.ja), type: { ...type.serif, size: 10.2 }, balanced: true },
    { words: english(sentence.en), type: type.serifSmall, gap: 1, balanced: true },
    { words: [...both(phrase('tier')), ...japanese(`　${tier.code}　${tier.nameJa}　`), ...english(tier.nameEn)], type: { ...type.name, colour: vermilion }, gap: 6 },
  ]
  const { top, bottom } = bands.statement
  const stack = fitStack(pen, paragraphs, width - 30, bottom - top, 0.4)
  if (!stack) throw new Error('certificate: the statement of conformity does not fit on the page')
  stack.draw({ x: left + 15, top, width: width - 30, align: 'centre' }, pen.document)
}

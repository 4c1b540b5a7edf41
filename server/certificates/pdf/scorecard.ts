import type { CertificateStatement, SectionResult } from '../../domain/statement.ts'
import { hairline, softInk, vermilion, white } from './ink.ts'
import { part, type Part } from './parts.ts'
import { circle, filled, stroked, type Colour } from './path.ts'
import { draw, line, set, write, type Pen, type Type } from './pen.ts'
import { drawColumnHead } from './scope.ts'
import { widthOf } from './setting.ts'
import { bands, right, type } from './sheet.ts'
import { english, japanese, phrase, type Words } from './wording.ts'

const column = { width: 192, head: 18 }
const x = right - column.width

// Told in words, by shape and by colour: the sheet is copied in black and white.
const marks: Record<SectionResult, { colour: Colour; fill: Colour }> = {
  conforms: { colour: vermilion, fill: vermilion },
  minor_open: { colour: vermilion, fill: white },
  not_applicable: { colour: softInk, fill: hairline },
}

/** One row for each section of the standard. */
export function drawScorecard(pen: Pen, { scorecard }: CertificateStatement): void {
  drawColumnHead(pen, 'scorecard', x, column.width)
  const top = bands.columns.top + column.head
  const row = Math.min(16.4, (bands.columns.bottom - top) / Math.max(1, scorecard.length))
  const table = part('Table', pen.document)
  scorecard.forEach((section, index) => drawRow(pen, section, { top: top + index * row, row }, part('TR', table)))
}

function drawRow(pen: Pen, section: CertificateStatement['scorecard'][number], { top, row }: { top: number; row: number }, of: Part): void {
  const unit = row / 16.4
  const result = phrase(section.result)
  const [ja, en] = [{ ...type.text, size: 6.6 * unit }, { ...type.english, size: 5 * unit }]
  const words = { ja: { ...type.emphasis, size: 6 * unit }, en: { ...type.english, size: 4.6 * unit } }
  const reserved = 62 * unit
  const [head, cell] = [part('TH', of), part('TD', of)]
  const code = japanese(`${section.section}　`)
  const indent = widthOf(set(pen, code, ja.face), ja)
  writeFitted(pen, [...code, ...japanese(section.titleJa)], { x, y: top + 7.2 * unit, room: column.width - reserved }, ja, head)
  writeFitted(pen, english(section.titleEn), { x: x + indent, y: top + 13 * unit, room: column.width - reserved - 20 * unit }, en, head)
  const textLeft = right - reserved + 12 * unit
  drawMarkOf(pen, section.result, textLeft - 5.5 * unit, top + 7 * unit, 2.4 * unit)
  writeFitted(pen, japanese(result.ja), { x: textLeft, y: top + 7.2 * unit, room: right - textLeft }, words.ja, cell)
  writeFitted(pen, english(result.en), { x: textLeft, y: top + 13 * unit, room: right - textLeft }, words.en, cell)
  line(pen, [x, top + row], [right, top + row], 0.2, hairline)
}

const drawMarkOf = (pen: Pen, result: SectionResult, x: number, y: number, radius: number) =>
  draw(pen, { x, y, scale: 1 }, [...filled(marks[result].fill, circle(radius)), ...stroked(marks[result].colour, 0.6, circle(radius))], null)

function writeFitted(pen: Pen, words: Words, { x, y, room }: { x: number; y: number; room: number }, style: Type, into: Part): void {
  const setting = set(pen, words, style.face)
  const shrink = Math.min(1, room / Math.max(1, widthOf(setting, style)))
  write(pen, setting, { x, y }, { ...style, size: style.size * shrink }, into)
}

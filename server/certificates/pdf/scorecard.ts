import type { CertificateStatement, SectionResult } from '../../domain/statement.ts'
import { hairline, softInk, vermilion, white } from './ink.ts'
import { circle, filled, line, stroked, within, write, widthOf, type Colour, type Pen, type Type } from './pen.ts'
import { drawColumnHead } from './scope.ts'
import { bands, right, type } from './sheet.ts'
import { phrase } from './wording.ts'

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
  scorecard.forEach((section, index) => drawRow(pen, section, top + index * row, row))
}

function drawRow(pen: Pen, section: CertificateStatement['scorecard'][number], top: number, row: number): void {
  const unit = row / 16.4
  const result = phrase(section.result)
  const [ja, en] = [{ ...type.text, size: 6.6 * unit }, { ...type.english, size: 5 * unit }]
  const words = { ja: { ...type.emphasis, size: 6 * unit }, en: { ...type.english, size: 4.6 * unit } }
  const reserved = 62 * unit
  writeFitted(pen, `${section.section}　${section.titleJa}`, x, top + 7.2 * unit, ja, column.width - reserved)
  writeFitted(pen, section.titleEn, x + widthOf(pen, `${section.section}　`, ja), top + 13 * unit, en, column.width - reserved - 20 * unit)
  const textLeft = right - reserved + 12 * unit
  drawMarkOf(pen, section.result, textLeft - 5.5 * unit, top + 7 * unit, 2.4 * unit)
  writeFitted(pen, result.ja, textLeft, top + 7.2 * unit, words.ja, right - textLeft)
  writeFitted(pen, result.en, textLeft, top + 13 * unit, words.en, right - textLeft)
  line(pen, [x, top + row], [right, top + row], 0.2, hairline)
}

const drawMarkOf = (pen: Pen, result: SectionResult, cx: number, cy: number, radius: number) =>
  within(pen, { x: cx, y: cy, scale: 1 }, [...filled(marks[result].fill, circle(radius)), ...stroked(marks[result].colour, 0.6, circle(radius))])

function writeFitted(pen: Pen, text: string, at: number, baseline: number, style: Type, room: number): void {
  const shrink = Math.min(1, room / Math.max(1, widthOf(pen, text, style)))
  write(pen, text, at, baseline, { ...style, size: style.size * shrink })
}

import type { CertificateStatement } from '../../domain/statement.ts'
import { drawCodes } from './codes.ts'
import { hairline, vermilion } from './ink.ts'
import { part } from './parts.ts'
import { line, paper, set, stamp, write, type Pen } from './pen.ts'
import { widthOf } from './setting.ts'
import { bands, centre, left, right, sealPlace, type, width } from './sheet.ts'
import { fitStack, type Paragraph } from './stack.ts'
import { both, english, japanese, phrase, spokenDate, type Phrase } from './wording.ts'

/** The dates; where to check and to complain; who issued and who assessed; the seal. */
export function drawFoot(pen: Pen, statement: CertificateStatement, offlineCode: string | null): void {
  drawDates(pen, statement)
  drawCodes(pen, statement, offlineCode)
  drawParties(pen, statement, offlineCode ? { from: 341, to: 434 } : { from: centre + 17, to: right - 104 })
  drawSeal(pen)
  drawClosing(pen, statement)
}

function drawDates(pen: Pen, statement: CertificateStatement): void {
  const { top, bottom } = bands.dates
  const dates: [Phrase, string][] = [
    ['first_issued', statement.firstIssuedOn], ['last_day_on_site', statement.lastDayOnSite], ['decided', statement.decidedOn],
    ['issued', statement.issuedOn], ['expires', statement.expiresOn],
  ]
  for (const y of [top, bottom]) line(pen, [left, y], [right, y], 0.6, y === top ? vermilion : hairline)
  const cell = width / dates.length
  const list = part('L', pen.document)
  dates.forEach(([key, date], index) => {
    const item = part('LI', list)
    const [label, body, day] = [part('Lbl', item), part('LBody', item), spokenDate(date)]
    const paragraphs: Paragraph[] = [
      { words: both(phrase(key)), type: { ...type.label, size: 5.6 }, into: label },
      { words: japanese(day.ja), type: { ...type.name, size: 9.4, ...(key === 'expires' ? { colour: vermilion } : {}) }, gap: 1.5, into: body },
      { words: english(day.en), type: type.english, into: body },
    ]
    fitStack(pen, paragraphs, cell - 4, bottom - top - 6, 0.5)?.draw({ x: left + index * cell + 2, top: top + 5, width: cell - 4, align: 'centre' }, body)
  })
}

function drawParties(pen: Pen, { issuer, assessor }: CertificateStatement, { from, to }: { from: number; to: number }): void {
  const { top, bottom } = bands.foot
  const paragraphs: Paragraph[] = [
    { words: both(phrase('issuer')), type: type.label },
    { words: japanese(issuer.nameJa), type: { ...type.name, size: 9 }, gap: 1, leading: 1.3, balanced: true },
    { words: english(issuer.nameEn), type: type.english, leading: 1.3 },
    { words: japanese(issuer.addressJa), type: { ...type.text, size: 6.2 }, gap: 1.5 },
    { words: english(issuer.addressEn), type: { ...type.english, size: 5.6 }, leading: 1.3 },
    { words: both(phrase('assessor')), type: type.label, gap: 6 },
    { words: japanese(assessor.nameJa), type: { ...type.name, size: 9 }, gap: 1, leading: 1.3 },
    { words: english(assessor.nameEn), type: type.english, leading: 1.3 },
  ]
  fitStack(pen, paragraphs, to - from, bottom - top - 14, 0.4)?.draw({ x: from, top, width: to - from }, pen.document)
}

function drawSeal(pen: Pen): void {
  const { x, y, radius } = sealPlace
  const { ja, en } = phrase('seal_graphic')
  const box = [x - radius, paper.height - y - radius, x + radius, paper.height - y + radius] as const
  stamp(pen, 'seal', part('Figure', pen.document, { alt: `${ja} / ${en}`, box }))
}

function drawClosing(pen: Pen, { sample }: CertificateStatement): void {
  const style = { ...type.english, size: 5.8, ...(sample ? { colour: vermilion } : {}) }
  const setting = set(pen, both(phrase(sample ? 'sample_note' : 'sealed'), '　'), style.face)
  write(pen, setting, { x: centre - widthOf(setting, style) / 2, y: bands.foot.bottom }, style, part('P', pen.document))
}

import type { CertificateStatement } from '../../domain/statement.ts'
import { hairline, vermilion } from './ink.ts'
import { line, write, widthOf, type Pen } from './pen.ts'
import { drawQrCode } from './qr-code.ts'
import { drawSeal } from './seal-graphic.ts'
import { bands, centre, left, right, type, width } from './sheet.ts'
import { fitStack, type Paragraph } from './stack.ts'
import { phrase, spokenDate, type Phrase } from './wording.ts'

/** The dates; where to check and to complain; who issued and who assessed; the seal. */
export function drawFoot(pen: Pen, statement: CertificateStatement): void {
  drawDates(pen, statement)
  drawCheck(pen, statement)
  drawParties(pen, statement)
  drawSeal(pen, { x: right - 50, y: bands.foot.top + 54, radius: 50 })
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
  dates.forEach(([key, date], index) => {
    const [label, day] = [phrase(key), spokenDate(date)]
    const paragraphs: Paragraph[] = [
      { text: `${label.ja} ${label.en}`, type: { ...type.label, size: 5.6 } },
      { text: day.ja, type: { ...type.name, size: 9.4, ...(key === 'expires' ? { colour: vermilion } : {}) }, gap: 1.5 },
      { text: day.en, type: type.english },
    ]
    fitStack(pen, paragraphs, cell - 4, bottom - top - 6, 0.5)?.draw({ x: left + index * cell + 2, top: top + 5, width: cell - 4, align: 'centre' })
  })
}

function drawCheck(pen: Pen, { verifyUrl, issuer }: CertificateStatement): void {
  const { top, bottom } = bands.foot
  const side = 84
  drawQrCode(pen, verifyUrl, { x: left - 8, y: top - 6, side })
  const [status, live, complaint] = [phrase('status'), phrase('live_status'), phrase('complaint')]
  const room = 150
  const paragraphs: Paragraph[] = [
    { text: `${status.ja} ${status.en}`, type: type.label, single: true },
    { text: verifyUrl, type: { ...type.text, size: 6.6 }, single: true, gap: 1 },
    { text: live.ja, type: { ...type.emphasis, size: 6.8 }, gap: 3 },
    { text: live.en, type: { ...type.english, size: 5.8 } },
    { text: `${complaint.ja} ${complaint.en}`, type: type.label, single: true, gap: 4 },
    { text: issuer.complaintUrl, type: { ...type.text, size: 6.6 }, single: true, gap: 1 },
  ]
  fitStack(pen, paragraphs, room, bottom - top - 22, 0.4)?.draw({ x: left + side - 4, top, width: room })
}

function drawParties(pen: Pen, { issuer, assessor }: CertificateStatement): void {
  const { top, bottom } = bands.foot
  const [issued, assessed] = [phrase('issuer'), phrase('assessor')]
  const x = centre + 17
  const room = right - 110 - x
  const paragraphs: Paragraph[] = [
    { text: `${issued.ja} ${issued.en}`, type: type.label },
    { text: issuer.nameJa, type: type.name, single: true, gap: 1 },
    { text: issuer.nameEn, type: type.english, single: true },
    { text: issuer.addressJa, type: { ...type.text, size: 6.2 }, single: true, gap: 1 },
    { text: issuer.addressEn, type: { ...type.english, size: 5.6 }, single: true },
    { text: `${assessed.ja} ${assessed.en}`, type: type.label, gap: 6 },
    { text: assessor.nameJa, type: { ...type.name, size: 9 }, single: true, gap: 1 },
    { text: assessor.nameEn, type: type.english, single: true },
  ]
  fitStack(pen, paragraphs, room, bottom - top - 22, 0.4)?.draw({ x, top, width: room })
}

function drawClosing(pen: Pen, { sample }: CertificateStatement): void {
  const { ja, en } = phrase(sample ? 'sample_note' : 'sealed')
  const style = { ...type.english, size: 5.8, ...(sample ? { colour: vermilion } : {}) }
  const text = `${ja}　${en}`
  write(pen, text, centre - widthOf(pen, text, style) / 2, bands.foot.bottom, style)
}

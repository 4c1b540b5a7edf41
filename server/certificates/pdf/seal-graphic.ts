import { appendBezierCurve, closePath, lineTo, moveTo, type PDFOperator } from 'pdf-lib'
import type { Font } from '@cantoo/fontkit'
import { rosette } from './guilloche.ts'
import { faint, vermilion, white } from './ink.ts'
import { arcText, outline } from './outline.ts'
import { circle, filled, stroked, within, type Pen } from './pen.ts'
import { phrase } from './wording.ts'

/** The seal: 証 on a vermilion stone, a ring of words, a band of interlaced petals. `radius` in points. */
export function drawSeal(pen: Pen, place: { x: number; y: number; radius: number }): void {
  const font = pen.fonts.opened.serifBold
  const words = phrase('scheme')
  within(pen, { x: place.x, y: place.y, scale: place.radius / 100 }, [
    ...filled(white, circle(100)),
    ...stroked(vermilion, 0.55, rosette({ radius: 88, swing: 9.5, lobes: 24 }, 8)),
    ...stroked(vermilion, 1.4, circle(99)), ...stroked(vermilion, 0.7, circle(76.5)), ...stroked(vermilion, 0.7, circle(54.5)),
    ...filled(vermilion, arcText(font, words.ja, 11.5, 61.2, { from: -1.12, over: 2.24 })),
    ...filled(vermilion, arcText(font, words.en.toUpperCase(), 7.4, 62.6, { from: 1.3, over: 3.68 })),
    ...stone(font, 33),
  ])
}

/** The small mark beside the issuer's name: the stone alone. `half` is half its side, in points. */
export const drawMark = (pen: Pen, place: { x: number; y: number; half: number }): void =>
  within(pen, { x: place.x, y: place.y, scale: 1 }, stone(pen.fonts.opened.serifBold, place.half))

/** A large, faint rosette under the text. */
export function drawWatermark(pen: Pen, place: { x: number; y: number; radius: number }): void {
  within(pen, { x: place.x, y: place.y, scale: place.radius / 100 }, [
    ...stroked(faint, 0.3, rosette({ radius: 82, swing: 17, lobes: 36 }, 6)),
    ...stroked(faint, 0.3, rosette({ radius: 48, swing: 19, lobes: 18 }, 6)),
  ])
}

// As web/mark.svg: corners of 76/512, the character a little smaller than the stone.
function stone(font: Font, half: number): PDFOperator[] {
  const size = half * 1.58
  const { path } = outline(font, '証', size, ([x, y]) => [x - size / 2, y - size * 0.38])
  return [...filled(vermilion, roundedSquare(half, half * 0.297)), ...filled(white, path)]
}

function roundedSquare(half: number, corner: number): PDFOperator[] {
  const [inner, pull] = [half - corner, half - corner * 0.4477]
  return [
    moveTo(-inner, -half), lineTo(inner, -half), appendBezierCurve(pull, -half, half, -pull, half, -inner),
    lineTo(half, inner), appendBezierCurve(half, pull, pull, half, inner, half),
    lineTo(-inner, half), appendBezierCurve(-pull, half, -half, pull, -half, inner),
    lineTo(-half, -inner), appendBezierCurve(-half, -pull, -pull, -half, -inner, -half), closePath(),
  ]
}

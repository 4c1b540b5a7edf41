import type { Font } from '@cantoo/fontkit'
import { rosette } from './guilloche.ts'
import { faint, vermilion, white } from './ink.ts'
import { arcText, outline } from './outline.ts'
import { circle, closePath, curveTo, filled, lineTo, moveTo, placed, stroked, type Operator } from './path.ts'
import { phrase } from './wording.ts'

/** The seal: 証 on a vermilion stone, a ring of words, a band of interlaced petals. `x`, `y`: its centre, y upwards; `radius` in points. */
export function seal(font: Font, place: { x: number; y: number; radius: number }): Operator[] {
  const words = phrase('scheme')
  return placed({ ...place, scale: place.radius / 100 }, [
    ...filled(white, circle(100)),
    ...stroked(vermilion, 0.55, rosette({ radius: 88, swing: 9.5, lobes: 24 }, 8)),
    ...stroked(vermilion, 1.4, circle(99)), ...stroked(vermilion, 0.7, circle(76.5)), ...stroked(vermilion, 0.7, circle(54.5)),
    ...filled(vermilion, arcText(font, words.ja, 11.5, 61.2, { from: -1.12, over: 2.24 })),
    ...filled(vermilion, arcText(font, words.en.toUpperCase(), 7.4, 62.6, { from: 1.3, over: 3.68 })),
    ...stone(font, 33),
  ])
}

/** The small mark beside the issuer's name: the stone alone. `half` is half its side, in points. */
export const mark = (font: Font, place: { x: number; y: number; half: number }): Operator[] => placed({ ...place, scale: 1 }, stone(font, place.half))

/** A large, faint rosette under the text. */
export const watermark = (place: { x: number; y: number; radius: number }): Operator[] => placed({ ...place, scale: place.radius / 100 }, [
  ...stroked(faint, 0.3, rosette({ radius: 82, swing: 17, lobes: 36 }, 6)),
  ...stroked(faint, 0.3, rosette({ radius: 48, swing: 19, lobes: 18 }, 6)),
])

// As web/mark.svg: corners of 76/512, the character a little smaller than the stone.
function stone(font: Font, half: number): Operator[] {
  const size = half * 1.58
  const { path } = outline(font, '証', size, ([x, y]) => [x - size / 2, y - size * 0.38])
  return [...filled(vermilion, roundedSquare(half, half * 0.297)), ...filled(white, path)]
}

function roundedSquare(half: number, corner: number): Operator[] {
  const [inner, pull] = [half - corner, half - corner * 0.4477]
  return [
    moveTo(-inner, -half), lineTo(inner, -half), curveTo(pull, -half, half, -pull, half, -inner),
    lineTo(half, inner), curveTo(half, pull, pull, half, inner, half),
    lineTo(-inner, half), curveTo(-pull, half, -half, pull, -half, inner),
    lineTo(-half, -inner), curveTo(-half, -pull, -pull, -half, -inner, -half), closePath(),
  ]
}

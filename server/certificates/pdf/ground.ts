import type { Font } from '@cantoo/fontkit'
import { hairline, sampleInk, vermilion, white } from './ink.ts'
import { rosette } from './guilloche.ts'
import { outline } from './outline.ts'
import { circle, filled, lineTo, moveTo, placed, stroked, type Colour, type Operator } from './path.ts'
import { paper } from './pen.ts'
import { watermark } from './seal-graphic.ts'
import { centre } from './sheet.ts'
import { phrase } from './wording.ts'

const edge = 30

/** The sheet before a word is written: watermark, border, and 見本 / SAMPLE across a certificate that certifies nothing. */
export const ground = (font: Font, sample: boolean): Operator[] => [
  ...watermark({ x: centre, y: paper.height - 420, radius: 235 }),
  ...(sample ? sampleWords(font) : []),
  ...border(edge, 0.9, vermilion), ...border(edge + 4, 0.35, hairline),
  ...[edge + 2, paper.width - edge - 2].flatMap(x => [edge + 2, paper.height - edge - 2].flatMap(y => corner(x, y))),
]

function border(inset: number, weight: number, colour: Colour): Operator[] {
  const [x, y] = [paper.width - inset, paper.height - inset]
  const sides = [[inset, inset, x, inset], [x, inset, x, y], [x, y, inset, y], [inset, y, inset, inset]] as const
  return sides.flatMap(([fromX, fromY, toX, toY]) => stroked(colour, weight, [moveTo(fromX, fromY), lineTo(toX, toY)]))
}

const corner = (x: number, y: number): Operator[] => placed({ x, y, scale: 1 }, [
  ...filled(white, circle(11)), ...stroked(vermilion, 0.35, rosette({ radius: 6.4, swing: 3, lobes: 8 }, 3)), ...filled(vermilion, circle(1.5)),
])

// Under the text in a pale tone: no word of the certificate becomes unreadable, and nobody can take it for a real one.
function sampleWords(font: Font): Operator[] {
  const words = phrase('sample')
  const [cos, sin] = [Math.cos(Math.PI / 5.2), Math.sin(Math.PI / 5.2)]
  return ([[words.ja, 170, 345], [words.en, 88, 520]] as const).flatMap(([text, size, down]) => {
    const widths = [...text].map(character => outline(font, character, size, point => point).width)
    let x = -widths.reduce((sum, width) => sum + width, 0) / 2
    const path = [...text].flatMap((character, index) => {
      const start = x
      x += widths[index] ?? 0
      return outline(font, character, size, ([px, py]) => {
        const [ax, ay] = [px + start, py - size * 0.36]
        return [ax * cos - ay * sin, ax * sin + ay * cos]
      }).path
    })
    return placed({ x: centre, y: paper.height - down, scale: 1 }, filled(sampleInk, path))
  })
}

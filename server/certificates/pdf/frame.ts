import { hairline, sampleInk, vermilion, white } from './ink.ts'
import { rosette } from './guilloche.ts'
import { outline } from './outline.ts'
import { circle, filled, line, paper, stroked, widthOf, within, type Pen } from './pen.ts'
import { drawWatermark } from './seal-graphic.ts'
import { centre } from './sheet.ts'
import { phrase } from './wording.ts'

const edge = 30

/** The sheet before a word is written: watermark, border, and 見本 / SAMPLE across a certificate that certifies nothing. */
export function drawFrame(pen: Pen, sample: boolean): void {
  drawWatermark(pen, { x: centre, y: 420, radius: 235 })
  if (sample) drawSample(pen)
  for (const [inset, weight, colour] of [[edge, 0.9, vermilion], [edge + 4, 0.35, hairline]] as const) border(pen, inset, weight, colour)
  for (const x of [edge + 2, paper.width - edge - 2]) for (const y of [edge + 2, paper.height - edge - 2]) corner(pen, x, y)
}

function border(pen: Pen, inset: number, weight: number, colour: typeof vermilion): void {
  const [x, y] = [paper.width - inset, paper.height - inset]
  const corners: [number, number][] = [[inset, inset], [x, inset], [x, y], [inset, y]]
  corners.forEach((from, index) => line(pen, from, corners[(index + 1) % 4] ?? from, weight, colour))
}

const corner = (pen: Pen, x: number, y: number) => within(pen, { x, y, scale: 1 }, [
  ...filled(white, circle(11)), ...stroked(vermilion, 0.35, rosette({ radius: 6.4, swing: 3, lobes: 8 }, 3)), ...filled(vermilion, circle(1.5)),
])

// Under the text in a pale tone: no word of the certificate becomes unreadable, and nobody can take it for a real one.
function drawSample(pen: Pen): void {
  const words = phrase('sample')
  const font = pen.fonts.opened.serifBold
  const tilt = Math.PI / 5.2
  for (const [text, size, y] of [[words.ja, 170, 345], [words.en, 88, 520]] as const) {
    let x = -widthOf(pen, text, { face: 'serifBold', size, colour: sampleInk }) / 2
    const paths = [...text].flatMap(character => {
      const start = x
      const shape = outline(font, character, size, ([px, py]) => {
        const [ax, ay] = [px + start, py - size * 0.36]
        return [ax * Math.cos(tilt) - ay * Math.sin(tilt), ax * Math.sin(tilt) + ay * Math.cos(tilt)]
      })
      x += shape.width
      return shape.path
    })
    within(pen, { x: centre, y, scale: 1 }, filled(sampleInk, paths))
  }
}

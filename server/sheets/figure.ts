import { part } from '../certificates/pdf/parts.ts'
import { round, type Operator } from '../certificates/pdf/path.ts'
import { paper } from '../certificates/pdf/pen.ts'
import type { Jpeg } from './jpeg.ts'
import { keep, margin, measure, pageOf, type Sheet } from './sheet.ts'

export const pictureName = (at: number): string => `P${at}`

const tallest = 290 // points: two of them with heading and words fit a page

// Of a unit square, what Exif calls orientation 1 … 8: a b c d e f of ISO 32000-1, 8.3.4.
const turns = [[1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, 1, 0], [-1, 0, 0, -1, 1, 1], [1, 0, 0, -1, 0, 1], [0, -1, -1, 0, 1, 1], [0, -1, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, 1, 0]] as const

/** A photo, upright, as wide as the text or as tall as half a page, never larger than it is sharp; with what it is to somebody who does not see it, and `below` it so many points of its words. */
export function figure(sheet: Sheet, picture: Jpeg, alt: string, { below = 0 } = {}): void {
  const [a, b, c, d, e, f] = turns[picture.turn - 1] ?? turns[0], [across, down] = a === 0 ? [picture.height, picture.width] : [picture.width, picture.height]
  const scale = Math.min(1, measure / across, tallest / down), width = across * scale, height = down * scale
  keep(sheet, height + below)
  const left = margin.left, bottom = paper.height - sheet.y - height
  const matrix = [a * width, b * height, c * width, d * height, e * width + left, f * height + bottom].map(round)
  const shown: Operator[] = [['q'], ['cm', ...matrix], [`/${pictureName(sheet.pictures.push(picture) - 1)} Do`], ['Q']]
  pageOf(sheet).ink.push({ kind: 'shape', into: part('Figure', sheet.document, { alt, box: [left, bottom, left + width, bottom + height] }), operators: shown })
  sheet.y += height + 4
}

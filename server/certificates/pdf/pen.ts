import {
  appendBezierCurve, beginText, closePath, concatTransformationMatrix, endText, fill, lineTo, moveTo, popGraphicsState, pushGraphicsState,
  setCharacterSpacing, setFillingRgbColor, setFontAndSize, setLineWidth, setStrokingRgbColor, setTextMatrix, showText, stroke,
  type PDFOperator, type PDFPage,
} from 'pdf-lib'
import { clustersOf } from './clusters.ts'
import { faceFor, type Face, type Fonts } from './fonts.ts'

export const paper = { width: 595.28, height: 841.89 } // A4, points

export type Colour = readonly [red: number, green: number, blue: number]
export type Type = { face: Face; size: number; colour: Colour; spacing?: number } // size and letter spacing in points
export type Pen = { page: PDFPage; fonts: Fonts; widths: Map<string, number> }

/** Draws one line of text; `x` is its left end, `y` its baseline, measured from the top of the sheet. */
export function write(pen: Pen, text: string, x: number, y: number, type: Type): void {
  let left = x
  for (const run of runsOf(pen, text, type.face)) {
    const font = pen.fonts.embedded[run.face]
    pen.page.pushOperators(
      beginText(), setFillingRgbColor(...type.colour), setFontAndSize(font.key, type.size), setCharacterSpacing(type.spacing ?? 0),
      setTextMatrix(1, 0, 0, 1, round(left), round(paper.height - y)), showText(font.pdf.encodeText(run.text)), endText(),
    )
    left += widthOf(pen, run.text, type)
  }
}

/** Width in points; letter spacing counts after every cluster, as the reader draws it. */
export const widthOf = (pen: Pen, text: string, type: Type): number =>
  clustersOf(text).reduce((sum, cluster) => sum + advance(pen, cluster, type.face) * type.size + (type.spacing ?? 0), 0)

export function line(pen: Pen, from: [number, number], to: [number, number], width: number, colour: Colour): void {
  pen.page.pushOperators(
    setLineWidth(width), setStrokingRgbColor(...colour),
    moveTo(round(from[0]), round(paper.height - from[1])), lineTo(round(to[0]), round(paper.height - to[1])), stroke(),
  )
}

/** Draws in a square of our own: its centre at x, y (from the top), one unit = `scale` points, y upwards. */
export function within(pen: Pen, place: { x: number; y: number; scale: number }, operators: PDFOperator[]): void {
  pen.page.pushOperators(
    pushGraphicsState(), concatTransformationMatrix(place.scale, 0, 0, place.scale, round(place.x), round(paper.height - place.y)),
    ...operators, popGraphicsState(),
  )
}

export const filled = (colour: Colour, path: PDFOperator[]): PDFOperator[] => [setFillingRgbColor(...colour), ...path, fill()]
export const stroked = (colour: Colour, width: number, path: PDFOperator[]): PDFOperator[] =>
  [setStrokingRgbColor(...colour), setLineWidth(width), ...path, stroke()]

export function circle(radius: number, x = 0, y = 0): PDFOperator[] {
  const pull = radius * 0.5523 // the cubic that comes nearest to a quarter circle
  return [
    moveTo(x + radius, y),
    appendBezierCurve(x + radius, y + pull, x + pull, y + radius, x, y + radius),
    appendBezierCurve(x - pull, y + radius, x - radius, y + pull, x - radius, y),
    appendBezierCurve(x - radius, y - pull, x - pull, y - radius, x, y - radius),
    appendBezierCurve(x + pull, y - radius, x + radius, y - pull, x + radius, y), closePath(),
  ]
}

export const round = (value: number): number => Math.round(value * 1000) / 1000

function runsOf(pen: Pen, text: string, wanted: Face): { face: Face; text: string }[] {
  const runs: { face: Face; text: string }[] = []
  for (const cluster of clustersOf(text)) {
    const face = faceFor(pen.fonts.opened, wanted, cluster)
    if (!face) throw new Error(`no glyph for ${JSON.stringify(cluster)}: ask missingGlyphs before drawing`)
    const last = runs.at(-1)
    if (last?.face === face) last.text += cluster
    else runs.push({ face, text: cluster })
  }
  return runs
}

// In ems. Cluster by cluster: pdf-lib places glyphs by their own advances, without kerning.
function advance(pen: Pen, cluster: string, wanted: Face): number {
  const key = `${wanted} ${cluster}`
  const known = pen.widths.get(key)
  if (known !== undefined) return known
  const font = pen.fonts.opened[faceFor(pen.fonts.opened, wanted, cluster) ?? wanted]
  const width = font.layout(cluster).glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) / font.unitsPerEm
  pen.widths.set(key, width)
  return width
}

import type { Font, PathCommand } from '@cantoo/fontkit'
import { closePath, curveTo, lineTo, moveTo, type Operator } from './path.ts'

type Point = [x: number, y: number]
type Move = (point: Point) => Point

/** A character as a shape, not as text: it belongs to the graphic and is not read out. Its origin at 0,0, one em = `size`, then `move`d. */
export function outline(font: Font, character: string, size: number, move: Move): { path: Operator[]; width: number } {
  const glyph = font.layout(character).glyphs[0]
  if (!glyph) throw new Error(`no glyph for ${character}`)
  const scale = size / font.unitsPerEm
  const place: Move = ([x, y]) => move([x * scale, y * scale])
  return { path: operatorsOf(glyph.path.commands, place), width: glyph.advanceWidth * scale }
}

/** Letters along a circle, clockwise from `from` (radians, 0 = top), their feet towards the centre, spread over `over` radians. */
export function arcText(font: Font, text: string, size: number, radius: number, arc: { from: number; over: number }): Operator[] {
  const widths = [...text].map(character => outline(font, character, size, point => point).width)
  const gap = (arc.over * radius - widths.reduce((sum, width) => sum + width, 0)) / widths.length
  let along = gap / 2
  return [...text].flatMap((character, index) => {
    const width = widths[index] ?? 0
    const angle = arc.from + (along + width / 2) / radius
    along += width + gap
    const turn: Move = ([x, y]) => [
      (x - width / 2) * Math.cos(angle) + (y + radius) * Math.sin(angle), (y + radius) * Math.cos(angle) - (x - width / 2) * Math.sin(angle)]
    return outline(font, character, size, turn).path
  })
}

function operatorsOf(commands: PathCommand[], place: Move): Operator[] {
  let last: Point = [0, 0]
  return commands.flatMap(({ command, args }) => {
    const points = pairs(args)
    const from = last
    last = points.at(-1) ?? last
    if (command === 'closePath') return [closePath()]
    if (command === 'quadraticCurveTo') return [curve(place, cubic(from, points))]
    if (command === 'bezierCurveTo') return [curve(place, points)]
    const [x, y] = place(last)
    return [command === 'moveTo' ? moveTo(x, y) : lineTo(x, y)]
  })
}

function curve(place: Move, points: Point[]): Operator {
  const [a, b, c, d, e, f] = points.flatMap(place)
  return curveTo(a ?? 0, b ?? 0, c ?? 0, d ?? 0, e ?? 0, f ?? 0)
}

// TrueType draws with one control point, PDF with two.
function cubic(from: Point, [control = from, to = from]: Point[]): Point[] {
  const toward = (end: Point): Point => [end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3]
  return [toward(from), toward(to), to]
}

const pairs = (numbers: number[]): Point[] =>
  Array.from({ length: numbers.length / 2 }, (_, index) => [numbers[2 * index] ?? 0, numbers[2 * index + 1] ?? 0])

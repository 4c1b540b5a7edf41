import { glyphOf, type Face, type Typefaces } from './fonts.ts'
import { lineTo, moveTo, placed, round, stroked, type Colour, type Operator } from './path.ts'
import type { Part } from './parts.ts'
import { isBlank, settingOf, widthOf, type Letter, type Setting, type Span } from './setting.ts'
import type { Words } from './wording.ts'

export const paper = { width: 595.28, height: 841.89 } // A4, points

export type Type = { face: Face; size: number; colour: Colour; spacing?: number } // size and letter spacing in points
export type Graphic = 'ground' | 'mark' | 'seal' // the same on every certificate

/** Something on the sheet, in drawing order, whoever writes the file. `into`: what it is part of; null: decoration. Text: one face, one language; x, y from the lower left. */
export type Ink = { into: Part | null } & (
  | { kind: 'text'; letters: Letter[]; x: number; y: number; type: Type }
  | { kind: 'shape'; operators: Operator[] }
  | { kind: 'graphic'; graphic: Graphic }
)
export type Pen = { faces: Typefaces; ink: Ink[]; document: Part }

export const set = (pen: Pen, words: Words, face: Face): Setting => settingOf(pen.faces, words, face)

/** Draws one line of text, or the `span` of it; `x` is its left end, `y` its baseline, measured from the top of the sheet. */
export function write(pen: Pen, setting: Setting, place: { x: number; y: number; span?: Span }, type: Type, into: Part | null): void {
  const [from, to] = place.span ?? [0, setting.letters.length]
  spaceAfter(pen, into, setting, from)
  const written = { ...type, size: round(type.size), spacing: round(type.spacing ?? 0) }
  for (let start = from; start < to;) {
    let end = start + 1
    while (end < to && alike(setting.letters[start], setting.letters[end])) end += 1
    const x = round(place.x + widthOf(setting, type, [from, start]))
    pen.ink.push({ kind: 'text', letters: setting.letters.slice(start, end), x, y: round(paper.height - place.y), type: written, into })
    start = end
  }
}

// A space at the end of a line has no width on paper. Who hears the lines of one part needs it: where there was one, and between the languages.
function spaceAfter(pen: Pen, into: Part | null, { letters }: Setting, from: number): void {
  const last = pen.ink.at(-1)
  const before = last?.kind === 'text' && into && last.into === into ? last.letters.at(-1) : undefined
  if (last?.kind !== 'text' || !before || isBlank(before)) return
  const needed = before.english || letters[from]?.english || isBlank(letters[from - 1])
  const space = needed ? glyphOf(pen.faces, before.face, ' ') : undefined
  if (space) last.letters.push({ ...space, english: before.english })
}

const alike = (one?: Letter, other?: Letter) => one?.face === other?.face && one?.english === other?.english

export function line(pen: Pen, from: [number, number], to: [number, number], width: number, colour: Colour): void {
  pen.ink.push({ kind: 'shape', into: null, operators: stroked(colour, width, [moveTo(from[0], paper.height - from[1]), lineTo(to[0], paper.height - to[1])]) })
}

/** Draws in a square of our own: its centre at x, y (from the top), one unit = `scale` points, y upwards. */
export function draw(pen: Pen, place: { x: number; y: number; scale: number }, operators: Operator[], into: Part | null): void {
  pen.ink.push({ kind: 'shape', into, operators: placed({ ...place, y: paper.height - place.y }, operators) })
}

export function stamp(pen: Pen, graphic: Graphic, into: Part | null): void {
  pen.ink.push({ kind: 'graphic', graphic, into })
}

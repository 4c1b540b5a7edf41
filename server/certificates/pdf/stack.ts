import { linesOf } from './lines.ts'
import { widthOf, write, type Pen, type Type } from './pen.ts'

/**
 * One paragraph of a column. Labels stand under one another in the left margin of `indent` points.
 * `single`: shrinks to stay on one line. `balanced`: its lines come out about equally long.
 */
export type Paragraph = {
  text: string; type: Type; gap?: number; leading?: number; indent?: number; labels?: { text: string; type: Type }[]
  single?: boolean; balanced?: boolean
}
export type Place = { x: number; top: number; width: number; align?: 'left' | 'centre' }
export type Stack = { height: number; draw(place: Place): void }
type Mark = { text: string; type: Type; x: number; y: number; room: number }

/** Sets paragraphs under one another at `scale` times their size; indents keep their size, so that columns stay aligned. */
export function setStack(pen: Pen, paragraphs: Paragraph[], width: number, scale = 1): Stack {
  const marks: Mark[] = []
  let height = 0
  for (const paragraph of paragraphs) {
    const room = width - (paragraph.indent ?? 0)
    const type = settled(pen, paragraph, room, scale)
    height += (paragraph.gap ?? 0) * scale
    marks.push(...labelMarks(pen, paragraph, height, scale))
    for (const text of setLines(pen, paragraph, type, room)) {
      marks.push({ text, type, x: paragraph.indent ?? 0, y: height + type.size, room })
      height += type.size * (paragraph.leading ?? 1.42)
    }
  }
  const draw = (place: Place) => {
    for (const mark of marks) write(pen, mark.text, place.x + mark.x + offset(pen, mark, place), place.top + mark.y, mark.type)
  }
  return { height, draw }
}

/** The largest setting between the two scales that is no higher than `height`; undefined when even the smallest is too high. */
export function fitStack(pen: Pen, paragraphs: Paragraph[], width: number, height: number, smallest: number, largest = 1): Stack | undefined {
  for (let scale = largest; scale > smallest - 0.001; scale -= 0.03) {
    const stack = setStack(pen, paragraphs, width, scale)
    if (stack.height <= height) return stack
  }
  return undefined
}

const atScale = (type: Type, scale: number): Type => ({ ...type, size: type.size * scale, spacing: (type.spacing ?? 0) * scale })

function settled(pen: Pen, { text, type, single }: Paragraph, room: number, scale: number): Type {
  const scaled = atScale(type, scale)
  return single ? atScale(scaled, Math.min(1, room / Math.max(1, widthOf(pen, text, scaled)))) : scaled
}

function setLines(pen: Pen, { text, single, balanced }: Paragraph, type: Type, room: number): string[] {
  if (single) return [text]
  const lines = linesOf(pen, text, type, room)
  if (!balanced || lines.length === 1) return lines
  for (let narrower = widthOf(pen, text, type) / lines.length; narrower < room; narrower += type.size / 2) {
    const even = linesOf(pen, text, type, narrower)
    if (even.length <= lines.length) return even
  }
  return lines
}

// A label is no larger than what its margin holds, however much the column grows.
function labelMarks(pen: Pen, { labels = [], indent = 0 }: Paragraph, top: number, scale: number): Mark[] {
  let y = top
  return labels.map(({ text, type }) => {
    const size = Math.min(type.size * scale, (indent - 6) / (widthOf(pen, text, type) / type.size))
    y += size * 1.3
    return { text, type: { ...type, size }, x: 0, y, room: 0 }
  })
}

// The last letter's spacing is no ink: half of it would push a centred line to the left.
const offset = (pen: Pen, mark: Mark, place: Place) =>
  place.align === 'centre' && mark.room > 0 ? (mark.room - widthOf(pen, mark.text, mark.type) + (mark.type.spacing ?? 0)) / 2 : 0

import { part, type Part } from './parts.ts'
import { set, write, type Pen, type Type } from './pen.ts'
import { linesOf, widthOf, type Setting, type Span } from './setting.ts'
import type { Words } from './wording.ts'

/**
 * One paragraph of a column. Labels stand under one another in the left margin of `indent` points.
 * `least`: the smallest scale it is set at, however small the others. `single`: shrinks to stay on one line; with `like`, as far as that longest one
 * of its list must. `balanced`: its lines come out about equally long. `into`: the part it is; else a P of its own.
 */
export type Paragraph = {
  words: Words; type: Type; gap?: number; leading?: number; indent?: number; labels?: { words: Words; type: Type; into: Part }[]
  least?: number; single?: boolean; like?: Setting; balanced?: boolean; into?: Part
}
export type Place = { x: number; top: number; width: number; align?: 'left' | 'centre' }
export type Stack = { height: number; draw(place: Place, of: Part): void }
type Mark = { paragraph: Paragraph; setting: Setting; span: Span; type: Type; x: number; y: number; room: number; into: Part | undefined }

/** Sets paragraphs under one another at `scale` times their size; indents keep their size, so that columns stay aligned. */
export function setStack(pen: Pen, paragraphs: Paragraph[], width: number, scale = 1): Stack {
  const marks: Mark[] = []
  let height = 0
  for (const paragraph of paragraphs) {
    const { indent = 0, into } = paragraph
    const setting = set(pen, paragraph.words, paragraph.type.face)
    const room = width - indent
    const type = settled(setting, paragraph, room, scale)
    height += (paragraph.gap ?? 0) * scale
    marks.push(...labelMarks(pen, paragraph, height, scale))
    for (const span of setLines(setting, paragraph, type, room)) {
      marks.push({ paragraph, setting, span, type, x: indent, y: height + type.size, room, into })
      height += type.size * (paragraph.leading ?? 1.42)
    }
  }
  const draw = (place: Place, of: Part) => {
    const own = new Map<Paragraph, Part>()
    for (const { paragraph, setting, span, type, into, ...mark } of marks) {
      if (!into && !own.has(paragraph)) own.set(paragraph, part('P', of, paragraph.words.every(({ lang }) => lang === 'en') ? { lang: 'en' } : {}))
      const x = place.x + mark.x + (place.align === 'centre' ? offset(setting, span, type, mark.room) : 0)
      write(pen, setting, { x, y: place.top + mark.y, span }, type, into ?? own.get(paragraph) ?? of)
    }
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

function settled(setting: Setting, { type, single, like = setting, least = 0 }: Paragraph, room: number, scale: number): Type {
  const scaled = atScale(type, Math.max(scale, least))
  return single ? atScale(scaled, Math.min(1, room / Math.max(1, widthOf(like, scaled)))) : scaled
}

function setLines(setting: Setting, { single, balanced }: Paragraph, type: Type, room: number): Span[] {
  if (single) return [[0, setting.letters.length]]
  const lines = linesOf(setting, type, room)
  if (!balanced || lines.length === 1) return lines
  for (let narrower = widthOf(setting, type) / lines.length; narrower < room; narrower += type.size / 2) {
    const even = linesOf(setting, type, narrower)
    if (even.length <= lines.length) return even
  }
  return lines
}

// A label is no larger than what its margin holds, however much the column grows.
function labelMarks(pen: Pen, paragraph: Paragraph, top: number, scale: number): Mark[] {
  let y = top
  return (paragraph.labels ?? []).map(({ words, type, into }) => {
    const setting = set(pen, words, type.face)
    const size = Math.min(type.size * scale, ((paragraph.indent ?? 0) - 6) / widthOf(setting, { size: 1 }))
    y += size * 1.3
    return { paragraph, setting, span: [0, setting.letters.length], type: { ...type, size }, x: 0, y, room: 0, into }
  })
}

// The last letter's spacing is no ink: half of it would push a centred line to the left.
const offset = (setting: Setting, span: Span, type: Type, room: number) => room > 0 ? (room - widthOf(setting, type, span) + (type.spacing ?? 0)) / 2 : 0

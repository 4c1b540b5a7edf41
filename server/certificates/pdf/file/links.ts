import type { Box, Part } from '../parts.ts'
import type { Ink } from '../pen.ts'
import { widthOfLetters } from '../setting.ts'
import { add, ref, text, type Growing } from './objects.ts'

/** A part that leads somewhere: the annotation over its words, and the key under which the tree of tags finds it. */
export type Link = { part: Part; annotation: number; key: number }

/** Writes an annotation over the words of every link, on `page`; keys are counted from `key`. */
export function addLinks(file: Growing, ink: readonly Ink[], { page, key }: { page: number; key: number }): Link[] {
  return [...boxesOf(ink)].map(([part, box], index) => {
    const address = Buffer.from((part.leadsTo ?? '').replace(/[^\x21-\x7E]/gu, encodeURIComponent), 'latin1').toString('hex')
    const annotation = add(file, `<< /Type /Annot /Subtype /Link /F 4 /Border [ 0 0 0 ] /Rect [ ${box.map(value => value.toFixed(2)).join(' ')} ] /P ${ref(page)} `
      + `/Contents ${text(part.leadsTo ?? '')} /A << /Type /Action /S /URI /URI <${address}> >> /StructParent ${key + index} >>`)
    return { part, annotation, key: key + index }
  })
}

function boxesOf(ink: readonly Ink[]): Map<Part, Box> {
  const boxes = new Map<Part, Box>()
  for (const piece of ink) {
    if (piece.kind !== 'text' || !piece.into?.leadsTo) continue
    const { letters, x, y, type, into } = piece
    const box: Box = [x, y - type.size * 0.3, x + widthOfLetters(letters, type), y + type.size]
    const known = boxes.get(into) ?? box
    boxes.set(into, [Math.min(known[0], box[0]), Math.min(known[1], box[1]), Math.max(known[2], box[2]), Math.max(known[3], box[3])])
  }
  return boxes
}

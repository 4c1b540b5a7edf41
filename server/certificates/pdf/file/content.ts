import type { Face } from '../fonts.ts'
import type { Part } from '../parts.ts'
import type { Operator } from '../path.ts'
import type { Ink } from '../pen.ts'
import type { Letter } from '../setting.ts'
import { hex } from './type-case.ts'

/** Where a letter lies: name of its font in the page's resources, code in it. */
export type Find = (letter: Letter) => { font: string; code: number }
type Text = Extract<Ink, { kind: 'text' }>

/** The page's drawing, and the parts that its marks belong to: the nth is the part of the mark numbered n. Ink that is part of nothing is an artifact. */
export function contentOf(ink: readonly Ink[], find: Find): { content: string; marked: Part[] } {
  const marked: Part[] = []
  const lines: string[] = []
  let open: string | undefined
  let part: Part | null = null
  for (const piece of ink) {
    const tag = tagOf(piece)
    if (tag !== open || piece.into !== part) {
      if (open !== undefined) lines.push('EMC')
      lines.push(piece.into ? `/${tag.replace('<<', `<< /MCID ${marked.push(piece.into) - 1}`)} BDC` : `/${tag} BMC`);
      [open, part] = [tag, piece.into]
    }
    lines.push(piece.kind === 'text' ? textOf(piece, find) : piece.kind === 'shape' ? operators(piece.operators) : `/${piece.graphic} Do`)
  }
  lines.push('EMC')
  return { content: lines.join('\n'), marked }
}

// ISO 32000-1, 14.9.2: English within a Japanese part is a span with a language of its own.
function tagOf({ into, ...piece }: Ink): string {
  if (!into) return 'Artifact'
  const foreign = piece.kind === 'text' && piece.letters[0]?.english && into.lang !== 'en'
  return foreign ? 'Span << /Lang (en) >>' : `${into.role} << >>`
}

export const operators = (list: readonly Operator[]): string =>
  list.map(([operator, ...operands]) => operands.length > 0 ? `${operands.join(' ')} ${operator}` : operator).join('\n')

const textOf = ({ letters, x, y, type }: Text, find: Find): string =>
  `BT\n${type.colour.join(' ')} rg\n${type.spacing ?? 0} Tc\n1 0 0 1 ${x} ${y} Tm\n${shown(letters, type.size, find)}ET`

function shown(letters: Letter[], size: number, find: Find): string {
  let [result, font] = ['', '']
  for (const letter of letters) {
    const place = find(letter)
    if (place.font !== font) {
      result += `${font ? '> Tj\n' : ''}/${place.font} ${size} Tf\n<`
      font = place.font
    }
    result += hex(place.code)
  }
  return font ? `${result}> Tj\n` : ''
}

export const fontName = (face: Face, of: 'template' | 'certificate'): string => `${face}${of === 'template' ? 'T' : 'C'}`

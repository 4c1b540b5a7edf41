import LineBreaker from 'linebreak'
import { clustersOf, composed } from './clusters.ts'
import { widthOf, type Pen, type Type } from './pen.ts'

/** Breaks a text into lines of at most `width` points, where Unicode allows it (no 、 at the head of a line), else anywhere. */
export function linesOf(pen: Pen, text: string, type: Type, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const piece of piecesOf(text).flatMap(word => fits(pen, word, type, width) ? [word] : clustersOf(word))) {
    if (current !== '' && !fits(pen, current + piece, type, width)) {
      lines.push(current.trimEnd())
      current = ''
    }
    current += piece
  }
  return [...lines, current.trimEnd()]
}

const fits = (pen: Pen, text: string, type: Type, width: number) => widthOf(pen, text.trimEnd(), type) <= width + 0.01

const words = new Intl.Segmenter('ja', { granularity: 'word' })

// Where Unicode allows a break and no word is torn: 要求事項 stays whole as long as it fits on a line.
function piecesOf(text: string): string[] {
  const whole = composed(text)
  const starts = new Set([...words.segment(whole)].map(word => word.index))
  const breaker = new LineBreaker(whole)
  const pieces: string[] = []
  let start = 0
  for (let found = breaker.nextBreak(); found; found = breaker.nextBreak()) {
    if (found.position < whole.length && !starts.has(found.position)) continue
    pieces.push(whole.slice(start, found.position))
    start = found.position
  }
  return pieces
}

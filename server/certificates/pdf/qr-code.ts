import encodeQR from 'qr'
import { ink, white } from './ink.ts'
import type { Part } from './parts.ts'
import { box, filled, type Operator } from './path.ts'
import { draw, type Pen } from './pen.ts'

const quiet_modules = 4 // ISO/IEC 18004: four light modules all around
const finest_module = 0.33 * 72 / 25.4 // points: what a telephone reads from an office printer's paper

/** The light and dark modules of a code for this text, row by row, with as much redundancy as `side` points have room for. Throws when there is no room. */
export function rowsFor(text: string, side: number): boolean[][] {
  for (const ecc of ['medium', 'low'] as const) {
    const rows = encodeQR(text, 'raw', { ecc, border: 1 }).slice(1, -1).map(row => row.slice(1, -1)) // the library insists on a border; ours is the quiet zone
    if (side / rows.length >= finest_module) return rows
  }
  throw new Error(`certificate: no room for a code of ${text.length} characters`)
}

/** A code as a vector graphic: its dark modules in `side` points square, their upper left corner at x, y from the top, the quiet zone around. */
export function drawQrCode(pen: Pen, rows: boolean[][], place: { x: number; y: number; side: number }, into: Part): void {
  const framed = rows.length + 2 * quiet_modules
  draw(pen, { x: place.x, y: place.y, scale: place.side / rows.length }, [
    ...filled(white, [box(-quiet_modules, quiet_modules, framed, -framed)]), ...filled(ink, rows.flatMap(darkRuns)),
  ], into)
}

// Neighbouring modules are one box: no hairline between them on any printer.
function darkRuns(row: boolean[], index: number): Operator[] {
  const text = row.map(dark => dark ? '1' : '0').join('')
  return [...text.matchAll(/1+/g)].map(run => ['re', run.index, -index, run[0].length, -1])
}

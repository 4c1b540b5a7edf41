import { closePath, lineTo, moveTo, type PDFOperator } from 'pdf-lib'
import encodeQR from 'qr'
import { ink, white } from './ink.ts'
import { filled, within, type Pen } from './pen.ts'

const quiet_modules = 4 // ISO/IEC 18004: four light modules all around

/** The address as a vector code, quiet zone included: `side` points square, its upper left corner at x, y from the top. */
export function drawQrCode(pen: Pen, address: string, place: { x: number; y: number; side: number }): void {
  const framed = encodeQR(address, 'raw', { ecc: 'medium', border: 1 })
  const rows = framed.slice(1, -1).map(row => row.slice(1, -1)) // the library insists on a border; ours is the quiet zone
  const modules = rows.length + 2 * quiet_modules
  within(pen, { x: place.x, y: place.y, scale: place.side / modules }, [
    ...filled(white, box(0, 0, modules, modules)), ...filled(ink, rows.flatMap(darkRuns)),
  ])
}

// Neighbouring modules are one box: no hairline between them on any printer.
function darkRuns(row: boolean[], index: number): PDFOperator[] {
  const text = row.map(dark => dark ? '1' : '0').join('')
  return [...text.matchAll(/1+/g)].flatMap(run => box(quiet_modules + run.index, quiet_modules + index, run[0].length, 1))
}

const box = (x: number, y: number, width: number, height: number): PDFOperator[] =>
  [moveTo(x, -y), lineTo(x + width, -y), lineTo(x + width, -y - height), lineTo(x, -y - height), closePath()]

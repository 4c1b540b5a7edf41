const most_cells = 4_000_000 // the reader makes an array of every cell between A1 and the last one, filled or not

/** Whether a worksheet, as the bytes of its XML, reaches no farther than can be held: one stray cell in XFD1048576 would be seventeen thousand million. Anything but a worksheet does. */
export function reachesNoFarther(xml: Buffer): boolean {
  const text = xml.toString('latin1')
  if (!text.includes('sheetData')) return true
  let rows = 0, columns = 0
  for (const [, at = ''] of text.matchAll(/\sr\s*=\s*["']([^"']*)["']/g)) {
    const cell = /^([A-Z]{0,3})(\d{1,7})$/i.exec(at)
    if (!cell) return false
    columns = Math.max(columns, columnNumber(cell[1] ?? ''))
    rows = Math.max(rows, Number(cell[2]))
  }
  return rows * Math.max(1, columns) <= most_cells
}

const columnNumber = (letters: string) => [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) // A = 1

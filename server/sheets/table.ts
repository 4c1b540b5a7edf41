import { part, type Part } from '../certificates/pdf/parts.ts'
import { widthOf } from '../certificates/pdf/setting.ts'
import { cut, hasRoom, keep, margin, measure, place, rule, styles, turnPage, type Line, type Sheet, type Text } from './sheet.ts'

/** `width` in parts of the whole; `right`: for numbers. */
export type Column = { head: string; width: number; right?: boolean }
/** A cell is some paragraphs; an empty one is told as such, because a row without a cell is another row. */
export type Cell = string | readonly Text[]

type Drawn = { widths: number[]; columns: readonly Column[] }
const padding = 5
const longest_together = 330 // points: a table that is no longer is not torn apart

/** A table over as many pages as it needs, with its head on each; a row longer than a page goes on on the next. The first cell of a row is its head. */
export function table(sheet: Sheet, columns: readonly Column[], rows: readonly (readonly Cell[])[], { after = 8 } = {}): void {
  const whole = columns.reduce((sum, { width }) => sum + width, 0), widths = columns.map(({ width }) => (measure * width) / whole)
  const drawn: Drawn = { widths, columns }, into = part('Table', sheet.document)
  const heads = columns.map(({ head }, at) => cut(sheet, [{ text: head, style: styles.head }], (widths[at] ?? 0) - padding))
  const cutRow = (cells: readonly Cell[]) => cells.map((cell, at) => cut(sheet, textsOf(cell), (widths[at] ?? 0) - padding))
  const first: Line[][][] = [] // as many rows as decide whether the table stays together
  let height = heightOf(heads)
  for (const cells of rows) {
    if (height > longest_together) break
    const blocks = cutRow(cells)
    first.push(blocks)
    height += heightOf(blocks)
  }
  keep(sheet, height <= longest_together ? height : heightOf(heads) + Math.min(heightOf(first[0] ?? []), 3 * styles.cell.leading))
  drawRow(sheet, heads, drawn, partsOf(part('TR', into), heads, () => ({ role: 'TH', scope: 'Column' })))
  for (const [nth, cells] of rows.entries()) {
    const parts = partsOf(part('TR', into), cells, at => ({ role: at === 0 ? 'TH' : 'TD', ...langOf(cells[at], sheet) }))
    drawOver(sheet, first[nth] ?? cutRow(cells), heads, drawn, parts)
  }
  sheet.y += after
}

const textsOf = (cell: Cell): readonly Text[] => {
  const texts = typeof cell === 'string' ? [{ text: cell, style: styles.cell }] : cell
  return texts.some(({ text }) => text.trim() !== '') ? texts : [{ text: '–', style: styles.cell }]
}

// One language a cell: that of its first words.
const langOf = (cell: Cell | undefined, { lang: own }: Sheet) => {
  const lang = typeof cell === 'string' ? undefined : cell?.[0]?.lang
  return lang && lang !== own ? { lang } : {}
}

const partsOf = (row: Part, cells: readonly unknown[], about: (at: number) => Pick<Part, 'role' | 'lang' | 'scope'>): Part[] => cells.map((_, at) => {
  const { role, ...more } = about(at)
  return part(role, row, more)
})

const heightOf = (blocks: readonly (readonly Line[])[]) => Math.max(0, ...blocks.map(lines => lines.reduce((sum, { style }) => sum + style.leading, 0))) + padding

// A row that fits a page stays together; a longer one fills what is left and goes on.
function drawOver(sheet: Sheet, blocks: Line[][], heads: Line[][], drawn: Drawn, parts: Part[]): void {
  const again = () => {
    turnPage(sheet)
    drawRow(sheet, heads, drawn, heads.map(() => null)) // to those who hear it the head was said once
  }
  const longest = 400 // points
  let rest = blocks
  if (!hasRoom(sheet, Math.min(heightOf(rest), longest))) again()
  while (!hasRoom(sheet, heightOf(rest))) {
    const fits = rest.map(lines => fitting(sheet, lines))
    drawRow(sheet, rest.map((lines, at) => lines.slice(0, fits[at])), drawn, parts)
    rest = rest.map((lines, at) => lines.slice(fits[at]))
    again()
  }
  drawRow(sheet, rest, drawn, parts)
}

function fitting(sheet: Sheet, lines: readonly Line[]): number {
  let height = padding, count = 0
  for (const { style } of lines) {
    height += style.leading
    if (!hasRoom(sheet, height)) break
    count += 1
  }
  return count
}

function drawRow(sheet: Sheet, blocks: readonly (readonly Line[])[], { widths, columns }: Drawn, parts: readonly (Part | null)[]): void {
  let left = margin.left
  blocks.forEach((lines, at) => {
    let y = sheet.y + padding / 2
    const width = widths[at] ?? 0
    for (const line of lines) {
      const x = columns[at]?.right ? left + width - padding - widthOf(line.setting, line.style, line.span) : left
      place(sheet, line, { x, y }, parts[at] ?? null)
      y += line.style.leading
    }
    left += width
  })
  sheet.y += heightOf(blocks)
  rule(sheet)
}

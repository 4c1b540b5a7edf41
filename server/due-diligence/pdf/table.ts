import { blockOf, hasRoom, margin, measure, place, rule, styles, turnPage, type Block, type Sheet } from './sheet.ts'

/** `width` in parts of the whole; a cell is one or two paragraphs, the second quieter. */
export type Column = { head: string; width: number }
export type Cells = readonly (readonly [text: string, beside?: string])[]

const padding = 5

/** A table over as many pages as it needs, with its head on each. */
export function table(sheet: Sheet, columns: readonly Column[], rows: Iterable<Cells>): void {
  const whole = columns.reduce((sum, { width }) => sum + width, 0)
  const widths = columns.map(({ width }) => (measure * width) / whole)
  const heads = columns.map(({ head }, at) => blockOf(sheet, [{ text: head, style: styles.head }], (widths[at] ?? 0) - padding))
  draw(sheet, heads, widths)
  for (const cells of rows) {
    const blocks = cells.map(([text, beside = ''], at) => blockOf(sheet, [{ text, style: styles.cell }, { text: beside, style: styles.quiet }], (widths[at] ?? 0) - padding))
    if (!hasRoom(sheet, heightOf(blocks))) {
      turnPage(sheet)
      draw(sheet, heads, widths)
    }
    draw(sheet, blocks, widths)
  }
}

const heightOf = (blocks: readonly Block[]) => Math.max(...blocks.map(({ height }) => height)) + padding

function draw(sheet: Sheet, blocks: readonly Block[], widths: readonly number[]): void {
  let x = margin.left
  blocks.forEach((block, at) => {
    place(sheet, block, x, sheet.y + padding / 2)
    x += widths[at] ?? 0
  })
  sheet.y += heightOf(blocks)
  rule(sheet)
}

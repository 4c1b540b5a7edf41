import { clustersOf } from '../../certificates/pdf/clusters.ts'
import { glyphOf, type Face, type Typefaces } from '../../certificates/pdf/fonts.ts'
import { hairline, ink, softInk } from '../../certificates/pdf/ink.ts'
import type { Colour } from '../../certificates/pdf/path.ts'
import { line, paper, set, write, type Pen } from '../../certificates/pdf/pen.ts'
import { part } from '../../certificates/pdf/parts.ts'
import { linesOf, widthOf } from '../../certificates/pdf/setting.ts'
import type { Locale } from '../../http/locale.ts'

export const margin = { left: 48, right: 48, top: 60, bottom: 60 }
export const measure = paper.width - margin.left - margin.right

export type Style = { face: Face; size: number; leading: number; colour: Colour }
export const styles = {
  title: { face: 'serifBold', size: 18, leading: 26, colour: ink }, heading: { face: 'sansBold', size: 11, leading: 18, colour: ink }, text: { face: 'sans', size: 9, leading: 14, colour: ink },
  cell: { face: 'sans', size: 7.5, leading: 11, colour: ink }, quiet: { face: 'sans', size: 7.5, leading: 11, colour: softInk }, head: { face: 'sansBold', size: 7.5, leading: 11, colour: ink },
} as const satisfies Record<string, Style>

/** A stack of pages that grows downwards; `y` counts points from the top of the last one. */
export type Sheet = { faces: Typefaces; locale: Locale; pages: Pen[]; y: number }

export function newSheet(faces: Typefaces, locale: Locale): Sheet {
  const sheet: Sheet = { faces, locale, pages: [], y: 0 }
  turnPage(sheet)
  return sheet
}

export function turnPage(sheet: Sheet): void {
  sheet.pages.push({ faces: sheet.faces, ink: [], document: part('Document', null) })
  sheet.y = margin.top
}

/** Whether so many points are left on this page. */
export const hasRoom = (sheet: Sheet, points: number): boolean => sheet.y + points <= paper.height - margin.bottom

/** The lines of a text in a column: where each is cut, ready to be written. */
export type Block = { lines: { text: string; style: Style }[]; height: number }

export function blockOf(sheet: Sheet, paragraphs: readonly { text: string; style: Style }[], width: number): Block {
  const lines = paragraphs.filter(({ text }) => text !== '').flatMap(({ text, style }) => {
    const setting = set(pageOf(sheet), [{ text: drawable(sheet.faces, text, style.face), lang: sheet.locale }], style.face)
    return linesOf(setting, style, width).map(([from, to]) => ({ text: setting.letters.slice(from, to).map(({ cluster }) => cluster).join(''), style }))
  })
  return { lines, height: lines.reduce((sum, { style }) => sum + style.leading, 0) }
}

/** Writes a block with its top at `y` of the last page. */
export function place(sheet: Sheet, { lines }: Block, x: number, y: number): void {
  let top = y
  for (const { text, style } of lines) {
    top += style.leading
    writeAt(sheet, pageOf(sheet), { text, style, x, y: top - style.leading / 4 })
  }
}

/** A paragraph over the whole measure, on the next page where it does not fit any more. */
export function paragraph(sheet: Sheet, text: string, style: Style, after = 0): void {
  for (const each of blockOf(sheet, [{ text, style }], measure).lines) {
    if (!hasRoom(sheet, style.leading)) turnPage(sheet)
    place(sheet, { lines: [each], height: style.leading }, margin.left, sheet.y)
    sheet.y += style.leading
  }
  sheet.y += after
}

export function rule(sheet: Sheet): void {
  line(pageOf(sheet), [margin.left, sheet.y], [paper.width - margin.right, sheet.y], 0.5, hairline)
}

/** Head and foot of every page, once it is known how many there are. */
export function number(sheet: Sheet, head: string, foot: (page: number, of: number) => string): void {
  sheet.pages.forEach((page, at) => {
    const style = styles.quiet, text = foot(at + 1, sheet.pages.length)
    const width = widthOf(set(page, [{ text, lang: sheet.locale }], style.face), style)
    writeAt(sheet, page, { text: drawable(sheet.faces, head, style.face), style, x: margin.left, y: 36 })
    writeAt(sheet, page, { text, style, x: paper.width - margin.right - width, y: paper.height - 34 })
  })
}

function writeAt(sheet: Sheet, page: Pen, { text, style, x, y }: { text: string; style: Style; x: number; y: number }): void {
  if (text !== '') write(page, set(page, [{ text, lang: sheet.locale }], style.face), { x, y }, style, null)
}

export function pageOf({ pages }: Sheet): Pen {
  const page = pages.at(-1)
  if (!page) throw new Error('a sheet without a page')
  return page
}

// A name on a buyer's own list may hold what no font of ours draws. It is seen to be missing (〓), never left out unseen.
const drawable = (faces: Typefaces, text: string, face: Face): string => clustersOf(text).map(cluster => (glyphOf(faces, face, cluster) ? cluster : '〓')).join('')

import { clustersOf } from '../certificates/pdf/clusters.ts'
import { glyphOf, type Face, type Typefaces } from '../certificates/pdf/fonts.ts'
import { hairline, ink, softInk, vermilion } from '../certificates/pdf/ink.ts'
import { part, type Part, type Role } from '../certificates/pdf/parts.ts'
import type { Colour } from '../certificates/pdf/path.ts'
import { line, paper, set, write, type Pen } from '../certificates/pdf/pen.ts'
import { linesOf, widthOf, type Setting, type Span } from '../certificates/pdf/setting.ts'
import type { Locale } from '../http/locale.ts'
import type { Jpeg } from './jpeg.ts'

export const margin = { left: 48, right: 48, top: 64, bottom: 64 }
export const measure = paper.width - margin.left - margin.right

export type Style = { face: Face; size: number; leading: number; colour: Colour }
export const styles = {
  title: { face: 'serifBold', size: 20, leading: 28, colour: ink }, heading: { face: 'sansBold', size: 13, leading: 20, colour: vermilion }, topic: { face: 'sansBold', size: 10, leading: 16, colour: ink },
  text: { face: 'sans', size: 9, leading: 14.5, colour: ink }, quiet: { face: 'sans', size: 7.5, leading: 11.5, colour: softInk }, cell: { face: 'sans', size: 8, leading: 12, colour: ink },
  strong: { face: 'sansBold', size: 8, leading: 12, colour: ink }, head: { face: 'sansBold', size: 7.5, leading: 11.5, colour: softInk },
} as const satisfies Record<string, Style>

/** `lang`: of words that are not in the sheet's own language, as people typed them. */
export type Text = { text: string; style: Style; lang?: Locale }
export type Heading = { text: string; level: 'H1' | 'H2' | 'H3'; page: number; y: number }

/** A stack of A4 pages that grows downwards, every piece a part of one document; `y` counts points from the top of the last one. `lacks`: some character that was typed stands as 〓. */
export type Sheet = { faces: Typefaces; lang: Locale; pages: Pen[]; document: Part; headings: Heading[]; waiting: Waiting[]; pictures: Jpeg[]; y: number; lacks: boolean }
type Waiting = { level: Heading['level']; text: string; lines: Line[]; lang: Locale | undefined }

export function newSheet(faces: Typefaces, lang: Locale): Sheet {
  const sheet: Sheet = { faces, lang, pages: [], document: part('Document', null, { lang }), headings: [], waiting: [], pictures: [], y: 0, lacks: false }
  turnPage(sheet)
  return sheet
}

export function turnPage(sheet: Sheet): void {
  sheet.pages.push({ faces: sheet.faces, ink: [], document: sheet.document })
  sheet.y = margin.top
}

/** Whether so many points are left on this page. */
export const hasRoom = ({ y }: Sheet, points: number): boolean => y + points <= paper.height - margin.bottom

export type Line = { setting: Setting; span: Span; style: Style }

/** Texts as lines of at most `width` points; a break that was typed is kept. */
export function cut(sheet: Sheet, texts: readonly Text[], width: number): Line[] {
  return texts.flatMap(({ text, style, lang = sheet.lang }) => text.split('\n').filter(each => each.trim() !== '').flatMap(each => {
    const setting = set(pageOf(sheet), [{ text: drawable(sheet, each, style.face), lang }], style.face)
    return linesOf(setting, style, width).map(span => ({ setting, span, style }))
  }))
}

/** One line with its top at `y` of the last page. */
export function place(sheet: Sheet, { setting, span, style }: Line, { x, y }: { x: number; y: number }, into: Part | null): void {
  write(pageOf(sheet), setting, { x, y: y + style.leading * 0.75, span }, style, into)
}

type How = { lang?: Locale; after?: number; role?: Role; indent?: number }

/** A paragraph, on the next page where it does not fit any more; never a single line left behind where two would go on. */
export function paragraph(sheet: Sheet, text: string, style: Style, { lang, after = 4, role = 'P', indent = 0 }: How = {}): void {
  for (const each of text.split('\n').filter(each => each.trim() !== '')) {
    const into = part(role, sheet.document, lang && lang !== sheet.lang ? { lang } : {}), lines = cut(sheet, [{ text: each, style, ...lang ? { lang } : {} }], measure - indent)
    keep(sheet, Math.min(lines.length, 2) * style.leading)
    for (const each of lines) {
      if (!hasRoom(sheet, style.leading)) turnPage(sheet)
      place(sheet, each, { x: margin.left + indent, y: sheet.y }, into)
      sheet.y += style.leading
    }
  }
  sheet.y += after
}

const levels = { H1: [styles.title, 0, 10], H2: [styles.heading, 16, 5], H3: [styles.topic, 9, 2] } as const

/** A heading waits for what it stands over, so that it never ends a page. */
export function heading(sheet: Sheet, level: Heading['level'], text: string, { lang }: { lang?: Locale } = {}): void {
  sheet.waiting.push({ level, text, lang, lines: cut(sheet, [{ text, style: levels[level][0], ...lang ? { lang } : {} }], measure) })
}

/** Room for so many points that belong together, with the headings over them: here, or on the next page. */
export function keep(sheet: Sheet, points: number): void {
  const headings = sheet.waiting.splice(0), over = headings.reduce((sum, { level, lines }) => sum + levels[level][1] + lines.length * levels[level][0].leading + levels[level][2], 0)
  if (!hasRoom(sheet, over + points)) turnPage(sheet)
  for (const { level, text, lines, lang } of headings) {
    const [style, before, after] = levels[level], into = part(level, sheet.document, lang && lang !== sheet.lang ? { lang } : {})
    if (sheet.y > margin.top) sheet.y += before
    sheet.headings.push({ text, level, page: sheet.pages.length - 1, y: paper.height - sheet.y })
    for (const each of lines) {
      place(sheet, each, { x: margin.left, y: sheet.y }, into)
      sheet.y += style.leading
    }
    sheet.y += after
  }
}

export function rule(sheet: Sheet): void {
  line(pageOf(sheet), [margin.left, sheet.y], [paper.width - margin.right, sheet.y], 0.5, hairline)
}

/** Head and foot of every page, once it is known how many there are. They are no part of what is read aloud. */
export function frame(sheet: Sheet, head: string, foot: string, number: (page: number, of: number) => string): void {
  keep(sheet, 0)
  const { lang, pages } = sheet, style = styles.quiet
  const setIn = (page: Pen, text: string) => set(page, [{ text: drawable(sheet, text, style.face), lang }], style.face)
  pages.forEach((page, at) => {
    const numbered = setIn(page, number(at + 1, pages.length)), y = paper.height - 36
    const headLine = setIn(page, head), [first = [0, 0] as Span] = linesOf(headLine, style, measure)
    write(page, headLine, { x: margin.left, y: 40, span: first }, style, null)
    write(page, setIn(page, foot), { x: margin.left, y }, style, null)
    write(page, numbered, { x: paper.width - margin.right - widthOf(numbered, style), y }, style, null)
  })
}

export function pageOf({ pages }: Sheet): Pen {
  const page = pages.at(-1)
  if (!page) throw new Error('a sheet without a page')
  return page
}

// What people typed may hold what no font of ours draws. It is seen to be missing (〓), never left out unseen; a sheet that lacks something says what that means.
function drawable(sheet: Sheet, text: string, face: Face): string {
  return clustersOf(text.replaceAll('\t', ' ')).map(cluster => {
    if (glyphOf(sheet.faces, face, cluster)) return cluster
    sheet.lacks = true
    return '〓'
  }).join('')
}

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { create, type Font, type FontCollection } from '@cantoo/fontkit'
import type { PDFDocument, PDFFont, PDFName, PDFPage } from 'pdf-lib'
import { canDraw } from './coverage.ts'

// Static TrueType outlines (OFL). Never pair pdf-lib with @pdf-lib/fontkit: its subsets silently lose half of a Japanese page.
const files = {
  serif: '@expo-google-fonts/noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf',
  serifBold: '@expo-google-fonts/noto-serif-jp/600SemiBold/NotoSerifJP_600SemiBold.ttf',
  sans: '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  sansBold: '@expo-google-fonts/noto-sans-jp/500Medium/NotoSansJP_500Medium.ttf',
} as const

export type Face = keyof typeof files
export const faces = Object.keys(files) as Face[]

// A character that one family lacks is drawn by the other.
const substitutes = { serif: 'sans', serifBold: 'sansBold', sans: 'serif', sansBold: 'serifBold' } as const satisfies Record<Face, Face>

export type EmbeddedFont = { key: PDFName; pdf: PDFFont }
export type Fonts = { opened: Record<Face, Font>; embedded: Record<Face, EmbeddedFont> }

/** The four faces, opened once for the life of the process (about 26 MB). */
export const openFaces = (): Promise<Record<Face, Font>> => (opening ??= openAll())
let opening: Promise<Record<Face, Font>> | undefined

/** Puts the faces into the document, as subsets of what is drawn with them. */
export async function embedFaces(document: PDFDocument, page: PDFPage): Promise<Fonts> {
  const opened = await openFaces()
  const embedded: Partial<Record<Face, EmbeddedFont>> = {}
  for (const face of faces) {
    document.registerFontkit({ create: () => opened[face] as never })
    const pdf = await document.embedFont(new Uint8Array(), { subset: true })
    embedded[face] = { key: page.node.newFontDictionary(face, pdf.ref), pdf }
  }
  return { opened, embedded: embedded as Record<Face, EmbeddedFont> }
}

/** The wanted face, or the one that stands in for a character it lacks; undefined when neither can draw it. */
export const faceFor = (opened: Record<Face, Font>, wanted: Face, cluster: string): Face | undefined =>
  [wanted, substitutes[wanted]].find(face => canDraw(opened[face], cluster))

async function openAll(): Promise<Record<Face, Font>> {
  const { resolve } = createRequire(import.meta.url)
  const entries = faces.map(async face => [face, single(create(await readFile(resolve(files[face]))))] as const)
  return Object.fromEntries(await Promise.all(entries)) as Record<Face, Font>
}

function single(font: Font | FontCollection | null): Font {
  if (font && 'layout' in font) return font
  throw new Error('a font of the certificate is not a single face')
}

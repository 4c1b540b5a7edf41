import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { create, type Font, type FontCollection } from '@cantoo/fontkit'
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

/** An opened face: its outlines and metrics by the library, its bytes for subsets of our own. */
export type Typeface = { font: Font; bytes: Buffer; glyphs: Map<string, Glyph> }
export type Typefaces = Record<Face, Typeface>

/** What draws one cluster: a glyph of the face that has it, and its advance in ems. */
export type Glyph = { cluster: string; face: Face; id: number; advance: number }

/** The four faces, opened once for the life of the process (about 26 MB). */
export const openFaces = (): Promise<Typefaces> => (opening ??= openAll())
let opening: Promise<Typefaces> | undefined

/** The glyph in the wanted face, or in the one that stands in for it; undefined when neither can draw the cluster. Looked up once in the life of the process. */
export function glyphOf(opened: Typefaces, wanted: Face, cluster: string): Glyph | undefined {
  const known = opened[wanted].glyphs.get(cluster)
  if (known) return known
  const face = [wanted, substitutes[wanted]].find(candidate => canDraw(opened[candidate].font, cluster))
  if (!face) return undefined
  const { font } = opened[face]
  const [glyph, ...more] = font.layout(cluster).glyphs
  if (!glyph || glyph.id === 0 || more.length > 0) return undefined
  const found = { cluster, face, id: glyph.id, advance: glyph.advanceWidth / font.unitsPerEm }
  opened[wanted].glyphs.set(cluster, found)
  return found
}

async function openAll(): Promise<Typefaces> {
  const { resolve } = createRequire(import.meta.url)
  const entries = faces.map(async face => {
    const bytes = await readFile(resolve(files[face]))
    return [face, { font: single(create(bytes)), bytes, glyphs: new Map() }] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Typefaces
}

function single(font: Font | FontCollection | null): Font {
  if (font && 'layout' in font) return font
  throw new Error('a font of the certificate is not a single face')
}

import type { Font } from '@cantoo/fontkit'
import type { Face, Typeface } from '../fonts.ts'
import type { Letter } from '../setting.ts'
import { add, deflated, plain, ref, utf16, type Growing } from './objects.ts'
import { cutTo } from './true-type.ts'

/**
 * One embedded font: a place for each cluster it draws, in order of first use. The place is the code in the page and the number of the glyph in the
 * cut-down font, so two texts that share a glyph (a kanji with and without its default selector) stay two when they are read back.
 */
export type TypeCase = { name: string; letters: Map<string, { code: number; letter: Letter }> }

export const emptyCase = (name: string): TypeCase => ({ name, letters: new Map() })

/** The code of a letter, which gets the next place if it has none. */
export function codeIn({ letters }: TypeCase, letter: Letter): number {
  const known = letters.get(letter.cluster)
  if (known) return known.code
  const code = letters.size + 1
  letters.set(letter.cluster, { code, letter })
  return code
}

/** Writes the font and all that belongs to it; returns the number of the object to name in the page's resources. */
export function addFont(file: Growing, { letters, name }: TypeCase, face: Face, { font, bytes }: Typeface): number {
  const all = [...letters.values()].map(({ letter }) => letter)
  const postscript = `${tagOf(name)}+${font.postscriptName}`
  const descriptor = addDescriptor(file, { postscript, face, font, program: cutTo(bytes, all.map(({ id }) => id)), glyphs: all.length + 1 })
  const widths = [font.getGlyph(0)?.advanceWidth ?? 0, ...all.map(({ advance }) => advance * font.unitsPerEm)].map(perMille(font))
  const cidFont = add(file, `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${postscript} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> `
    + `/CIDToGIDMap /Identity /DW 1000 /W [ 0 [ ${widths.join(' ')} ] ] /FontDescriptor ${ref(descriptor)} >>`)
  const toUnicode = add(file, deflated('', Buffer.from(unicodeMap(all), 'latin1')))
  return add(file, `<< /Type /Font /Subtype /Type0 /BaseFont /${postscript} /Encoding /Identity-H /DescendantFonts [ ${ref(cidFont)} ] /ToUnicode ${ref(toUnicode)} >>`)
}

function addDescriptor(file: Growing, { postscript, face, font, program, glyphs }: { postscript: string; face: Face; font: Font; program: Buffer; glyphs: number }): number {
  const outlines = add(file, deflated(`/Length1 ${program.length}`, program))
  // ISO 19005-1 asks which glyphs there are, part 2 allows to say it: all of them.
  const present = add(file, plain('', Buffer.from(Array.from({ length: Math.ceil(glyphs / 8) }, (_, index) => byteOf(glyphs - 8 * index)))))
  const { minX, minY, maxX, maxY } = font.bbox
  const [ascent, descent, capHeight, ...box] = [font.ascent, font.descent, font.capHeight, minX, minY, maxX, maxY].map(perMille(font))
  return add(file, `<< /Type /FontDescriptor /FontName /${postscript} /Flags ${face.startsWith('serif') ? 6 : 4} /FontBBox [ ${box.join(' ')} ] /ItalicAngle 0 `
    + `/Ascent ${ascent} /Descent ${descent} /CapHeight ${capHeight} /StemV ${face.endsWith('Bold') ? 120 : 80} /FontFile2 ${ref(outlines)} /CIDSet ${ref(present)} >>`)
}

const perMille = ({ unitsPerEm }: Font) => (value: number) => Math.round(value * 1000 / unitsPerEm)
export const hex = (code: number): string => code.toString(16).padStart(4, '0')

const byteOf = (left: number) => left >= 8 ? 0xFF : 0xFF << (8 - left) & 0xFF

// ISO 32000-1, 9.6.4: six capitals tell subsets of one font apart.
const tagOf = (name: string) => name.slice(0, 6).padEnd(6, 'x').toUpperCase()

function unicodeMap(letters: Letter[]): string {
  const rows = letters.map(({ cluster }, index) => `<${hex(index + 1)}> <${utf16(cluster)}>`)
  const blocks = Array.from({ length: Math.ceil(rows.length / 100) }, (_, block) => rows.slice(100 * block, 100 * block + 100)) // a block holds no more
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
${blocks.map(block => `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`).join('\n')}
endcmap CMapName currentdict /CMap defineresource pop end end`
}

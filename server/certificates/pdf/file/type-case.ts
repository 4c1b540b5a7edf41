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
export function addFont(file: Growing, { letters, name }: TypeCase, face: Face, typeface: Typeface): number {
  const all = [...letters.values()].map(({ letter }) => letter)
  const { font, bytes } = typeface
  const program = add(file, deflatedProgram(cutTo(bytes, all.map(({ id }) => id))))
  // ISO 19005-1 asks which glyphs there are, part 2 allows to say it: all of them.
  const present = add(file, plain('', Buffer.from(Array.from({ length: Math.ceil((all.length + 1) / 8) }, (_, index) => byteOf(all.length + 1 - 8 * index)))))
  const perMille = (value: number) => Math.round(value * 1000 / font.unitsPerEm)
  const { minX, minY, maxX, maxY } = font.bbox
  const postscript = `${tagOf(name)}+${font.postscriptName}`
  const descriptor = add(file, `<< /Type /FontDescriptor /FontName /${postscript} /Flags ${face.startsWith('serif') ? 6 : 4} `
    + `/FontBBox [ ${[minX, minY, maxX, maxY].map(perMille).join(' ')} ] /ItalicAngle 0 /Ascent ${perMille(font.ascent)} /Descent ${perMille(font.descent)} /CapHeight ${perMille(font.capHeight)} /StemV ${face.endsWith('Bold') ? 120 : 80} `
    + `/FontFile2 ${ref(program)} /CIDSet ${ref(present)} >>`)
  const widths = [0, ...all.map(({ advance }) => Math.round(advance * 1000))]
  widths[0] = perMille(font.getGlyph(0)?.advanceWidth ?? font.unitsPerEm)
  const cidFont = add(file, `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${postscript} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> `
    + `/CIDToGIDMap /Identity /DW 1000 /W [ 0 [ ${widths.join(' ')} ] ] /FontDescriptor ${ref(descriptor)} >>`)
  const toUnicode = add(file, deflated('', Buffer.from(unicodeMap(all), 'latin1')))
  return add(file, `<< /Type /Font /Subtype /Type0 /BaseFont /${postscript} /Encoding /Identity-H /DescendantFonts [ ${ref(cidFont)} ] /ToUnicode ${ref(toUnicode)} >>`)
}

export const hex = (code: number): string => code.toString(16).padStart(4, '0')

const deflatedProgram = (program: Buffer) => deflated(`/Length1 ${program.length}`, program, 5)
const byteOf = (left: number) => left >= 8 ? 0xFF : 0xFF << (8 - left) & 0xFF

// ISO 32000-1, 9.6.4: six capitals tell subsets of one font apart.
const tagOf = (name: string) => [...name.padEnd(6, 'A')].slice(0, 6).map(character => String.fromCharCode(65 + character.charCodeAt(0) % 26)).join('')

function unicodeMap(letters: Letter[]): string {
  const rows = letters.map(({ cluster }, index) => `<${hex(index + 1)}> <${utf16(cluster)}>`)
  const blocks = Array.from({ length: Math.ceil(rows.length / 100) }, (_, block) => rows.slice(100 * block, 100 * block + 100)) // a block holds no more
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
${blocks.map(block => `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`).join('\n')}
endcmap CMapName currentdict /CMap defineresource pop end end`
}

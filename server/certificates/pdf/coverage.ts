import type { Font } from '@cantoo/fontkit'

/** Whether this font has a glyph of its own for the cluster: base character and, when there is one, its variation selector. */
export function canDraw(font: Font, cluster: string): boolean {
  if (/^(\p{C}|[\u2028\u2029])/u.test(cluster)) return false // no ink of its own: a control would vanish from a legal name unseen
  const [base, ...rest] = [...cluster].map(character => character.codePointAt(0) ?? 0)
  if (base === undefined || !font.hasGlyphForCodePoint(base)) return false
  if (rest.length === 0) return true
  return rest.length === 1 && rest.every(selector => hasVariant(font, base, selector))
}

type Variants = { varSelector: number; defaultUVS?: { startUnicodeValue: number; additionalCount: number }[] | null
  nonDefaultUVS?: { unicodeValue: number }[] | null }
type WithVariants = { cmap: { tables: { table: { version: number; varSelectors?: { toArray(): Variants[] } } }[] } }

// OpenType cmap format 14. The layout engine falls back to the base glyph without a word, and so would print another form of a name.
function hasVariant(font: Font, base: number, selector: number): boolean {
  const table = (font as unknown as WithVariants).cmap.tables.find(entry => entry.table.version === 14)?.table
  const variants = table?.varSelectors?.toArray().find(entry => entry.varSelector === selector)
  if (!variants) return false
  const isDefault = variants.defaultUVS?.some(range => base >= range.startUnicodeValue && base <= range.startUnicodeValue + range.additionalCount)
  return isDefault || (variants.nonDefaultUVS?.some(mapping => mapping.unicodeValue === base) ?? false)
}

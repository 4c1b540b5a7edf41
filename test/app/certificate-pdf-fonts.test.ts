import { Blob, Face, Font } from 'harfbuzzjs'
import { describe, expect, it } from 'vitest'
import { cutTo } from '../../server/certificates/pdf/file/true-type.ts'
import { faces, openFaces, type Face as FaceName } from '../../server/certificates/pdf/fonts.ts'

const opened = (bytes: Buffer) => new Font(new Face(new Blob(bytes)))
const some = Array.from({ length: 40 }, (_, index) => 1 + index * 427)

describe('a font cut down to some of its glyphs, read by HarfBuzz', () => {
  it.each(faces)('keeps outline and advance of each, in the new order: %s', async (face: FaceName) => {
    const { bytes } = (await openFaces())[face]
    const [whole, cut] = [opened(bytes), opened(cutTo(bytes, some))]
    const [before, after] = [some.map(glyph => [whole.glyphToPath(glyph), whole.glyphHAdvance(glyph)]), some.map((_, index) => [cut.glyphToPath(index + 1), cut.glyphHAdvance(index + 1)])]
    expect(after).toEqual(before)
    expect(cut.glyphToPath(0)).toBe(whole.glyphToPath(0))
    expect(before.filter(([path]) => path !== '').length).toBeGreaterThan(30)
    expect(cutTo(bytes, some).length).toBeLessThan(40_000)
  })

  it('sums up to what OpenType asks, table by table and as a whole', async () => {
    const font = cutTo((await openFaces()).serif.bytes, some)
    expect(sumOf(font)).toBe(0xB1B0_AFBA)
    const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => font.subarray(12 + 16 * index, 28 + 16 * index))
    expect(tables.map(row => row.toString('latin1', 0, 4))).toEqual(['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'])
    for (const row of tables.filter(row => row.toString('latin1', 0, 4) !== 'head')) {
      expect(sumOf(font.subarray(row.readUInt32BE(8), row.readUInt32BE(8) + Math.ceil(row.readUInt32BE(12) / 4) * 4))).toBe(row.readUInt32BE(4))
    }
  })

  it('is refused where a glyph is made of others: they would be missing', async () => {
    const { bytes } = (await openFaces()).serif
    const changed = Buffer.from(bytes)
    const tables = Array.from({ length: bytes.readUInt16BE(4) }, (_, index) => 12 + 16 * index)
    const offsetOf = (tag: string) => bytes.readUInt32BE((tables.find(entry => bytes.toString('latin1', entry, entry + 4) === tag) ?? 0) + 8)
    changed.writeInt16BE(-1, offsetOf('glyf') + bytes.readUInt32BE(offsetOf('loca') + 4 * 20))
    expect(() => cutTo(changed, [20])).toThrow('made of others')
    expect(() => cutTo(changed, [21])).not.toThrow()
  })
})

function sumOf(bytes: Buffer): number {
  let sum = 0
  for (let index = 0; index < bytes.length; index += 4) sum = (sum + bytes.readUInt32BE(index)) >>> 0
  return sum
}

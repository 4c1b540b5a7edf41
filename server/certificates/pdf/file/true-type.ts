// Cuts a TrueType font down to some of its glyphs (OpenType 1.9: glyf, loca, hmtx). Ours have neither composite glyphs nor hints beyond `prep`.
const kept = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'] as const
type Table = (typeof kept)[number]

/** The font with these glyphs, numbered from 1 in this order; 0 stays the box of a missing one. Throws for a composite glyph. */
export function cutTo(font: Buffer, glyphs: readonly number[]): Buffer {
  const tables = tablesOf(font)
  const numbers = [0, ...glyphs]
  const outlines = numbers.map(glyph => outlineOf(tables, glyph))
  const hmtx = Buffer.concat(numbers.map(glyph => metricsOf(tables, glyph)))
  return joined({ ...tables, glyf: Buffer.concat(outlines), loca: locations(outlines), hmtx, ...counted(tables, numbers.length) })
}

type Tables = Partial<Record<Table, Buffer>>

function tablesOf(font: Buffer): Tables {
  const entries = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + 16 * index).map(entry => {
    const offset = font.readUInt32BE(entry + 8)
    return [font.toString('latin1', entry, entry + 4), font.subarray(offset, offset + font.readUInt32BE(entry + 12))] as const
  })
  return Object.fromEntries(entries.filter(([tag]) => (kept as readonly string[]).includes(tag)))
}

function table(tables: Tables, tag: Table): Buffer {
  const found = tables[tag]
  if (!found) throw new Error(`a font without ${tag}`)
  return found
}

// Each outline padded to four bytes, so that every table of the file is aligned.
function outlineOf(tables: Tables, glyph: number): Buffer {
  const [glyf, loca] = [table(tables, 'glyf'), table(tables, 'loca')]
  const long = table(tables, 'head').readInt16BE(50) === 1
  const at = (index: number) => long ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index)
  const outline = glyf.subarray(at(glyph), at(glyph + 1))
  if (outline.length > 0 && outline.readInt16BE(0) < 0) throw new Error(`glyph ${glyph} is made of others`)
  return outline.length % 4 === 0 ? outline : Buffer.concat([outline, Buffer.alloc(4 - outline.length % 4)])
}

function locations(outlines: Buffer[]): Buffer {
  const loca = Buffer.alloc(4 * (outlines.length + 1))
  let end = 0
  outlines.forEach((outline, index) => {
    end += outline.length
    loca.writeUInt32BE(end, 4 * (index + 1))
  })
  return loca
}

function metricsOf(tables: Tables, glyph: number): Buffer {
  const hmtx = table(tables, 'hmtx')
  const full = table(tables, 'hhea').readUInt16BE(34)
  const row = Buffer.from(hmtx.subarray(4 * Math.min(glyph, full - 1), 4 * Math.min(glyph, full - 1) + 4))
  if (glyph >= full) row.writeInt16BE(hmtx.readInt16BE(4 * full + 2 * (glyph - full)), 2) // beyond the full rows: the last advance, a bearing of its own
  return row
}

function counted(tables: Tables, glyphs: number): Tables {
  const [head, hhea, maxp] = (['head', 'hhea', 'maxp'] as const).map(tag => Buffer.from(table(tables, tag))) as [Buffer, Buffer, Buffer]
  head.writeUInt32BE(0, 8) // the sum over the whole font, set last
  head.writeInt16BE(1, 50)
  hhea.writeUInt16BE(glyphs, 34)
  maxp.writeUInt16BE(glyphs, 4)
  return { head, hhea, maxp }
}

function joined(tables: Tables): Buffer {
  const present = kept.flatMap(tag => tables[tag] ? [[tag, tables[tag]] as const] : [])
  const header = Buffer.alloc(12 + 16 * present.length)
  const power = Math.floor(Math.log2(present.length))
  header.writeUInt32BE(0x0001_0000, 0)
  const search = [present.length, 16 * 2 ** power, power, 16 * (present.length - 2 ** power)]
  search.forEach((value, index) => header.writeUInt16BE(value, 4 + 2 * index))
  const bodies: Buffer[] = [header]
  let [offset, headAt] = [header.length, 0]
  present.forEach(([tag, body], index) => {
    const padded = body.length % 4 === 0 ? body : Buffer.concat([body, Buffer.alloc(4 - body.length % 4)])
    header.write(tag, 12 + 16 * index, 'latin1')
    for (const [place, value] of [sum(padded), offset, body.length].entries()) header.writeUInt32BE(value, 16 + 16 * index + 4 * place)
    if (tag === 'head') headAt = offset
    bodies.push(padded)
    offset += padded.length
  })
  const font = Buffer.concat(bodies)
  font.writeUInt32BE((0xB1B0_AFBA - sum(font)) >>> 0, headAt + 8)
  return font
}

function sum(bytes: Buffer): number {
  let total = 0
  for (let index = 0; index < bytes.length; index += 4) total = (total + bytes.readUInt32BE(index)) >>> 0
  return total
}

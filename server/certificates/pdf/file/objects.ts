import { deflateSync } from 'node:zlib'

/** A PDF file as it grows: its bytes in order, and where each object begins (`offsets[0]` is nobody's; 0: reserved, not written yet). */
export type Growing = { pieces: Buffer[]; length: number; offsets: number[] }

// ISO 19005-2, 6.1.2: the comment tells programs that the file holds bytes above 127.
export const begun = (): Growing => ({ pieces: [Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1')], length: 15, offsets: [0] })

/** The same bytes in one piece, to be continued apart from the original. */
export const continued = ({ pieces, length, offsets }: Growing): Growing => ({ pieces: [...pieces], length, offsets: [...offsets] })

export const reserve = (file: Growing): number => file.offsets.push(0) - 1

/** Writes an object; without a number of its own it gets the next one. Returns its number. */
export function add(file: Growing, body: string | Buffer[], id = reserve(file)): number {
  file.offsets[id] = file.length
  const pieces = typeof body === 'string' ? [Buffer.from(`${id} 0 obj\n${body}\nendobj\n`, 'latin1')]
    : [Buffer.from(`${id} 0 obj\n`, 'latin1'), ...body, Buffer.from('\nendobj\n', 'latin1')]
  for (const piece of pieces) {
    file.pieces.push(piece)
    file.length += piece.length
  }
  return id
}

/** Body of a stream object as it is: archives read metadata uncompressed. */
export const plain = (entries: string, data: Buffer): Buffer[] =>
  [Buffer.from(`<< ${entries} /Length ${data.length} >>\nstream\n`, 'latin1'), data, Buffer.from('\nendstream', 'latin1')]

/** Level 4 takes half the time of zlib's own choice for one per cent more bytes. */
export const deflated = (entries: string, data: Buffer, level = 4): Buffer[] => plain(`${entries} /Filter /FlateDecode`, deflateSync(data, { level }))

/** Closes the file with one table of all objects: one revision, nothing to fall back to. Throws when a reserved object was never written. */
export function closed({ pieces, length, offsets }: Growing, trailer: string): Buffer {
  const rows = offsets.slice(1).map((offset, index) => {
    if (offset === 0) throw new Error(`object ${index + 1} was never written`)
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${offsets.length} ${trailer} >>\nstartxref\n${length}\n%%EOF\n`
  return Buffer.concat([...pieces, Buffer.from(table, 'latin1')])
}

export const ref = (id: number): string => `${id} 0 R`

/** A text string for people: UTF-16 with its mark, as hex. */
export const text = (value: string): string => `<FEFF${utf16(value)}>`

export const utf16 = (value: string): string => Buffer.from(value, 'utf16le').swap16().toString('hex').toUpperCase()

/** D:20270302010000Z, whole seconds. */
export const time = (at: Date): string => `(D:${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z)`

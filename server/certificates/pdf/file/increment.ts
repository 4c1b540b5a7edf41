import { createHash } from 'node:crypto'
import { add, ref, type Growing } from './objects.ts'

/** A finished file of our own writer, to be continued by an increment: its bytes stay as they are (ISO 32000-1, 7.5.6). */
export type Increment = { file: Growing; body: (id: number) => string; trailer: string; table: number }

/** Opens a file that this writer closed, or continued before. Throws on every other spelling: only our own files are ever continued. */
export function continuing(pdf: Buffer): Increment {
  const table = Number(/startxref\n(\d{1,10})\n%%EOF\n$/.exec(pdf.toString('latin1', pdf.length - 40))?.[1] ?? Number.NaN)
  const places = new Map<number, number>()
  let newest: string | undefined
  for (let at: number | undefined = table; at !== undefined;) {
    const { rows, trailer } = tableAt(pdf, at)
    for (const [id, place] of rows) if (!places.has(id)) places.set(id, place)
    newest ??= trailer
    at = entry(trailer, /\/Prev (\d+)/, at) // a chain that does not lead back never ends
  }
  const size = entry(newest ?? '', /\/Size (\d+)/)
  if (newest === undefined || size === undefined) throw new Error('not a file of our writer: no size')
  return { file: { pieces: [pdf], length: pdf.length, offsets: Array.from({ length: size }, () => 0) }, body: id => bodyAt(pdf, id, places.get(id)), trailer: newest, table }
}

/** Closes it with a table of what is new or changed, and a trailer that leads back to the file as it was. */
export function increased({ file: { pieces, length, offsets }, trailer, table }: Increment): Buffer {
  const rows = offsets.flatMap((offset, id) => (offset > 0 ? [`${id} 1\n${String(offset).padStart(10, '0')} 00000 n \n`] : []))
  const before = Buffer.concat(pieces), version = createHash('sha256').update(before).digest('hex').slice(0, 32).toUpperCase()
  const next = trailer.replace(/\/Size \d+/, `/Size ${offsets.length}`).replace(/ <\w+> \]/, ` <${version}> ]`).replace(/ \/Prev \d+/, '') // 14.4: the first half of /ID stays
  return Buffer.concat([before, Buffer.from(`xref\n${rows.join('')}trailer\n<< ${next} /Prev ${table} >>\nstartxref\n${length}\n%%EOF\n`, 'latin1')])
}

/** A new version of an object that is one dictionary or array: what `pattern` finds is replaced. Throws when it is not there. */
export function rewrite({ file, body }: Increment, id: number, pattern: RegExp, by: string): void {
  const before = body(id)
  if (!pattern.test(before)) throw new Error(`object ${id} is not what our writer made of it`)
  add(file, before.replace(pattern, by), id)
}

/** The number behind the reference that stands after `name`. */
export function referred(body: string, name: string): number {
  const id = entry(body, new RegExp(`${name} (\\d+) 0 R`))
  if (id === undefined) throw new Error(`no ${name} in an object of our writer`)
  return id
}

function tableAt(pdf: Buffer, at: number): { rows: [number, number][]; trailer: string } {
  const written = pdf.toString('latin1', at, at + 1_000_000)
  const [, sections = '', trailer = ''] = /^xref\n((?:\d+ \d+\n(?:\d{10} \d{5} [nf] \n)+)+)trailer\n<< (.*) >>\nstartxref\n/.exec(written) ?? []
  const rows: [number, number][] = []
  let next = 0
  for (const line of sections.split('\n')) {
    const [, offset, kind] = /^(\d{10}) \d{5} ([nf]) $/.exec(line) ?? []
    if (offset === undefined) next = Number(line.split(' ')[0])
    else if (kind === 'n') rows.push([next++, Number(offset)])
    else next += 1
  }
  if (trailer === '') throw new Error('not a file of our writer: no table where it should be')
  return { rows, trailer }
}

function bodyAt(pdf: Buffer, id: number, at: number | undefined): string {
  const head = `${id} 0 obj\n`
  const end = at === undefined ? -1 : pdf.indexOf('\nendobj\n', at, 'latin1')
  if (at === undefined || end < 0 || pdf.toString('latin1', at, at + head.length) !== head) throw new Error(`object ${ref(id)} is not where the table says`)
  return pdf.toString('latin1', at + head.length, end)
}

function entry(text: string, pattern: RegExp, below = Number.POSITIVE_INFINITY): number | undefined {
  const value = pattern.exec(text)?.[1]
  return value !== undefined && Number(value) < below ? Number(value) : undefined
}

import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { readSheet } from 'read-excel-file/node'
import type { Documents } from '../adapters/documents.ts'
import { kindOfType } from '../http/uploads/kinds.ts'
import { listZip, unpacksWithin } from '../http/uploads/zip.ts'

export type StoredList = { documentKey: string; type: string; size: number }
/** What cannot be read at all, as a value of the sentence `lists.problem_…`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly problem: 'broken' | 'too_large' | 'columns_missing' | 'columns_twice' | 'no_rows' | 'too_many_rows'
  readonly params: Record<string, string | number>
  constructor(problem: Unreadable['problem'], params: Record<string, string | number> = {}) {
    super(problem)
    this.problem = problem
    this.params = params
  }
}

const limits = { recordBytes: 65_536, sheetBytes: 8 * 1024 * 1024, unpackedBytes: 64 * 1024 * 1024 }

/** The lines of a stored list as cells, one by one, with flat memory (a sheet is bounded instead), and how many bytes have been read. Throws Unreadable. */
export async function* linesOf(store: Documents, list: StoredList): AsyncGenerator<{ cells: string[]; bytes: number }> {
  yield* kindOfType(list.type) === 'xlsx' ? sheetLines(store, list) : textLines(store, list)
}

async function* textLines(store: Documents, { documentKey, type }: StoredList): AsyncGenerator<{ cells: string[]; bytes: number }> {
  const source = await store.get(documentKey)
  let bytes = 0
  const texts = decoded(source as AsyncIterable<Uint8Array>, /charset=([\w-]+)/.exec(type)?.[1] ?? 'utf-8', read => { bytes += read })
  const first = await texts.next().catch(asUnreadable)
  const beginning = first.done ? '' : first.value
  const parser = parse({ delimiter: delimiterOf(beginning), bom: true, relax_quotes: true, relax_column_count: true, max_record_size: limits.recordBytes })
  const input = Readable.from(async function* () {
    yield beginning
    yield* texts
  }())
  input.on('error', error => parser.destroy(error)).pipe(parser)
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { cells, bytes }
  } catch (error) {
    asUnreadable(error)
  } finally {
    for (const stream of [source, input, parser]) stream.destroy()
  }
}

async function* decoded(source: AsyncIterable<Uint8Array>, charset: string, count: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { fatal: true })
  for await (const chunk of source) {
    count(chunk.length)
    yield decoder.decode(chunk, { stream: true })
  }
  yield decoder.decode()
}

function asUnreadable(error: unknown): never {
  if (String((error as { code?: string }).code).startsWith('CSV_') || error instanceof TypeError) throw new Unreadable('broken')
  throw error
}

// Whichever of the three the first line has most of; a list of names alone has none.
function delimiterOf(text: string): string {
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/).find(one => one.trim() !== '') ?? ''
  const counted = [',', '\t', ';'].map(sign => ({ sign, times: line.split(sign).length }))
  return counted.toSorted((one, other) => other.times - one.times)[0]?.sign ?? ','
}

async function* sheetLines(store: Documents, { documentKey, size }: StoredList): AsyncGenerator<{ cells: string[]; bytes: number }> {
  if (size > limits.sheetBytes) throw new Unreadable('too_large')
  const file = Buffer.concat(await (await store.get(documentKey)).toArray())
  const listing = listZip(file, file.length)
  if (!listing || listing === 'cut' || listing.unpacked > limits.unpackedBytes || !await unpacksWithin(file, limits.unpackedBytes)) throw new Unreadable('too_large')
  const rows = await readSheet(file).catch(() => { throw new Unreadable('broken') }) as unknown[][]
  for (const row of rows) yield { cells: row.map(cellText), bytes: size }
}

// A number of thirteen digits is a corporate number, not 1.2e12; a formula is its last value, and is never run.
const cellText = (cell: unknown): string => (cell == null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : typeof cell === 'number' && Number.isInteger(cell) ? cell.toFixed(0) : String(cell))

import { Readable } from 'node:stream'
import type { Cell } from './csv.ts'
import { gathered } from './gathered.ts'

type Table = { about: Record<string, string>; list: string; names: readonly string[]; rows: AsyncIterable<readonly Cell[]> }

/** A table as one JSON document with an object a line, row by row and with flat memory: programs may read it whole or line by line. */
export function jsonOf({ about, list, names, rows }: Table): Readable {
  return Readable.from(gathered((async function* () {
    let before = `${JSON.stringify(about).slice(0, -1)},${JSON.stringify(list)}:[\n`
    for await (const cells of rows) {
      yield before + JSON.stringify(Object.fromEntries(names.map((name, nth) => [name, cells[nth]])))
      before = ',\n'
    }
    yield before === ',\n' ? '\n]}\n' : `${before}]}\n`
  })()))
}

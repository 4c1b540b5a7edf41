import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Refused } from './problems.ts'

// pdf.js as it was published: its reader, its worker, and what it asks for when a document needs it (Japanese character maps, standard fonts,
// decoders of scanned pages as plain script, because our pages allow no WebAssembly).
const folder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
const parts = { cmaps: /\.bcmap$/, standard_fonts: /\.(pfb|ttf)$/, wasm: /_nowasm_fallback\.js$/ }
const scripts = ['pdf.min.mjs', 'pdf.worker.min.mjs']

export type PdfReader = { pdf: string; pdfWorker: string }
type Kept = { bytes: Buffer; type: string }

/** Where the pages find the reader: under a name that changes with the version. */
export function pdfReaderUrls(): PdfReader {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }
  const release = createHash('sha256').update(version).digest('hex').slice(0, 12)
  const [pdf = '', pdfWorker = ''] = scripts.map(name => `/assets/pdf/${release}/build/${name}`)
  return { pdf, pdfWorker }
}

/** GET /assets/pdf/:release/:part/:name: only files that were there at the start, read and compressed when they are first asked for. */
export async function servePdfReader(app: FastifyInstance) {
  const known = new Map<string, string>(scripts.map(name => [`build/${name}`, path.join(folder, 'legacy/build', name)]))
  for (const [part, names] of Object.entries(parts)) for (const name of readdirSync(path.join(folder, part))) if (names.test(name)) known.set(`${part}/${name}`, path.join(folder, part, name))
  const kept = new Map<string, Kept>()

  app.get('/assets/pdf/:release/:part/:name', { config: { may: 'anyone', operation: 'assets.read_pdf_reader' }, schema: { params: z.object({ release: z.string(), part: z.string(), name: z.string() }) } }, (request, reply) => {
    const { part, name } = request.params as { part: string; name: string }
    const file = known.get(`${part}/${name}`)
    if (!file) throw new Refused({ refused: 'not_found' })
    const { bytes, type } = kept.get(file) ?? keep(file)
    void reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding').type(type)
    const compressed = request.accepts().encoding(['gzip']) === 'gzip'
    return compressed ? reply.header('content-encoding', 'gzip').send(bytes) : reply.send(readFileSync(file))
  })

  function keep(file: string): Kept {
    const made = { bytes: gzipSync(readFileSync(file)), type: /js$/.test(file) ? 'text/javascript; charset=utf-8' : 'application/octet-stream' }
    kept.set(file, made)
    return made
  }
}

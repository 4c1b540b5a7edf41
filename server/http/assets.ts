import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build, type BuildOptions } from 'esbuild'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from './problems.ts'

type Asset = { body: Buffer; type: string; br: Buffer; gzip: Buffer }
export type Assets = { urls: { css: string; publicCss: string; registerCss: string; js: string; check: string; verify: string; offline: string; notebook: string; notebookCss: string; mark: string }; files: Map<string, Asset> }

const types: Record<string, string> = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' }
const folder = new URL('../../web/', import.meta.url).pathname

const bundling = {
  bundle: true, minify: true, write: false, outdir: folder, entryNames: '[name]', loader: { '.svg': 'dataurl' }, logLevel: 'error', target: ['es2022', 'chrome109', 'safari16', 'firefox115'],
} satisfies BuildOptions & { write: false }

/** Bundles web/ once at start, in memory: each file under a name that changes with its content, compressed beforehand. */
export async function prepareAssets(): Promise<Assets> {
  const entryPoints = ['styles/app.css', 'styles/public.css', 'styles/register.css', 'styles/notebook.css', 'enhance.ts', 'check.ts', 'verify.ts', 'offline.ts', 'notebook/notebook.ts'].map(file => folder + file)
  const { outputFiles } = await build({ ...bundling, entryPoints, format: 'esm', legalComments: 'inline' })
  const sources = [
    ...outputFiles.map(file => ({ name: basename(file.path), body: Buffer.from(file.contents) })),
    { name: 'mark.svg', body: await readFile(`${folder}mark.svg`) },
  ]
  const files = new Map<string, Asset>()
  const hashed = new Map<string, string>()
  for (const { name, body } of sources) {
    const kept = hashedName(name, body)
    files.set(kept, { body, type: types[extname(name)] ?? 'application/octet-stream', br: await promisify(brotliCompress)(body), gzip: await promisify(gzip)(body) })
    hashed.set(name, `/assets/${kept}`)
  }
  const url = (name: string) => hashed.get(name) ?? missing(name)
  return { urls: { css: url('app.css'), publicCss: url('public.css'), registerCss: url('register.css'), js: url('enhance.js'), check: url('check.js'), verify: url('verify.js'), offline: url('offline.js'), notebook: url('notebook.js'), notebookCss: url('notebook.css'), mark: url('mark.svg') }, files }
}

/** A script and, if asked, a stylesheet of web/ as text: for a page that must carry everything inside itself. */
export async function bundleInline(script: string, style?: string): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({ ...bundling, entryPoints: [script, ...(style ? [style] : [])].map(file => folder + file), format: 'iife', legalComments: 'none' })
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? ''
  return { script: text('.js'), style: text('.css') }
}

/** GET /assets/:name. The name is the content's own, so it never needs to be asked for again. */
export const serveAssets = ({ files }: Assets) => async (app: FastifyInstance) => {
  app.get<{ Params: { name: string } }>('/assets/:name', { config: { may: 'anyone', operation: 'assets.read' } }, (request, reply) => {
    const asset = files.get(request.params.name)
    if (!asset) throw new Refused({ refused: 'not_found' })
    const { encoding, body } = encoded(asset, request)
    if (encoding) void reply.header('content-encoding', encoding)
    return reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding').type(asset.type).send(body)
  })
}

const encoded = (asset: Asset, request: FastifyRequest): { encoding?: 'br' | 'gzip'; body: Buffer } => {
  const encoding = request.accepts().encoding(['br', 'gzip'])
  return encoding === 'br' || encoding === 'gzip' ? { encoding, body: asset[encoding] } : { body: asset.body }
}

const hashedName = (name: string, body: Buffer) =>
  `${basename(name, extname(name))}.${createHash('sha256').update(body).digest('hex').slice(0, 12)}${extname(name)}`

function missing(name: string): never {
  throw new Error(`web/ has no ${name}`)
}

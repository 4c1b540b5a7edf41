import { build } from 'esbuild'
import type { Page } from 'playwright-core'

const folder = new URL('../../web/notebook/', import.meta.url).pathname
let bundled: Promise<string> | undefined

/** The notebook's own modules inside a page of ours, as `notebook.<name>`: what a phone runs, without its screens. */
export async function notebookModules(page: Page) {
  bundled ??= build({
    stdin: { contents: ['store', 'lock', 'capture', 'drafts', 'known', 'outbox', 'sync', 'chunks', 'photos', 'quota', 'wipe', 'sealing'].map(name => `export * from './${name}.ts';`).join('').concat("export { heads, versionText } from '../../server/domain/notebook.ts';export { v7 } from 'uuid'"), resolveDir: folder, loader: 'ts' },
    bundle: true, write: false, format: 'iife', globalName: 'notebook', target: 'chrome109',
  }).then(({ outputFiles: [file] }) => `${file?.text};globalThis.notebook=notebook`)
  await page.evaluate(await bundled)
}

import { createHash } from 'node:crypto'
import { ByNumber } from '../../schema/certificate-shapes.ts'
import type { FileOnRegister } from '../../schema/certificate-file-shapes.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { bundleInline } from '../http/assets.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { readerKeys } from '../offline/keys.ts'
import { usedRules } from '../offline/used-rules.ts'
import type { World } from '../world.ts'
import { findFile } from './files.ts'
import { findOnRegister } from './register.ts'

type Inside = { script: string; style: string; policy: string }

/** peers.md 3.6: one file to keep. It knows one certificate as of today, checks its PDF and its second code from a disk, and can reach no network. */
export function offlinePageRoutes(app: App, { database: { db }, signer, credentialKey, now, publicUrl }: World) {
  const rateLimit = { max: 600, timeWindow: '1 minute' }
  let inside: Promise<Inside> | undefined
  app.get('/c/:number/offline.html', { config: { may: 'anyone', operation: 'certificates.offline_page', shared: true, rateLimit }, schema: { params: ByNumber } }, async (request, reply) => {
    const read = readNumber(request.params.number)
    const asked = { now: now(), publicUrl }
    const found = 'refused' in read ? null : await findOnRegister(db, read.number, asked)
    if (!found) throw new Refused({ refused: 'number_unknown' })
    const { certificate } = found
    const files = await Promise.all(certificate.editions.map(({ sha256 }) => findFile(db, sha256, asked)))
    inside ??= bundled()
    const { script, style, policy } = await inside
    const html = app.renderPage('offline/kept', request, {
      certificate, script, style, policy, site: publicUrl, keysText: JSON.stringify(await readerKeys(db, credentialKey)), kept: keptText(files, signer.root),
    })
    return reply.headers({
      'content-type': 'text/html; charset=utf-8', 'content-disposition': contentDisposition(`${certificate.number}.html`, 'attachment'), 'cache-control': 'public, max-age=30',
      vary: 'accept-language', 'content-security-policy': policy,
    }).send(html)
  })
}

// Inside a script element only "<" could end it too early.
const keptText = (files: (FileOnRegister | null)[], root: Uint8Array) =>
  JSON.stringify({ files: files.filter(Boolean), root: Buffer.from(root).toString('base64') }).replaceAll('<', '\\u003c')

// The page names its own script and style by their hashes and allows itself nothing else: a file that is checked in it cannot leave it.
async function bundled(): Promise<Inside> {
  const { script, style: all } = await bundleInline('offline-page.ts', 'styles/offline.css')
  const style = usedRules(all, script)
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return { script, style, policy: `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'` }
}

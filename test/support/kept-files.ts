import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
const root = new URL('../..', import.meta.url).pathname

/** What a careful buyer keeps of a certificate, as the journey leaves it; and the checker as it is typed. */
export function keptFilesOn({ app }: Theatre) {
  const directory = mkdtempSync(path.join(tmpdir(), 'akashi-kept-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const bytesAt = async (url: string) => {
    const { statusCode, rawPayload } = await app.inject({ method: 'GET', url, headers: { host: 'akashi.test' } })
    if (statusCode !== 200) throw new Error(`${url} answers ${statusCode}`)
    return rawPayload
  }
  const addresses = (number: string) => ({
    'certificate.pdf': `/c/${number}/certificate.pdf`, 'certificate.vc.jwt': `/c/${number}/certificate.vc.jwt`, 'did.json': '/.well-known/did.json', 'status.vc.jwt': '/credentials/status',
    'proof.json': `/c/${number}/proof.json`, 'checkpoint.txt': '/log/checkpoint', 'root.der': '/keys/root.der', 'time-stamp-root.der': '/keys/time-stamp-root.der',
  })

  /** A directory of its own with everything; `changed` replaces some of it. */
  async function keep(number: string, changed: Record<string, Uint8Array | string> = {}): Promise<string> {
    const into = mkdtempSync(path.join(directory, 'kept-'))
    for (const [name, url] of Object.entries(addresses(number))) writeFileSync(path.join(into, name), changed[name] ?? await bytesAt(url))
    return into
  }
  return { keep, bytesAt, directory, names: Object.keys(addresses('')) }
}

export type Ran = { code: number | null; out: string; err: string; says(check: string): string[] }

/** The checker in a process of its own: `npm run verify -- …` without npm. */
export async function verify(args: string[], { lang = 'en' }: { lang?: string } = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['--max-old-space-size=256', path.join(root, 'scripts/verify.ts'), ...args], { cwd: tmpdir(), env: { PATH: process.env.PATH, LANG: lang === 'ja' ? 'ja_JP.UTF-8' : 'C.UTF-8' } })
  let out = '', err = ''
  child.stdout.on('data', chunk => { out += chunk })
  child.stderr.on('data', chunk => { err += chunk })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  const says = (check: string) => (JSON.parse(out) as { checks: { check: string; verdict: string; because?: string }[] }).checks.filter(each => each.check === check).map(({ verdict, because }) => [verdict, because].filter(Boolean).join(':'))
  return { code, out, err, says }
}

import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'

const installed = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(file => file && existsSync(file))
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic']

/** The machine's own Chromium, or the one that came with the packages. */
export async function openBrowser(): Promise<Browser> {
  if (installed && process.env.CHROMIUM_PATH !== 'packaged') return chromium.launch({ executablePath: installed, args })
  const { executablePath, libraries } = await unpacked()
  return chromium.launch({ executablePath, args, env: { ...process.env, LD_LIBRARY_PATH: libraries } })
}

/** A browser with a profile of its own on the disk, as a telephone has one: what it keeps is there when it is opened again. */
export async function openProfile(directory: string, options: Parameters<typeof chromium.launchPersistentContext>[1] = {}): Promise<BrowserContext> {
  const more = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--disable-features=PreloadMediaEngagementData'], all = { ...options, args: [...args, ...more] }
  if (installed && process.env.CHROMIUM_PATH !== 'packaged') return chromium.launchPersistentContext(directory, { ...all, executablePath: installed })
  const { executablePath, libraries } = await unpacked()
  return chromium.launchPersistentContext(directory, { ...all, executablePath, env: { ...process.env, LD_LIBRARY_PATH: libraries } })
}

let asked: Promise<string | undefined> | undefined // once for all the files of a worker: to open one takes more than a second

/** Whether this machine can open one; where it must (CI) and cannot, the reason is thrown. */
export const whyNoBrowser = () => asked ??= triedOnce()

async function triedOnce(): Promise<string | undefined> {
  try {
    await (await openBrowser()).close()
    return undefined
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return `no browser: ${String(error).split('\n')[0]}`
  }
}

// A directory of its own, named by version: the package takes any file called `chromium` in the temporary directory for its binary. Never
// its own `args`: they switch web security off. Outside of Lambda it leaves its libraries packed.
async function unpacked(): Promise<{ executablePath: string; libraries: string }> {
  const directory = path.resolve('.data/chromium-153'), lock = `${directory}.lock`
  mkdirSync(path.dirname(directory), { recursive: true })
  await taken(lock) // two test files that start at once would both unpack
  const before = process.env.TMPDIR
  try {
    mkdirSync(directory, { recursive: true })
    process.env.TMPDIR = directory
    const main = createRequire(import.meta.url).resolve('@sparticuz/chromium')
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    const executablePath = await packed.executablePath()
    return { executablePath, libraries: path.join(await inflate(path.resolve(main, '../../bin/al2023.tar.br')), 'lib') }
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmdirSync(lock)
  }
}

async function taken(lock: string) {
  for (const end = Date.now() + 60_000; ; await new Promise(resolve => setTimeout(resolve, 100))) {
    try { return mkdirSync(lock) } catch (error) { if (Date.now() > end) throw error }
  }
}

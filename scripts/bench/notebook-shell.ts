import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BrowserContext } from 'playwright-core'
import { openProfile } from '../../test/support/browser.ts'
import { ownInstance } from '../journey/instance.ts'
import { median, type Measured } from './row.ts'

const rounds = 5
const slower = 4
const passphrase = 'a passphrase for the bench'

/** The field notebook as it lies on a phone: its weight, and how soon it opens without a network on a processor four times slower. */
export async function notebookShell(tell: (line: string) => void): Promise<Measured[]> {
  const instance = await ownInstance(), profile = mkdtempSync(path.join(tmpdir(), 'akashi-bench-phone-'))
  let phone: BrowserContext | undefined
  try {
    phone = await openProfile(profile, { baseURL: instance.url, locale: 'ja-JP', viewport: { width: 390, height: 844 } })
    const weight = await setUp(phone)
    tell(`set up; ${rounds} rounds on a processor ${slower} times slower`)
    await phone.setOffline(true)
    const opened: number[] = [], unlocked: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const times = await openOnce(phone)
      opened.push(times.opened)
      unlocked.push(times.unlocked)
    }
    return [
      { name: 'field notebook, page, style, script, worker, manifest and icon, gzip', value: weight / 1024, unit: 'KB', reference: { name: 'promise', value: 150 }, bar: 1, atMost: true },
      { name: `the same, opened offline on a processor ${slower} times slower, until it asks for the passphrase`, value: median(opened), unit: 's', reference: { name: 'promise', value: 1 }, bar: 1, atMost: true },
      { name: 'from the passphrase (PBKDF2, 600,000 rounds) to the open notebook', value: median(unlocked), unit: 's', reference: null, bar: null },
    ]
  } finally {
    await phone?.close()
    await instance.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

async function setUp(phone: BrowserContext): Promise<number> {
  const page = await phone.newPage()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: /佐藤/ }).click()
  await page.goto('/notebook')
  await page.fill('[name=name]', 'bench')
  await page.fill('[name=passphrase]', passphrase)
  await page.locator('form button').click()
  await page.waitForSelector('html[data-gate=open]')
  await page.waitForSelector('html[data-kept]')
  const parts = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat())
  const weights = await Promise.all([...parts, '/notebook/worker.js'].map(async part => gzipSync(await (await phone.request.get(part, { headers: { accept: 'text/html, */*' } })).body()).length))
  await page.close()
  return weights.reduce((sum, weight) => sum + weight, 0)
}

/** As the icon on the phone opens it: a tab of its own, nothing warm but the disk. */
async function openOnce(phone: BrowserContext): Promise<{ opened: number; unlocked: number }> {
  const page = await phone.newPage(), session = await phone.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto('/notebook', { waitUntil: 'commit' })
  await page.waitForSelector('html[data-gate=locked] [name=passphrase]')
  const opened = await page.evaluate(() => new Promise<number>(done => requestAnimationFrame(() => done(performance.now())))) / 1000
  await page.fill('[name=passphrase]', passphrase)
  const begun = performance.now()
  await page.locator('form button').click()
  await page.waitForSelector('html[data-gate=open]')
  const unlocked = (performance.now() - begun) / 1000
  await page.close()
  return { opened, unlocked }
}

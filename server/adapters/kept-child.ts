import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Kept = { stop(): Promise<void> }
type Told = { onDeath(code: number | null): void; onMessage?(message: unknown): void }
const patience_ms = 8000

/** Keeps one child process alive: it is started again a second after it died. `stop` waits for what it has in hand, eight seconds at most. */
export function keepAlive(file: URL, env: Record<string, string>, { onDeath, onMessage = () => undefined }: Told): Kept {
  let child: ChildProcess | undefined
  let stopping = false
  const start = () => {
    if (stopping) return
    child = fork(fileURLToPath(file), { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', onMessage).once('exit', code => {
      if (stopping) return
      onDeath(code)
      setTimeout(start, 1000)
    })
  }
  start()
  return {
    async stop() {
      stopping = true
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise(resolve => child?.once('exit', resolve))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child?.kill('SIGKILL'), patience_ms)
      await gone
      clearTimeout(timer)
    },
  }
}

/** The child's side of it, called before anything else: it ends when whoever keeps it dies, in the middle of its own start too. `stop` has eight seconds. */
export function endWithKeeper(stop: () => void): void {
  const end = () => {
    setTimeout(() => process.exit(1), patience_ms).unref()
    stop()
  }
  if (process.connected === false) end() // it died while our modules were read
  else process.on('disconnect', end)
}

import { fork, type ChildProcess } from 'node:child_process'
import type { Logger } from 'pino'

/** Keeps one job runner alive: it is started again a second after it died. `stop` waits for the job in hand. */
export function forkJobs(env: Record<string, string>, logger: Logger) {
  let child: ChildProcess | undefined
  let stopping = false
  const start = () => {
    child = fork(new URL('./runner.ts', import.meta.url).pathname, { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.once('exit', code => {
      if (stopping) return
      logger.warn({ code }, 'the job runner died; another starts')
      setTimeout(start, 1000)
    })
  }
  start()
  return {
    async stop() {
      stopping = true
      if (!child || child.exitCode !== null) return
      const gone = new Promise(resolve => child?.once('exit', resolve))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child?.kill('SIGKILL'), 8000)
      await gone
      clearTimeout(timer)
    },
  }
}

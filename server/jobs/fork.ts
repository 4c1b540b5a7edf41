import type { Logger } from 'pino'
import { keepAlive, type Kept } from '../adapters/kept-child.ts'

/** The job runner as a child of this process, started again when it dies (decisions.md 14). `stop` waits for the job in hand. */
export const forkJobs = (env: Record<string, string>, logger: Logger): Kept =>
  keepAlive(new URL('./runner.ts', import.meta.url), env, { onDeath: code => logger.warn({ code }, 'the job runner died; another starts') })

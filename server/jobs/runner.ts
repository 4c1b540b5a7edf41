import { Logger, run } from 'graphile-worker'
import pino from 'pino'
import { endWithKeeper } from '../adapters/kept-child.ts'
import { readConfig } from '../config.ts'
import { openWorld } from '../open-world.ts'
import { endWhenDeaf } from './deaf.ts'
import { tasks } from './tasks.ts'

// A process of its own (decisions.md 14): when Postgres dies while a job finishes, only this child dies, and main.ts starts another.
const config = readConfig(process.env)
const logger = pino({ level: config.logLevel, base: { process: 'jobs' } })
// One of each waits at a time, under the key that the event of a certificate queues it with too; the next hour or minute gives a failed one
// new tries. The audit alone has no key: what it found stays until a person has looked.
const crontab = ['7 * * * * sweep ?jobKey=sweep', '3 * * * * act_on_deadlines ?jobKey=act_on_deadlines', '0 * * * * publish_status ?jobKey=publish_status', '* * * * * publish_log ?jobKey=publish_log', '* * * * * turn_day ?jobKey=turn_day', '* * * * * tell_watchers ?jobKey=tell_watchers', '* * * * * deliver_webhooks ?jobKey=deliver_webhooks&queue=webhooks&priority=-1', '0 22 * * * daily_alerts ?jobKey=daily_alerts&fill=12h', '23 * * * * audit_log ?max=2', '41 18 * * * prolong ?jobKey=prolong'].join('\n')
const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'debug' } as const
let stop: () => void = () => process.exit(0) // nothing is in hand yet
endWithKeeper(() => stop())

try {
  await runJobs()
} catch (error) {
  logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'jobs stop for now')
  process.exit(1)
}

async function runJobs() {
  const world = await openWorld(config)
  // A single runner: whatever a dead one had locked is free again.
  await world.database.sql`select graphile_worker.force_unlock_workers(array(select distinct locked_by from graphile_worker.jobs where locked_by is not null))`
  const runner = await run({
    connectionString: config.databaseUrl ?? '', taskList: tasks(world), concurrency: 4, noHandleSignals: true, pollInterval: 1000, crontab,
    logger: new Logger(() => (level, message) => logger[levels[level]](message)),
  })
  logger.info('jobs run')
  endWhenDeaf(runner.events, reason => {
    logger.warn({ reason }, 'no job can be asked for')
    process.exit(1)
  })
  stop = () => void runner.stop().then(() => process.exit(0), () => process.exit(1))
  process.on('SIGTERM', stop).on('SIGINT', () => undefined) // a terminal's Ctrl-C reaches main.ts, which stops us
  await runner.promise
}

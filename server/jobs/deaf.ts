import type { WorkerEvents } from 'graphile-worker'

const unheardAtMost = 8

/**
 * A connection that a dying Postgres cut at the wrong moment can stay in graphile-worker's pool and answer every question for a job with the same error,
 * while Postgres is long back. `end` is called when eight questions in a row were not heard: a fresh runner hears again. A Postgres that is away refuses
 * new connections: then nobody would hear, and waiting costs less than starting.
 */
export function endWhenDeaf(events: WorkerEvents, end: (reason: string) => void): void {
  let unheard = 0
  const heard = () => { unheard = 0 }
  events.on('worker:getJob:empty', heard).on('job:start', heard).on('worker:getJob:error', ({ error }) => {
    if (isAway(error)) return
    unheard += 1
    if (unheard === unheardAtMost) end(error instanceof Error ? error.message : String(error))
  })
}

const isAway = (error: unknown) => ['ECONNREFUSED', '57P03'].includes(String((error as { code?: unknown } | null)?.code)) // 57P03: it is starting up

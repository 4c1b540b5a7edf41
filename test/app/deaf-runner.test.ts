import { EventEmitter } from 'node:events'
import { Logger, run, type WorkerEvents } from 'graphile-worker'
import { expect, inject, it } from 'vitest'
import { endWhenDeaf } from '../../server/jobs/deaf.ts'
import { databaseAt } from '../support/postgres.ts'
import { stage } from '../support/world.ts'

const { world: { database: { sql } } } = await stage()
const [{ name }] = await sql<[{ name: string }]>`select current_database() as name`

// A real worker that cannot ask for a job, as with a connection that a dying Postgres cut; here the table of jobs is away for a while.
const table = { away: 'alter table graphile_worker._private_jobs rename to _away', back: 'alter table graphile_worker._away rename to _private_jobs' }

it('ends after eight questions in a row that were not heard, and not before', async () => {
  const done: string[] = [], reasons: string[] = []
  const runner = await run({
    connectionString: databaseAt(inject('databaseUrl'), name), concurrency: 1, pollInterval: 200, noHandleSignals: true, crontab: '', logger: new Logger(() => () => undefined),
    taskList: { told: payload => void done.push(String((payload as { it: string }).it)) },
  })
  let unheard = 0
  runner.events.on('worker:getJob:error', () => { unheard += 1 })
  endWhenDeaf(runner.events, reason => reasons.push(reason))
  await sql.unsafe(table.away)
  await expect.poll(() => unheard, { timeout: 5000, interval: 20 }).toBeGreaterThanOrEqual(3)
  await sql.unsafe(table.back)
  await runner.addJob('told', { it: 'after a short break' })
  await expect.poll(() => done, { timeout: 5000 }).toEqual(['after a short break'])
  expect(reasons).toEqual([])
  await sql.unsafe(table.away)
  await expect.poll(() => reasons.length, { timeout: 10_000 }).toBe(1)
  await sql.unsafe(table.back)
  await runner.stop()
})

it.each([['ECONNREFUSED', 0], ['57P03', 0], ['57P01', 1]])('waits while Postgres is away: %s asked for twenty times ends it %i times', (code, ends) => {
  const events = new EventEmitter() as WorkerEvents, reasons: string[] = []
  endWhenDeaf(events, reason => reasons.push(reason))
  for (let asked = 0; asked < 20; asked += 1) events.emit('worker:getJob:error', { error: Object.assign(new Error(code), { code }) } as never)
  expect(reasons.length).toBe(ends)
})

import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { StuckJobs } from '../../schema/job-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { jobProblem } from '../domain/job-problem.ts'
import type { Refusal } from '../domain/refusal.ts'
import { record, type By } from '../journal/record.ts'

// graphile-worker takes key and tries from a job in hand when another is queued under its key: should it die, its successor does the work.
// Only the hourly audit is queued without a key: what it found waits for a person.
const superseded = sql`key is null and attempts >= max_attempts and locked_at is null and task_identifier <> 'audit_log'`
const givenUp = sql`attempts >= max_attempts and locked_at is null and not (${superseded})`

type Row = { id: string; job: string; tries: number; most: number; problem: string | null; since: Date; nextAt: Date }

/** The jobs that failed and are not in hand, those that stopped first. */
export async function stuckJobs(db: Db): Promise<z.infer<typeof StuckJobs>> {
  const rows = await db.execute<Row>(sql`
    select id::text, task_identifier as job, attempts as tries, max_attempts as most, last_error as problem, created_at as since, run_at as "nextAt" from graphile_worker.jobs
    where locked_at is null and attempts > 0 and (${givenUp} or (attempts < max_attempts and last_error is not null)) order by (attempts >= max_attempts) desc, id limit 200`)
  const jobs = [...rows].map(({ most, problem, since, nextAt, ...row }) => {
    const state = row.tries >= most ? 'stopped' as const : 'again' as const
    return { ...row, state, problem: jobProblem(problem), since: new Date(since), nextAt: state === 'again' ? new Date(nextAt) : null }
  })
  return { jobs, stopped: await stoppedJobs(db) }
}

/** How many wait for a person. */
export async function stoppedJobs(db: Db): Promise<number> {
  const [row] = await db.execute<{ stopped: number }>(sql`select count(*)::int as stopped from graphile_worker.jobs where ${givenUp}`)
  return row?.stopped ?? 0
}

/** Gives a job that failed all its tries anew, from now on. */
export async function retryJob(tx: Db, id: string, by: By): Promise<{ id: string; job: string } | Refusal> {
  const [job] = await tx.execute<{ id: string; job: string }>(sql`
    select r.id::text, j.task_identifier as job from graphile_worker.reschedule_jobs(array(
      select id from graphile_worker.jobs where id = ${id}::bigint and locked_at is null and attempts > 0 and not (${superseded})), run_at => now(), attempts => 0) r
    join graphile_worker.jobs j on j.id = r.id`)
  if (!job) return { refused: 'no_such_step' }
  await record(tx, by, { operation: 'jobs.retry', after: { job: job.job } })
  return job
}

/** Takes away what a successor has done. */
export const dropSuperseded = (db: Db) => db.execute(sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where ${superseded}))`)

import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

export const jobNames = ['send_mail', 'scan_document', 'settle_arrived', 'issue_certificate', 'reissue', 'prolong', 'publish_status', 'publish_log', 'audit_log', 'turn_day', 'check_list', 'act_on_deadlines', 'reduce_scope', 'tell_watchers', 'daily_alerts', 'deliver_webhooks', 'export_due_diligence', 'sweep'] as const
export type JobName = (typeof jobNames)[number]

const max_attempts = 12
const keyOf = (job: JobName, payload: Record<string, string>) => [job, ...Object.values(payload)].join(':')

/** Queues a job in the transaction of its cause: a rollback leaves none. One job per key waits at any time; every job may run twice. */
export async function enqueueJob(tx: Db, job: JobName, payload: Record<string, string> = {}): Promise<void> {
  await enqueueJobs(tx, job, [payload])
}

/** The same, `seconds` from now: whatever asks for it meanwhile is served by the one that waits, and does not put it off. */
export async function enqueueJobSoon(tx: Db, job: JobName, payload: Record<string, string>, seconds: number): Promise<void> {
  const key = keyOf(job, payload)
  await tx.execute(sql`select graphile_worker.add_job(${job}, ${JSON.stringify(payload)}::json, job_key => ${key}, job_key_mode => 'preserve_run_at', run_at => now() + ${seconds} * interval '1 second', max_attempts => ${max_attempts})`)
}

/** The same as enqueueJob for many payloads, in one statement. */
export async function enqueueJobs(tx: Db, job: JobName, payloads: readonly Record<string, string>[]): Promise<void> {
  const jobs = JSON.stringify(payloads.map(payload => ({ payload, key: keyOf(job, payload) })))
  await tx.execute(sql`select graphile_worker.add_job(${job}, (j->'payload')::json, job_key => j->>'key', max_attempts => ${max_attempts}) from jsonb_array_elements(${jobs}::jsonb) j`)
}

import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

export const jobNames = ['send_mail', 'scan_document', 'issue_certificate', 'reissue', 'prolong', 'publish_status', 'publish_log', 'audit_log', 'turn_day', 'check_list', 'act_on_deadlines', 'reduce_scope', 'tell_watchers', 'daily_alerts', 'deliver_webhooks', 'export_due_diligence', 'sweep'] as const
export type JobName = (typeof jobNames)[number]

/** Queues a job in the transaction of its cause: a rollback leaves none. One job per key waits at any time; every job may run twice. */
export async function enqueueJob(tx: Db, job: JobName, payload: Record<string, string> = {}): Promise<void> {
  await enqueueJobs(tx, job, [payload])
}

/** The same for many payloads, in one statement. */
export async function enqueueJobs(tx: Db, job: JobName, payloads: readonly Record<string, string>[]): Promise<void> {
  const jobs = JSON.stringify(payloads.map(payload => ({ payload, key: [job, ...Object.values(payload)].join(':') })))
  await tx.execute(sql`select graphile_worker.add_job(${job}, (j->'payload')::json, job_key => j->>'key', max_attempts => 12) from jsonb_array_elements(${jobs}::jsonb) j`)
}

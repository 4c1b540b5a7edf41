import { desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { certificateFiles, certificates } from '../../schema/certificates.ts'
import type { CertificateProgress, IssuingState } from '../../schema/decision-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { jobProblem } from '../domain/job-problem.ts'

export type Progress = z.infer<typeof CertificateProgress>

/** The certificate of a case and how far it is on its way out; null before the decision. For employer and staff: the public sees issued ones only. */
export async function certificateOf(db: Db, applicationId: string): Promise<Progress | null> {
  const [row] = await db.select({ id: certificates.id, number: certificates.number, state: certificates.state, issuedOn: certificates.issuedOn, expiresOn: certificates.expiresOn, sha256: certificateFiles.sha256 })
    .from(certificates).leftJoin(certificateFiles, eq(certificateFiles.certificateId, certificates.id)).where(eq(certificates.applicationId, applicationId))
    .orderBy(desc(certificateFiles.edition), desc(certificateFiles.sealedAt)).limit(1)
  if (!row) return null
  const { id, number, issuedOn, expiresOn, sha256 } = row
  const { state, problem } = row.state === 'issued' ? { state: 'issued' as const, problem: null } : await jobState(db, id)
  return { id, number, state, problem, issuedOn, expiresOn, sha256, url: row.state === 'issued' ? `/c/${number}` : null }
}

type Job = { attempts: number; most: number; running: boolean; problem: string | null }

async function jobState(db: Db, certificateId: string): Promise<Pick<Progress, 'state' | 'problem'>> {
  const [job] = await db.execute<Job>(sql`select attempts, max_attempts as most, locked_at is not null as running, last_error as problem from graphile_worker.jobs where key = ${`issue_certificate:${certificateId}`}`)
  if (!job) return { state: 'failed', problem: null } // it was taken away: nothing will happen by itself
  return { state: stateOf(job), problem: jobProblem(job.problem) }
}

function stateOf({ attempts, most, running }: Job): z.infer<typeof IssuingState> {
  if (running) return 'running'
  if (attempts >= most) return 'failed'
  return attempts > 0 ? 'retrying' : 'waiting'
}

import { desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { certificateFiles, certificates } from '../../schema/certificates.ts'
import type { CertificateProgress, IssuingState } from '../../schema/decision-shapes.ts'
import type { Db } from '../adapters/database.ts'

export type Progress = z.infer<typeof CertificateProgress>

/** The certificate of a case and how far it is on its way out; null before the decision. For employer and staff: the public sees issued ones only. */
export async function certificateOf(db: Db, applicationId: string): Promise<Progress | null> {
  const [row] = await db.select({ id: certificates.id, number: certificates.number, state: certificates.state, issuedOn: certificates.issuedOn, expiresOn: certificates.expiresOn, sha256: certificateFiles.sha256 })
    .from(certificates).leftJoin(certificateFiles, eq(certificateFiles.certificateId, certificates.id)).where(eq(certificates.applicationId, applicationId))
    .orderBy(desc(certificateFiles.edition), desc(certificateFiles.sealedAt)).limit(1)
  if (!row) return null
  const { id, number, issuedOn, expiresOn, sha256 } = row
  const state = row.state === 'issued' ? 'issued' : await jobState(db, id)
  return { id, number, state, issuedOn, expiresOn, sha256, url: row.state === 'issued' ? `/c/${number}` : null }
}

type Job = { attempts: number; most: number; running: boolean }

async function jobState(db: Db, certificateId: string): Promise<z.infer<typeof IssuingState>> {
  const [job] = await db.execute<Job>(sql`select attempts, max_attempts as most, locked_at is not null as running from graphile_worker.jobs where key = ${`issue_certificate:${certificateId}`}`)
  if (!job) return 'failed' // it was taken away: nothing will happen by itself
  if (job.running) return 'running'
  if (job.attempts >= job.most) return 'failed'
  return job.attempts > 0 ? 'retrying' : 'waiting'
}

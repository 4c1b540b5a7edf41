import { asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { certificates } from '../../schema/certificates.ts'
import { misuseReports, misuseReportSteps } from '../../schema/misuse-reports.ts'
import type { MisuseStepForm } from '../../schema/misuse-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { mayTake, misuseState } from '../domain/misuse.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type Step = { reportId: string; body: z.infer<typeof MisuseStepForm>; viewer: Viewer; now: Date; requestId: string }

/** C23: what the secretariat does about a report. Append-only; the lock keeps two operators from closing it both ways. */
export async function takeStep(tx: Db, { reportId, body: { step, note }, viewer, now, requestId }: Step): Promise<{ stepId: string } | Refusal> {
  const [report] = await tx.select({ certificateId: misuseReports.certificateId }).from(misuseReports).where(eq(misuseReports.id, reportId)).for('update')
  if (!report) return { refused: 'not_found' }
  const [own] = report.certificateId ? await tx.select({ applicationId: certificates.applicationId, employerId: certificates.employerId }).from(certificates).where(eq(certificates.id, report.certificateId)) : []
  if (own && viewer.tiedTo.includes(own.employerId)) {
    await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'misuse_reports.step.refused', ...own, subjectId: reportId, after: { refused: 'has_interest' } })
    return { refused: 'not_found' }
  }
  const taken = await tx.select({ step: misuseReportSteps.step }).from(misuseReportSteps).where(eq(misuseReportSteps.reportId, reportId)).orderBy(asc(misuseReportSteps.at), asc(misuseReportSteps.id))
  const before = misuseState(taken.map(({ step }) => step))
  const may = mayTake(before, step)
  if (isRefusal(may)) return may
  const [row] = await tx.insert(misuseReportSteps).values({ reportId, step, note, takenBy: viewer.personId, at: now }).returning({ stepId: misuseReportSteps.id })
  if (!row) throw new Error('the step just written is not there')
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'misuse_reports.step', ...own, subjectId: reportId, before: { state: before }, after: { step } })
  return row
}

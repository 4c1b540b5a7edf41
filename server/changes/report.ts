import type { z } from 'zod'
import type { ChangeForm } from '../../schema/change-shapes.ts'
import { changeReports } from '../../schema/changes.ts'
import { newId } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { reviewBy } from '../domain/changes.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailReported } from './mail.ts'
import { certificateInForce } from './queries.ts'

type Reporting = { form: z.infer<typeof ChangeForm>; viewer: Viewer; requestId: string; now: Date }

/** C15: the holder reports a change; it learns by when it is reviewed, and the secretariat that there is one. */
export async function reportChange(tx: Db, { form: { kind, happenedOn, account, workersBefore, workersNow }, viewer: { employerId, personId, today }, requestId, now }: Reporting): Promise<{ reportId: string; reviewBy: string } | Refusal> {
  const certificate = employerId && await certificateInForce(tx, employerId, today)
  if (!employerId || !certificate) return { refused: 'not_found' }
  if (happenedOn > today) return { refused: 'needs', missing: ['change_day_past'] }
  const reportId = newId(), due = reviewBy(kind, today), { certificateId, applicationId } = certificate
  await tx.insert(changeReports).values({ id: reportId, certificateId, kind, happenedOn, account, ...(kind === 'head_count' ? { workersBefore, workersNow } : {}), reviewBy: due, reportedBy: personId, reportedAt: now })
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'changes.report', applicationId, employerId, subjectId: reportId, after: { kind, happenedOn, reviewBy: due } })
  await mailReported(tx, { ...certificate, employerId, id: reportId, kind, reviewBy: due }, today)
  return { reportId, reviewBy: due }
}

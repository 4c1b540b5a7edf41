import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { ReviewForm } from '../../schema/change-shapes.ts'
import { changeReviews } from '../../schema/changes.ts'
import { newId } from '../../schema/shared.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailReviewed } from './mail.ts'
import { changesAmong } from './queries.ts'

type Reviewing = { reportId: string; form: z.infer<typeof ReviewForm>; viewer: Viewer; requestId: string; now: Date }

/** C15: the secretariat says what a change comes to, once, with reasons that the holder reads. Nothing happens to the certificate by it. */
export async function reviewChange(tx: Db, { reportId, form: { outcome, reasons }, viewer, requestId, now }: Reviewing): Promise<{ reviewId: string } | Refusal> {
  const [change] = await changesAmong(tx, viewer, sql`r.id = ${reportId}`)
  if (!change) return { refused: 'not_found' }
  if (change.outcome) return { refused: 'already_decided' }
  try {
    const reviewId = newId()
    await within(tx, savepoint => savepoint.insert(changeReviews).values({ id: reviewId, reportId, outcome, reasons, reviewedBy: viewer.personId, reviewedAt: now }))
    await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'changes.review', applicationId: change.applicationId, employerId: change.employerId, subjectId: reportId, after: { outcome } })
    await mailReviewed(tx, change, { outcome, reasons })
    return { reviewId }
  } catch (error) {
    const refused = ({ change_is_reviewed_once: 'already_decided', change_reviewer_has_no_tie: 'not_found' } as const)[violatedConstraint(error) as 'change_is_reviewed_once']
    if (!refused) throw error
    return { refused }
  }
}

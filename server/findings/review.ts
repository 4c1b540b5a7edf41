import type { z } from 'zod'
import type { ReviewForm } from '../../schema/finding-shapes.ts'
import { findingReviews } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { effectFrom, effectIsChecked } from '../domain/duties.ts'
import { mayReview } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { raiseAnew } from './anew.ts'
import { documentsOf } from './documents.ts'
import { setNextDue } from './due.ts'
import { findFinding } from './find.ts'
import { mailSecond } from './mail.ts'
import type { Finding } from './queries.ts'
import type { FindingChange } from './respond.ts'

/** C9, C11: the assessor's word on the employer's latest answer. Closing says by what: a document of the employer, or a note. */
export async function review(tx: Db, { findingId, viewer, body, now, requestId }: FindingChange<z.infer<typeof ReviewForm>>): Promise<{ reviewId: string } | Refusal> {
  const found = await findFinding(tx, findingId, viewer, { lock: true })
  if (isRefusal(found)) return found
  const { theCase, finding } = found
  if (theCase.held.includes('assessor') && !theCase.declared) return { refused: 'interests_not_declared' }
  const latest = finding.responses.at(-1)
  if (theCase.held.includes('assessor') && latest?.id !== body.responseId) return { refused: 'stale' }
  const may = mayReview({ ...finding, stage: theCase.stage, held: theCase.held, done: latest?.done ?? null, effectFrom: effectFromOf(finding) }, body.outcome, now)
  if (isRefusal(may)) return may
  const isBare = body.outcome === 'verified' && body.note === '' && (await documentsOf(tx, findingId)).length === 0
  if (isBare) return { refused: 'needs', missing: ['verified_by_something'] }
  const [row] = await tx.insert(findingReviews)
    .values({ findingId, responseId: body.responseId, outcome: body.outcome, note: body.note, reviewedBy: viewer.personId, reviewedAt: now }).returning({ id: findingReviews.id })
  if (!row) throw new Error('the review just written is not there')
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: 'findings.review', applicationId: theCase.id, employerId: theCase.employerId, subjectId: findingId, before: { state: finding.state }, after: { outcome: body.outcome },
  })
  if (body.outcome === 'not_effective') await raiseAnew(tx, theCase, finding, { grade: finding.grade, escalation: 'ineffective', personId: viewer.personId, requestId, now })
  if (body.outcome === 'verified' && finding.grade === 'zero_tolerance') await mailSecond(tx, theCase, { findingId, reviewId: row.id, now })
  await setNextDue(tx, theCase)
  return { reviewId: row.id }
}

/** From when the effect of what was closed can be judged; null where it is not asked. */
export const effectFromOf = ({ grade, closedAt }: Finding): Date | null => (closedAt && effectIsChecked(grade) ? effectFrom(closedAt) : null)

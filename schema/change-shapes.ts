import { z } from 'zod'
import { changeKinds, reviewOutcomes } from '../server/domain/changes.ts'
import { standings } from '../server/domain/standing.ts'
import { count, day, neededProse, oneOf } from './forms.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

const number = () => z.union([z.literal('').transform(() => null), count(0, 100_000)]).optional().transform(value => value ?? null)
export const ChangeForm = z.object({
  kind: oneOf(changeKinds), happenedOn: day(), account: neededProse(4000), workersBefore: number(), workersNow: number(), once: Once,
}).superRefine(({ kind, workersBefore, workersNow }, context) => {
  for (const [path, value] of [['workersBefore', workersBefore], ['workersNow', workersNow]] as const) {
    if (kind === 'head_count' && value === null) context.addIssue({ code: 'custom', path: [path], message: 'field_missing' })
  }
})
const Change = z.object({
  id: Id, kind: z.enum(changeKinds), happenedOn: LegalDate, account: z.string(), workersBefore: z.number().nullable(), workersNow: z.number().nullable(),
  reportedAt: Instant, reportedLate: z.boolean(), reviewBy: LegalDate, overdue: z.boolean(),
  outcome: z.enum(reviewOutcomes).nullable(), reasons: z.string().nullable(), reviewedAt: Instant.nullable(),
})
const Of = Change.extend({ certificateId: Id, number: z.string(), nameJa: z.string(), nameEn: z.string(), reviewer: z.string().nullable() })
export const OwnChanges = z.object({ certificate: z.string().nullable(), reportDays: z.number(), today: LegalDate, changes: z.array(Change) })
export const Changes = z.object({ changes: z.array(Of), waiting: z.number(), overdue: z.number() })
export const ChangePage = Of.extend({ standing: z.enum(standings), mayReview: z.boolean() })
export const ChangeReported = z.object({ reportId: Id, reviewBy: LegalDate })
export const ReviewForm = z.object({ outcome: oneOf(reviewOutcomes), reasons: neededProse(4000), once: Once })
export const ChangeReviewed = z.object({ reviewId: Id })

import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Rated, RatingForm } from '../../schema/assessment-forms.ts'
import { ratings } from '../../schema/assessments.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { mayRateIn } from '../domain/desk-review.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { nextToRate } from './bench.ts'
import { materialOf } from './queries.ts'

type Rating = z.infer<typeof RatingForm> & { applicationId: string; criterion: string; requestId: string }
type Outcome = z.infer<typeof Rated> & { next: string | null }

/** Rates one criterion. The row of the case is locked, so of two assessors the second is told `stale` and nothing is overwritten. `next`: what to rate then. */
export function rate(db: Db, viewer: Viewer, { applicationId, criterion, rating, note, version, once, requestId }: Rating, now: Date): Promise<Outcome | Refusal> {
  return writeOnce<Outcome>(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
    if (isRefusal(theCase)) return theCase
    const criteria = await criteriaFor(tx, theCase, now)
    if (!criteria.some(({ id }) => id === criterion)) return { refused: 'not_found' }
    if (!mayRateIn(theCase.stage)) return { refused: 'closed_for_changes' }
    const of = and(eq(ratings.applicationId, applicationId), eq(ratings.criterion, criterion))
    const [before] = await tx.select().from(ratings).where(of)
    if ((before?.version ?? 0) !== version) return { refused: 'stale' }
    const kept = { rating, note, version: version + 1, ratedBy: viewer.personId, ratedAt: now }
    await (before ? tx.update(ratings).set(kept).where(of) : tx.insert(ratings).values({ applicationId, criterion, ...kept }))
    await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
      operation: 'assessments.rate', applicationId, employerId: theCase.employerId, subjectId: criterion, before: before && { rating: before.rating, note: before.note }, after: { rating, note },
    })
    return { criterion, rating, version: kept.version, next: nextToRate(criteria, await materialOf(tx, applicationId)) }
  })
}

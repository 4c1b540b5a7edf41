import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { ClosureForm } from '../../schema/finding-shapes.ts'
import { findingClosures } from '../../schema/findings.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { mayClose } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { setNextDue } from './due.ts'
import { findFinding } from './find.ts'
import { mailSecond } from './mail.ts'
import type { Closing, Finding } from './queries.ts'
import type { FindingChange } from './respond.ts'

/**
 * domain.md, decision rule: two deciders close a zero-tolerance finding, the first to say so by a signature that closes nothing yet. Whoever verified it took
 * part; they must not have (the database has the last word), and that somebody tried stays on record (C4): the caller commits a refusal.
 */
export async function closeFinding(tx: Db, { findingId, viewer, body, now, requestId }: FindingChange<z.infer<typeof ClosureForm>>): Promise<{ closureId: string; outcome: Closing['outcome'] } | Refusal> {
  const found = await findFinding(tx, findingId, viewer, { lock: true })
  if (isRefusal(found)) return found
  const { theCase, finding } = found
  const may = mayClose({ ...finding, stage: theCase.stage, held: theCase.held })
  if (isRefusal(may)) return may
  const verified = finding.reviews.at(-1)
  if (verified?.id !== body.reviewId) return { refused: 'stale' }
  if (body.outcome === 'closed' && hasSigned(finding, viewer.personId)) return { refused: 'needs', missing: ['second_signature'] }
  const outcome = body.outcome === 'closed' && !await firstCloserOf(tx, verified.id, now) ? 'signed' as const : body.outcome
  const by = { personId: viewer.personId, role: 'decision_maker' as const, requestId }, about = { applicationId: theCase.id, employerId: theCase.employerId, subjectId: findingId }
  try {
    const [row] = await within(tx, savepoint => savepoint.insert(findingClosures)
      .values({ findingId, reviewId: verified.id, outcome, reasons: body.reasons, closedBy: viewer.personId, closedAt: now }).returning({ id: findingClosures.id }))
    if (!row) throw new Error('the closing just kept is not there')
    await record(tx, by, { operation: 'findings.close', ...about, before: { state: finding.state }, after: { outcome } })
    if (outcome === 'signed') await mailSecond(tx, theCase, { findingId, reviewId: verified.id, now, signedBy: viewer.personId })
    await setNextDue(tx, theCase)
    return { closureId: row.id, outcome }
  } catch (error) {
    if (!['zero_tolerance_is_closed_by_two', 'closer_has_no_tie'].includes(violatedConstraint(error))) throw error
    await record(tx, by, { operation: 'findings.close.refused', ...about, after: { refused: 'not_independent' } })
    return { refused: 'not_independent' }
  }
}

/** Whoever signed first for the closing of this verification waits for another. */
export const hasSigned = ({ reviews, closings }: Pick<Finding, 'reviews' | 'closings'>, personId: string): boolean =>
  closings.some(({ reviewId, outcome, closedBy }) => reviewId === reviews.at(-1)?.id && outcome === 'signed' && closedBy === personId)

async function firstCloserOf(tx: Db, reviewId: string, now: Date): Promise<string | null> {
  const [row] = await tx.execute<{ first: string | null }>(sql`select first_closer(${reviewId}, ${now.toISOString()}::timestamptz) as first`)
  return row?.first ?? null
}

import { asc, eq, inArray } from 'drizzle-orm'
import { findingClosures, findingResponses, findingReviews, findings, findingSteps } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { dutiesOf, owedBy, type Duty, type FindingAct } from '../domain/duties.ts'
import { isHeld, withHolds, type Hold } from '../domain/finding-clock.ts'
import { findingMove, findingState, isClosedFinding, isOpenFinding, planIsAccepted, type FindingState, type Mover } from '../domain/findings.ts'
import { holdsOf } from './holds.ts'

export type FindingRow = typeof findings.$inferSelect
export type Response = typeof findingResponses.$inferSelect
export type Review = typeof findingReviews.$inferSelect
export type Step = typeof findingSteps.$inferSelect
export type Closing = typeof findingClosures.$inferSelect
type Story = { responses: Response[]; reviews: Review[]; steps: Step[]; closings: Closing[] } // oldest first
export type Finding = FindingRow & Story & {
  superseded: boolean
  state: FindingState
  open: boolean               // not verified closed; what `blocking` counts
  planAccepted: boolean
  move: Mover | null
  held: boolean               // an appeal against it is open: its dates stand still
  duties: Duty[]
  employerDue: Date | null    // what the employer owes next
  closedAt: Date | null
}

/** The findings of a case that hold, oldest first. Superseded ones are left out. */
export const findingsOf = async (db: Db, applicationId: string): Promise<Finding[]> =>
  (await everyFindingOf(db, applicationId)).filter(({ superseded }) => !superseded)

/** Every finding ever raised in a case, superseded ones too (C9). Six statements however many there are. */
export async function everyFindingOf(db: Db, applicationId: string): Promise<Finding[]> {
  const rows = await db.select().from(findings).where(eq(findings.applicationId, applicationId)).orderBy(asc(findings.raisedAt), asc(findings.id))
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const responses = await db.select().from(findingResponses).where(inArray(findingResponses.findingId, ids)).orderBy(asc(findingResponses.respondedAt), asc(findingResponses.id))
  const reviews = await db.select().from(findingReviews).where(inArray(findingReviews.findingId, ids)).orderBy(asc(findingReviews.reviewedAt), asc(findingReviews.id))
  const steps = await db.select().from(findingSteps).where(inArray(findingSteps.findingId, ids)).orderBy(asc(findingSteps.takenAt), asc(findingSteps.id))
  const closings = await db.select().from(findingClosures).where(inArray(findingClosures.findingId, ids)).orderBy(asc(findingClosures.closedAt), asc(findingClosures.id))
  const holds = await holdsOf(db, ids)
  const of = <Row extends { findingId: string | null }>(all: Row[], id: string) => all.filter(({ findingId }) => findingId === id)
  return rows.map(row => judged(row, actsOf(row, rows, steps), {
    superseded: rows.some(({ supersedes }) => supersedes === row.id),
    responses: of(responses, row.id), reviews: of(reviews, row.id), steps: of(steps, row.id), closings: of(closings, row.id), holds: of(holds, row.id),
  }))
}

// A better wording does not ask again for what was done about the earlier one of the same grade, whose dates it keeps.
function actsOf(row: FindingRow, rows: readonly FindingRow[], steps: readonly Step[]): FindingAct[] {
  const before = rows.find(({ id, grade }) => id === row.supersedes && grade === row.grade)
  return [...steps.filter(({ findingId }) => findingId === row.id).map(({ step }) => step), ...(before && row.escalation === null ? actsOf(before, rows, steps) : [])]
}

function judged(row: FindingRow, acts: FindingAct[], { superseded, holds, ...story }: Story & { superseded: boolean; holds: Hold[] }): Finding {
  const response = story.responses.at(-1) ?? null
  const review = story.reviews.findLast(({ responseId }) => responseId === response?.id) ?? null
  const closure = story.closings.flatMap(({ reviewId, outcome }) => (reviewId === review?.id && outcome !== 'signed' ? [outcome] : [])).at(0) ?? null
  const state = findingState({ grade: row.grade, superseded, response, review: review?.outcome ?? null, closure })
  const graded = { grade: row.grade, state }
  const planAccepted = planIsAccepted(story.reviews.map(({ outcome }) => outcome))
  const closedAt = isClosedFinding(state) ? story.closings.at(-1)?.closedAt ?? story.reviews.findLast(({ outcome }) => outcome === 'verified')?.reviewedAt ?? null : null
  const duties = dutiesOf({ ...row, state, superseded, planAccepted, done: response?.done ?? null, acts, closedAt }).map(duty => (duty.who === 'applicant' ? { ...duty, at: withHolds(duty.at, holds) } : duty))
  return { ...row, ...story, superseded, state, open: isOpenFinding(graded), planAccepted, move: superseded ? null : findingMove(graded), held: isHeld(holds), duties, employerDue: owedBy(duties, 'applicant')?.at ?? null, closedAt }
}

import { asc, eq, inArray } from 'drizzle-orm'
import { findingResponses, findingReviews, findings } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { findingMove, findingState, isOpenFinding, planIsAccepted, type FindingState } from '../domain/findings.ts'
import { employerDue } from '../domain/grading.ts'

export type FindingRow = typeof findings.$inferSelect
export type Response = typeof findingResponses.$inferSelect
export type Review = typeof findingReviews.$inferSelect
export type Finding = FindingRow & {
  superseded: boolean
  state: FindingState
  open: boolean               // not verified closed; what `blocking` counts
  planAccepted: boolean
  move: 'applicant' | 'assessor' | null
  employerDue: Date | null    // what the employer owes next
  responses: Response[]       // oldest first
  reviews: Review[]
}

/** The findings of a case that hold, oldest first. Superseded ones are left out. */
export const findingsOf = async (db: Db, applicationId: string): Promise<Finding[]> =>
  (await everyFindingOf(db, applicationId)).filter(({ superseded }) => !superseded)

/** Every finding ever raised in a case, superseded ones too (C9). Three statements however many there are. */
export async function everyFindingOf(db: Db, applicationId: string): Promise<Finding[]> {
  const rows = await db.select().from(findings).where(eq(findings.applicationId, applicationId)).orderBy(asc(findings.raisedAt), asc(findings.id))
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const responses = await db.select().from(findingResponses).where(inArray(findingResponses.findingId, ids)).orderBy(asc(findingResponses.respondedAt), asc(findingResponses.id))
  const reviews = await db.select().from(findingReviews).where(inArray(findingReviews.findingId, ids)).orderBy(asc(findingReviews.reviewedAt), asc(findingReviews.id))
  return rows.map(row => judged(row, {
    superseded: rows.some(({ supersedes }) => supersedes === row.id),
    responses: responses.filter(({ findingId }) => findingId === row.id),
    reviews: reviews.filter(({ findingId }) => findingId === row.id),
  }))
}

function judged(row: FindingRow, { superseded, responses, reviews }: { superseded: boolean; responses: Response[]; reviews: Review[] }): Finding {
  const response = responses.at(-1) ?? null
  const review = reviews.findLast(({ responseId }) => responseId === response?.id)?.outcome ?? null
  const state = findingState({ superseded, response, review })
  const graded = { grade: row.grade, state }
  const planAccepted = planIsAccepted(reviews.map(({ outcome }) => outcome))
  const move = superseded ? null : findingMove(graded)
  return { ...row, superseded, state, open: isOpenFinding(graded), planAccepted, move, employerDue: employerDue(row, { move, planAccepted }), responses, reviews }
}

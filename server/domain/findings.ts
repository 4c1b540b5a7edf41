import type { Grade } from './grading.ts'
import type { Stage } from './lifecycle.ts'
import type { Refusal } from './refusal.ts'
import type { Role } from './roles.ts'

// raised → answered → plan accepted → answered (done) → verified. Who closes what: the employer answers, only the assessor closes (C9).
export const reviewOutcomes = ['plan_accepted', 'plan_returned', 'verified', 'not_verified'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]
export const findingStates = ['raised', 'answered', 'returned', 'plan_accepted', 'verified'] as const
export type FindingState = (typeof findingStates)[number]
export const doneness = ['planned', 'done'] as const
export type Done = (typeof doneness)[number]

export type FindingFacts = { superseded: boolean; response: { done: Done } | null; review: ReviewOutcome | null }

const stateAfter: Record<ReviewOutcome, FindingState> = { plan_accepted: 'plan_accepted', plan_returned: 'returned', verified: 'verified', not_verified: 'returned' }

/** `review` is the assessor's word on the latest response, null while it waits for one. */
export function findingState({ response, review }: FindingFacts): FindingState {
  if (!response) return 'raised'
  return review ? stateAfter[review] : 'answered'
}

/** A plan once accepted stays in force while it is carried out; only a later plan that was returned takes it back. Reviews oldest first. */
export const planIsAccepted = (reviews: readonly ReviewOutcome[]): boolean =>
  reviews.findLast(outcome => outcome === 'plan_accepted' || outcome === 'plan_returned') === 'plan_accepted'

const moves: Record<FindingState, 'applicant' | 'assessor' | null> =
  { raised: 'applicant', answered: 'assessor', returned: 'applicant', plan_accepted: 'applicant', verified: null }

/** Whose move a finding is; an observation asks nothing of anybody. After an accepted plan the employer shows that it is carried out. */
export const findingMove = ({ grade, state }: { grade: Grade; state: FindingState }) => (grade === 'observation' ? null : moves[state])

/** Not yet closed: what the decision rule counts. */
export const isOpenFinding = ({ grade, state }: { grade: Grade; state: FindingState }) => grade !== 'observation' && state !== 'verified'

/** Findings are raised and worked on from the visit until the recommendation. */
export const findingStages: readonly Stage[] = ['visit_planned', 'correcting']

const adverse: readonly string[] = ['zero_tolerance', 'major', 'minor']

/**
 * May a finding of this grade stand beside this rating? A nonconformity says what the rating says; an observation or a collaborative
 * finding goes with any rating, but never takes the place of a nonconformity that is still rated as one.
 */
export function gradeFits(grade: Grade, rating: string | null, superseded: Grade | null): boolean {
  if (adverse.includes(grade)) return grade === rating
  return !(superseded && adverse.includes(superseded) && rating && adverse.includes(rating))
}

type Standing = { stage: Stage; held: readonly Role[]; superseded: boolean; grade: Grade; state: FindingState }

/** The employer answers while it is the employer's move. */
export const mayRespond = (standing: Standing): { free: true } | Refusal => mayMove(standing, 'applicant')

export const reviewsOf: Record<Done, readonly ReviewOutcome[]> = { planned: ['plan_accepted', 'plan_returned'], done: ['verified', 'not_verified'] }

/** Only the assessor closes, and only what the employer reports as done (C11: verified before issue). */
export function mayReview(standing: Standing & { done: Done | null }, outcome: ReviewOutcome): { free: true } | Refusal {
  const move = mayMove(standing, 'assessor')
  if ('refused' in move) return move
  return standing.done && reviewsOf[standing.done].includes(outcome) ? move : { refused: 'no_such_step' }
}

function mayMove({ stage, held, superseded, grade, state }: Standing, role: 'applicant' | 'assessor'): { free: true } | Refusal {
  if (!held.includes(role)) return { refused: 'not_your_step' }
  if (superseded || !findingStages.includes(stage)) return { refused: 'closed_for_changes' }
  return findingMove({ grade, state }) === role ? { free: true } : { refused: 'not_your_step' }
}

import type { Grade } from './grading.ts'
import type { Stage } from './lifecycle.ts'
import type { Refusal } from './refusal.ts'
import type { Role } from './roles.ts'

// raised → answered → plan accepted → answered (done) → verified → effective. Who closes what: the employer answers, only the assessor closes (C9);
// between verified and closed a zero-tolerance finding waits for two who decide (domain.md, decision rule).
export const reviewOutcomes = ['plan_accepted', 'plan_returned', 'verified', 'not_verified', 'effective', 'not_effective'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]
export const findingStates = ['raised', 'answered', 'returned', 'plan_accepted', 'second_look', 'verified', 'effective'] as const
export type FindingState = (typeof findingStates)[number]
export const doneness = ['planned', 'done'] as const
export type Done = (typeof doneness)[number]

export const closures = ['closed', 'returned'] as const
export type Closure = (typeof closures)[number]

export type FindingFacts = { grade?: Grade; superseded: boolean; response: { done: Done } | null; review: ReviewOutcome | null; closure?: Closure | null }

const stateAfter: Record<ReviewOutcome, FindingState> = { plan_accepted: 'plan_accepted', plan_returned: 'returned', verified: 'verified', not_verified: 'returned', effective: 'effective', not_effective: 'returned' }
const afterSecond: Record<Closure, FindingState> = { closed: 'verified', returned: 'returned' }

/** `review` is the assessor's word on the latest response, null while it waits for one; `closure` the second decider's word on a verification; the first one's signature changes nothing yet. */
export function findingState({ grade, response, review, closure }: FindingFacts): FindingState {
  if (!response) return 'raised'
  if (review === 'verified' && grade === 'zero_tolerance') return closure ? afterSecond[closure] : 'second_look'
  return review ? stateAfter[review] : 'answered'
}

/** A plan once accepted stays in force while it is carried out; only a later plan that was returned takes it back. Reviews oldest first. */
export const planIsAccepted = (reviews: readonly ReviewOutcome[]): boolean =>
  reviews.findLast(outcome => outcome === 'plan_accepted' || outcome === 'plan_returned') === 'plan_accepted'

export type Mover = 'applicant' | 'assessor' | 'decision_maker'
const moves: Record<FindingState, Mover | null> =
  { raised: 'applicant', answered: 'assessor', returned: 'applicant', plan_accepted: 'applicant', second_look: 'decision_maker', verified: null, effective: null }
const closedStates: readonly FindingState[] = ['verified', 'effective']

/** Whose move a finding is; an observation asks nothing of anybody. After an accepted plan the employer shows that it is carried out. */
export const findingMove = ({ grade, state }: { grade: Grade; state: FindingState }) => (grade === 'observation' ? null : moves[state])

/** Not yet closed: what the decision rule counts. */
export const isOpenFinding = ({ grade, state }: { grade: Grade; state: FindingState }) => grade !== 'observation' && !closedStates.includes(state)
export const isClosedFinding = (state: FindingState) => closedStates.includes(state)

/** Findings are raised and worked on from the visit until the recommendation; and, dated after the decision, on a certified case: what was open then, and what surveillance finds. */
export const findingStages: readonly Stage[] = ['visit_planned', 'correcting', 'certified']

const adverse: readonly string[] = ['zero_tolerance', 'major', 'minor']

/**
 * May a finding of this grade stand beside this rating? A nonconformity says what the rating says; an observation or a collaborative
 * finding goes with any rating, but never takes the place of a nonconformity that is still rated as one. Zero tolerance is graded down by nobody here.
 */
export function gradeFits(grade: Grade, rating: string | null, superseded: Grade | null, stage: Stage = 'correcting'): boolean {
  if (superseded === 'zero_tolerance' && grade !== 'zero_tolerance') return false // two deciders end it, or an appeal; no assessor grades it down
  if (stage === 'certified') return adverse.includes(grade) || !(superseded && adverse.includes(superseded)) // the ratings are sealed with the decision; what is found later stands beside them
  if (adverse.includes(grade)) return grade === rating
  return !(superseded && adverse.includes(superseded) && rating && adverse.includes(rating))
}

type Standing = { stage: Stage; held: readonly Role[]; superseded: boolean; grade: Grade; state: FindingState }

/** The employer answers while it is the employer's move. */
export const mayRespond = (standing: Standing): { free: true } | Refusal => mayMove(standing, 'applicant')

const reviewsOf: Record<Done, readonly ReviewOutcome[]> = { planned: ['plan_accepted', 'plan_returned'], done: ['verified', 'not_verified'] }
export const effects = ['effective', 'not_effective'] as const satisfies readonly ReviewOutcome[]
const isEffect = (outcome: ReviewOutcome) => effects.some(effect => effect === outcome)

/** Which words there are about the latest answer now. */
export const outcomesFor = ({ state, done }: { state: FindingState; done: Done | null }): readonly ReviewOutcome[] =>
  (state === 'verified' ? effects : done ? reviewsOf[done] : [])

/** Only the assessor closes, and only what the employer reports as done (C11: verified before issue). `effectFrom`: from when the effect of what was closed can be judged. */
export function mayReview(standing: Standing & { done: Done | null; effectFrom?: Date | null }, outcome: ReviewOutcome, now = new Date(0)): { free: true } | Refusal {
  if (isEffect(outcome)) return mayJudgeEffect(standing, now)
  const move = mayMove(standing, 'assessor')
  if ('refused' in move) return move
  return standing.done && reviewsOf[standing.done].includes(outcome) ? move : { refused: 'no_such_step' }
}

function mayJudgeEffect({ stage, held, superseded, state, effectFrom = null }: Standing & { effectFrom?: Date | null }, now: Date): { free: true } | Refusal {
  if (!held.includes('assessor')) return { refused: 'not_your_step' }
  if (superseded || !findingStages.includes(stage)) return { refused: 'closed_for_changes' }
  if (state !== 'verified' || !effectFrom) return { refused: 'no_such_step' }
  return now > effectFrom ? { free: true } : { refused: 'needs', missing: ['effect_after_time'] }
}

/** Two who decide close, or one returns, what the assessor has verified; whether they took a part is asked with the case. */
export const mayClose = (standing: Standing): { free: true } | Refusal => mayMove(standing, 'decision_maker')

function mayMove({ stage, held, superseded, grade, state }: Standing, role: Mover): { free: true } | Refusal {
  if (!held.includes(role)) return { refused: 'not_your_step' }
  if (superseded || !findingStages.includes(stage)) return { refused: 'closed_for_changes' }
  return findingMove({ grade, state }) === role ? { free: true } : { refused: 'not_your_step' }
}

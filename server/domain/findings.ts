// raised → answered → planned (plan accepted) → verified. Who closes what: the employer answers, only the assessor closes (C9).
export const reviewOutcomes = ['plan_accepted', 'plan_returned', 'verified', 'not_verified'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]
export const findingStates = ['raised', 'answered', 'returned', 'plan_accepted', 'verified'] as const
export type FindingState = (typeof findingStates)[number]

export type FindingFacts = { superseded: boolean; response: { done: 'planned' | 'done' } | null; review: ReviewOutcome | null }

const stateAfter: Record<ReviewOutcome, FindingState> = { plan_accepted: 'plan_accepted', plan_returned: 'returned', verified: 'verified', not_verified: 'returned' }

/** `review` is the assessor's word on the latest response, null while it waits for one. */
export function findingState({ response, review }: FindingFacts): FindingState {
  if (!response) return 'raised'
  return review ? stateAfter[review] : 'answered'
}

/** Whose move a finding is. After an accepted plan the employer carries it out and shows that it is done. */
export const findingMove: Record<FindingState, 'applicant' | 'assessor' | null> =
  { raised: 'applicant', answered: 'assessor', returned: 'applicant', plan_accepted: 'applicant', verified: null }

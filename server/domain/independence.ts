import type { Refusal } from './refusal.ts'

// C4, ISO/IEC 17065 7.6.2 and 17021-1 9.5.1: the decider is none of these for the case. Postgres promises the same by trigger.
export const parts = ['desk_reviewer', 'auditor', 'interpreter', 'adviser', 'seller', 'screener', 'client', 'sponsor', 'overturned', 'appeal_handler'] as const
export type Part = (typeof parts)[number]

/** May this person decide, given every part that they took in the case? */
export function mayDecide(partsTaken: readonly Part[]): { independent: true } | Refusal {
  return partsTaken.length === 0 ? { independent: true } : { refused: 'not_independent', missing: partsTaken }
}

// C18, ISO/IEC 17065 7.13.6: who handles an appeal or a complaint took no part in what it is about at all, also none by deciding, and has no tie to the
// client. `hands_in_case` in Postgres lists the same.
export type Hand = Part | 'decider' | 'tied'
export const mayHandle = (hands: readonly Hand[]): { independent: true } | Refusal => (hands.length === 0 ? { independent: true } : { refused: 'not_independent', missing: hands })

export const interest_months = 24

/** C3, ISO/IEC 17065 4.2: 24 months without employment, pay, advice or training, and no family or financial tie. */
export const interestQuestions = ['employed', 'paid', 'advised', 'trained', 'family_tie', 'financial_tie'] as const

// What Postgres knows of a person and a client (view `ties`): the six questions, and having sold to them.
export const tieKinds = [...interestQuestions, 'sold'] as const
export type TieKind = (typeof tieKinds)[number]

/** Declared per client, and again every year. */
export const declaration_months = 12

export type InterestAnswers = Record<(typeof interestQuestions)[number], boolean>

export function mayAssess(interests: InterestAnswers | null): { free: true } | Refusal {
  if (!interests) return { refused: 'interests_not_declared' }
  const ties = interestQuestions.filter(question => interests[question])
  return ties.length === 0 ? { free: true } : { refused: 'has_interest', missing: ties }
}

import type { Grade } from './grading.ts'

export const feeAnswers = ['no_fees', 'disclosed_with_plan', 'undisclosed_or_unplanned'] as const
export type FeeAnswer = (typeof feeAnswers)[number]

// The section of the standard about recruitment fees.
const aboutFees = /^RE-03\./

const gradesFor: Record<FeeAnswer, readonly Grade[] | null> = {
  no_fees: null, disclosed_with_plan: ['minor', 'major', 'zero_tolerance'], undisclosed_or_unplanned: ['zero_tolerance'],
}

/** decisions.md 2: a disclosed debt is a minor finding with the repayment plan as its corrective action, any other debt is zero tolerance. A debt never stays without a finding. */
export function debtIsRaised(fees: FeeAnswer | null, findings: readonly { criterion: string; grade: Grade }[]): boolean {
  const grades = fees && gradesFor[fees]
  return !grades || findings.some(({ criterion, grade }) => aboutFees.test(criterion) && grades.includes(grade))
}

/** decisions.md 2: no debt, or a disclosed one with its plan; `blocking` sees to it that the plan is an accepted one. */
export const feeGate = (fees: FeeAnswer | null, findings: readonly { criterion: string; grade: Grade }[]): boolean =>
  fees === 'no_fees' || (fees === 'disclosed_with_plan' && debtIsRaised(fees, findings))

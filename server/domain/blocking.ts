import type { Grade } from './grading.ts'

export type OpenFinding = { id: string; criterion: string; grade: Grade; planAccepted: boolean }
export type DecisionRule = { openZeroTolerance: number; openMajor: number; maxOpenMinor: number }

export const blocks = ['open_zero_tolerance', 'open_major', 'minors_make_a_major', 'too_many_minors', 'minor_without_accepted_plan'] as const
export type Block = { block: (typeof blocks)[number]; findings: string[] }

// Grading, escalation: five open minors in one section count as one major.
const minors_in_a_section = 5

/**
 * Why the open findings (not yet verified closed) stand in the way of a certificate; nothing stands in the way when empty.
 * decisions.md 2: a disclosed fee debt is a minor with the repayment plan as its corrective action, so an unaccepted plan blocks.
 */
export function blocking(open: readonly OpenFinding[], rule: DecisionRule): Block[] {
  const zeroTolerance = open.filter(({ grade }) => grade === 'zero_tolerance')
  const major = open.filter(({ grade }) => grade === 'major')
  const minor = open.filter(({ grade }) => grade === 'minor')
  const crowded = minor.filter(({ criterion }) => minor.filter(other => sectionOf(other.criterion) === sectionOf(criterion)).length >= minors_in_a_section)
  const table: readonly (readonly [Block['block'], readonly OpenFinding[], boolean])[] = [
    ['open_zero_tolerance', zeroTolerance, zeroTolerance.length > rule.openZeroTolerance],
    ['open_major', major, major.length > rule.openMajor],
    ['minors_make_a_major', crowded, crowded.length > 0],
    ['too_many_minors', minor, minor.length > rule.maxOpenMinor],
    ['minor_without_accepted_plan', minor.filter(({ planAccepted }) => !planAccepted), minor.some(({ planAccepted }) => !planAccepted)],
  ]
  return table.filter(([, , stands]) => stands).map(([block, findings]) => ({ block, findings: findings.map(({ id }) => id) }))
}

/** RE-03.1 → S03 */
const sectionOf = (criterion: string) => `S${criterion.slice(3, 5)}`

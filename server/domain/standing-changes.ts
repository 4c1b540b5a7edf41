import type { Refusal } from './refusal.ts'
import type { Standing } from './standing.ts'

const valid = ['certified', 'certified_with_condition', 'scope_reduced'] as const
const alive = [...valid, 'suspended'] as const

// C16, ISO/IEC 17065 7.11: how the standing of an issued certificate changes, and whose word it is. The one table: forms, checks and tests derive
// from it. decisions.md 1: the clock suspends for what is overdue, because the agreement says so; everything else is a person's decision who took
// no part in the evaluation, or the holder's own giving back.
export const standingChanges = [
  // change            from                        by                reason class needed
  ['suspended',        valid,                      'decision_maker', true],
  ['suspended',        valid,                      'clock',          true],
  ['reinstated',       ['suspended'],              'decision_maker', false],
  ['condition_set',    ['certified', 'scope_reduced'], 'decision_maker', true],
  ['condition_met',    ['certified_with_condition'], 'decision_maker', false],
  ['scope_reduced',    ['certified', 'certified_with_condition'], 'decision_maker', true],
  ['withdrawn',        alive,                      'decision_maker', true],
  ['transferred',      alive,                      'decision_maker', false],
  ['surrendered',      alive,                      'applicant',      true],
] as const satisfies readonly (readonly [string, readonly Standing[], string, boolean])[]

export type StandingChange = (typeof standingChanges)[number][0]
export type ChangeActor = (typeof standingChanges)[number][2]
export const decidedChanges = ['suspended', 'reinstated', 'condition_set', 'condition_met', 'scope_reduced', 'withdrawn', 'transferred'] as const satisfies readonly StandingChange[]

/** C16: no longer than this; then a person decides whether it is lifted or the certificate withdrawn. */
export const suspension_months = 6

const row = (from: Standing, change: string, by: ChangeActor) => standingChanges.find(([name, standings, actor]) => name === change && actor === by && standings.some(standing => standing === from))

/** What somebody in this part may do to a certificate that stands so. */
export const changesFrom = (from: Standing, by: ChangeActor): StandingChange[] => standingChanges.filter(([, standings, actor]) => actor === by && standings.some(standing => standing === from)).map(([change]) => change)

/** Whether a change may be made now; else why not. The clock knows one reason. */
export function mayChange(from: Standing, change: string, by: ChangeActor, reasonClass: string | null): Refusal | null {
  const found = row(from, change, by)
  if (!found) return { refused: 'no_such_step' }
  if (found[3] && !reasonClass) return { refused: 'needs', missing: ['reasons_given'] }
  return by === 'clock' && reasonClass !== 'overdue' ? { refused: 'no_such_step' } : null
}

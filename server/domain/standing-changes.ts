import { addMonths, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'
import type { Standing } from './standing.ts'

const valid = ['certified', 'certified_with_condition', 'scope_reduced'] as const
const alive = [...valid, 'suspended'] as const

// C16, ISO/IEC 17065 7.11: how the standing of an issued certificate changes, and whose word it is. The one table: forms, checks and tests derive
// from it. decisions.md 1: the clock suspends for what is overdue, because the agreement says so; everything else is a person's decision who took
// no part in the evaluation, or the holder's own giving back. When the time of a suspension runs out nothing happens by itself: a person decides.
export const standingChanges = [
  // change            from                                            by                needs
  ['suspended',        valid,                                          'decision_maker', ['reason_class', 'until_day']],
  ['suspended',        valid,                                          'clock',          ['overdue']],
  ['reinstated',       ['suspended'],                                  'decision_maker', []],
  ['condition_set',    ['certified', 'scope_reduced'],                 'decision_maker', ['no_open_condition', 'reason_class', 'condition_text', 'until_day']],
  ['condition_met',    ['certified_with_condition', 'scope_reduced'],  'decision_maker', ['open_condition']], // a reduced scope hides the condition, and does not lift it
  ['scope_reduced',    valid,                                          'decision_maker', ['reason_class', 'sites_leaving']],
  ['withdrawn',        alive,                                          'decision_maker', ['reason_class']],
  ['transferred',      alive,                                          'decision_maker', []],
  ['surrendered',      alive,                                          'applicant',      []],
  // C18: an appeal that was upheld undoes what it was against (domain/appeals.ts); nothing else follows a withdrawal.
  ['reinstated',       ['suspended', 'withdrawn'],                     'appeal',         []],
  ['condition_met',    ['certified_with_condition', 'scope_reduced'],  'appeal',         ['open_condition']],
] as const satisfies readonly (readonly [string, readonly Standing[], string, readonly string[]])[]

type Row = (typeof standingChanges)[number]
export type StandingChange = Row[0]
export type ChangeActor = Row[2]
export type ChangeNeed = Row[3][number]
export const decidedChanges = ['suspended', 'reinstated', 'condition_set', 'condition_met', 'scope_reduced', 'withdrawn', 'transferred'] as const satisfies readonly StandingChange[]

/** C16: no suspension is longer; then a person decides whether it is lifted or the certificate withdrawn. */
export const suspension_months = 6
export const longestSuspension = (today: CalendarDate): CalendarDate => addMonths(today, suspension_months)

export type Given = { reasonClass?: string | null; until?: CalendarDate | null; condition?: string; sites?: { leaving: number; workplacesLeft: number }; openCondition: boolean; today: CalendarDate }

const rows: readonly Row[] = standingChanges
const startsFrom = ([, froms]: Row, from: Standing) => froms.some(standing => standing === from)
// Before any form is filled in only this is known: whether a condition is open.
const isPossible = (need: ChangeNeed, openCondition: boolean) => (need !== 'open_condition' || openCondition) && (need !== 'no_open_condition' || !openCondition)

/** What somebody in this part may do to a certificate that stands so; what the form must still say is not asked here. */
export const changesFrom = (from: Standing, by: ChangeActor, openCondition = false): StandingChange[] =>
  rows.filter(row => row[2] === by && startsFrom(row, from) && row[3].every(need => isPossible(need, openCondition))).map(([change]) => change)

/** Whether a change may be made now; else why not. */
export function mayChange(from: Standing, change: string, by: ChangeActor, given: Given): Refusal | null {
  const found = rows.find(row => row[0] === change && row[2] === by && startsFrom(row, from))
  if (!found) return { refused: 'no_such_step' }
  const missing = found[3].filter(need => !holds(need, change, given))
  if (missing.some(need => need === 'overdue')) return { refused: 'no_such_step' } // the clock knows one reason
  return missing.length > 0 ? { refused: 'needs', missing } : null
}

function holds(need: ChangeNeed, change: string, { reasonClass, condition, sites, openCondition, ...days }: Given): boolean {
  const answers: Record<ChangeNeed, boolean> = {
    reason_class: Boolean(reasonClass), overdue: reasonClass === 'overdue', until_day: isLater(change, days),
    condition_text: Boolean(condition?.trim()), open_condition: openCondition, no_open_condition: !openCondition,
    sites_leaving: Boolean(sites && sites.leaving > 0 && sites.workplacesLeft > 0), // without a workplace nothing is certified: that would be a withdrawal
  }
  return answers[need]
}

// A suspension says until when; a condition may.
function isLater(change: string, { until, today }: Pick<Given, 'until' | 'today'>): boolean {
  if (!until) return change !== 'suspended'
  return until > today && (change !== 'suspended' || until <= longestSuspension(today))
}

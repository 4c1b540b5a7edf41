import { addBusinessDays, addDays, type CalendarDate } from './calendar.ts'

// C15, ISO/IEC 17065 7.10: what the holder reports, and in how many business days it is reviewed. The lengths are ours; a law case cannot wait.
export const reviewPeriods = [
  // what        business days
  ['owner',      10],
  ['site',       10],
  ['head_count', 10],
  ['law_case',   5],
] as const
export type ChangeKind = (typeof reviewPeriods)[number][0]
export const changeKinds = reviewPeriods.map(([kind]) => kind) as [ChangeKind, ...ChangeKind[]]

/** What a review comes to. A proposal to suspend or to reduce the scope is no more than that: a decision maker decides. */
export const reviewOutcomes = ['no_effect', 'extra_visit', 'scope', 'suspension'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]

export const reviewBy = (kind: ChangeKind, reportedOn: CalendarDate): CalendarDate =>
  addBusinessDays(reportedOn, reviewPeriods.find(([name]) => name === kind)?.[1] ?? 0)

/** Certification agreement, article 4: reported within 30 days. */
export const report_days = 30
export const isReportedLate = (happenedOn: CalendarDate, reportedOn: CalendarDate): boolean => reportedOn > addDays(happenedOn, report_days)

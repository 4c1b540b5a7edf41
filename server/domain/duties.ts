import { addDays, endOfDay, japanDate } from './calendar.ts'
import type { Done, FindingState } from './findings.ts'
import type { Grade } from './grading.ts'
import type { Role } from './roles.ts'

// What is to be done about a finding, by whom and until when: the grading table as duties. Pages, reminders and the clock read this one list.
export const findingActs = ['alert', 'protection_plan', 'containment'] as const
export type FindingAct = (typeof findingActs)[number]
export const dutyNames = [...findingActs, 'plan', 'evidence', 'verified', 'effectiveness'] as const
export type DutyName = (typeof dutyNames)[number]

/** What the employer can miss, so that the clock moves its certificate. */
export const missable = ['protection_plan', 'plan', 'containment', 'evidence', 'verified'] as const satisfies readonly DutyName[]
export const clockSteps = ['warned', 'suspended'] as const
export const escalations = ['aged', 'gathered', 'ineffective'] as const
export type Escalation = (typeof escalations)[number]

// Ours: whether a corrective action works shows after some time. Before the first nothing can be said; the second is the verifier's own date.
export const effectiveness_days = { from: 30, due: 90 } as const
const checkedForEffect: readonly Grade[] = ['zero_tolerance', 'major']
export const effectIsChecked = (grade: Grade): boolean => checkedForEffect.includes(grade)
export const effectFrom = (closedAt: Date): Date => endOfDay(addDays(japanDate(closedAt), effectiveness_days.from - 1))
const effectDue = (closedAt: Date) => endOfDay(addDays(japanDate(closedAt), effectiveness_days.due))

/** Zero tolerance asks these of these people; the finding's answer, its review and its closing are asked beside them. */
export const actors = { alert: 'operator', protection_plan: 'applicant', containment: 'applicant' } as const satisfies Record<FindingAct, Role>

export type Dues = { alertDue: Date | null; protectionPlanDue: Date | null; planDue: Date | null; containmentDue: Date | null; evidenceDue: Date | null; verifiedDue: Date | null }
export type DutyFacts = Dues & {
  grade: Grade; state: FindingState; superseded: boolean; planAccepted: boolean; done: Done | null
  acts: readonly FindingAct[] // taken
  closedAt: Date | null
}
export type Duty = { what: DutyName; who: Role; at: Date; met: boolean; waits: boolean }

/** Every duty of a finding that has a date. `met` by what it asks for; `waits`: it is this person's move now. */
export function dutiesOf(finding: DutyFacts): Duty[] {
  const { grade, state, planAccepted, done, acts, closedAt } = finding
  const isAnswered = state !== 'raised' && (state !== 'returned' || planAccepted)
  const isClosed = state === 'verified' || state === 'effective'
  const isReported = isClosed || state === 'second_look' || (state === 'answered' && done === 'done')
  const isEmployers = ['raised', 'returned', 'plan_accepted'].includes(state)
  const took = (act: FindingAct) => acts.includes(act)
  // Zero tolerance has one date for the remedy: until it is reported the employer owes it, then those who look at it.
  const verifier: Role = state === 'second_look' ? 'decision_maker' : grade === 'zero_tolerance' && !isReported ? 'applicant' : 'assessor'
  const table = [
    ['alert',           'operator',    finding.alertDue,          took('alert'),           !isClosed],
    ['protection_plan', 'applicant',   finding.protectionPlanDue, took('protection_plan'), !isClosed],
    ['plan',            'applicant',   finding.planDue,           isAnswered,              isEmployers],
    ['containment',     'applicant',   finding.containmentDue,    took('containment'),     !isClosed],
    ['evidence',        'applicant',   finding.evidenceDue,       isReported,              isEmployers],
    ['verified',        verifier,      finding.verifiedDue,       isClosed,                verifier !== 'applicant' || isEmployers],
    ['effectiveness',   'assessor',    closedAt && effectIsChecked(grade) ? effectDue(closedAt) : null, state === 'effective', state === 'verified'],
  ] as const
  return table.flatMap(([what, who, at, met, waits]) => (at ? [{ what, who, at, met, waits: waits && !met && !finding.superseded }] : []))
}

/** What one side owes next; null when it owes nothing. */
export const owedBy = (duties: readonly Duty[], who: Role): Duty | null =>
  duties.filter(duty => duty.waits && duty.who === who).toSorted((one, other) => one.at.getTime() - other.at.getTime())[0] ?? null

import { addDays, endOfDay, japanDate } from './calendar.ts'

export const grades = ['zero_tolerance', 'major', 'minor', 'collaborative', 'observation'] as const
export type Grade = (typeof grades)[number]

/** One row of the standard's grading table. */
export type Clock = {
  grade: Grade
  alertHours?: number | undefined
  workerProtectionPlanHours?: number | undefined
  containmentDays?: number | undefined
  remediationVerifiedDays?: number | undefined
  planDays?: number | undefined
  evidenceDays?: number | undefined
  verifyDaysAfterEvidence?: number | undefined
}

export type FindingDues = {
  alertDue?: Date; protectionPlanDue?: Date; planDue?: Date; containmentDue?: Date; evidenceDue?: Date; verifiedDue?: Date
}

/**
 * When everything about a finding is due. Hours run exactly; days end with the day in Japan, the day of raising not counted.
 * A grade without clocks has no dues. Throws RangeError when the table lacks the grade.
 */
export function dueDates(grade: Grade, raisedAt: Date, clocks: readonly Clock[]): FindingDues {
  const clock = clocks.find(row => row.grade === grade)
  if (!clock) throw new RangeError(`no clock for ${grade}`)
  const raisedOn = japanDate(raisedAt)
  const afterHours = (hours?: number) => (hours === undefined ? undefined : new Date(raisedAt.getTime() + hours * 3_600_000))
  const afterDays = (days?: number) => (days === undefined ? undefined : endOfDay(addDays(raisedOn, days)))
  return known({
    alertDue: afterHours(clock.alertHours),
    protectionPlanDue: afterHours(clock.workerProtectionPlanHours),
    planDue: afterDays(clock.planDays),
    containmentDue: afterDays(clock.containmentDays),
    evidenceDue: afterDays(clock.evidenceDays),
    verifiedDue: afterDays(clock.remediationVerifiedDays ?? afterEvidence(clock)),
  })
}

const afterEvidence = ({ evidenceDays, verifyDaysAfterEvidence }: Clock) =>
  evidenceDays === undefined || verifyDaysAfterEvidence === undefined ? undefined : evidenceDays + verifyDaysAfterEvidence

const known = (dues: { [Due in keyof FindingDues]: Date | undefined }): FindingDues =>
  Object.fromEntries(Object.entries(dues).filter(([, due]) => due !== undefined))

/**
 * What the employer owes next about an open finding: a plan, then what the plan promised. Null when the move is the assessor's.
 * `progress`: 'raised' until a plan is accepted, 'planned' until the work is reported done.
 */
export function employerDue(dues: FindingDues, progress: 'raised' | 'planned' | 'done'): Date | null {
  if (progress === 'done') return null
  const owed = progress === 'raised' ? [dues.protectionPlanDue, dues.planDue] : [dues.containmentDue, dues.evidenceDue]
  return owed.find(due => due !== undefined) ?? null
}

import { addDays, daysBetween, endOfDay, japanDate } from './calendar.ts'
import { missable, type clockSteps, type Duty } from './duties.ts'
import type { Grade } from './grading.ts'

// decisions.md 1: an overdue corrective action suspends a certificate by the clock. How many days after the missed date; until then the holder is warned.
// The lengths are ours. What only the assessor or the second person has not done yet never moves a certificate.
export const grace_days: Partial<Record<Grade, number>> = { zero_tolerance: 0, major: 7, minor: 14 }

/** An appeal against the finding: the clock stands still from its filing to its answer (null: there is none yet). */
export type Hold = { from: Date; until: Date | null }
export const isHeld = (holds: readonly Hold[]): boolean => holds.some(({ until }) => until === null)

/** The date with the days that an appeal took, when it was filed in time. What was already missed is not made good by an appeal. */
export function withHolds(at: Date, holds: readonly Hold[]): Date {
  const days = holds.reduce((sum, { from, until }) => sum + (until && from <= at ? daysBetween(japanDate(from), japanDate(until)) : 0), 0)
  return days === 0 ? at : endOfDay(addDays(japanDate(at), days))
}

export type Missed = { what: (typeof missable)[number]; due: Date; suspendsAfter: Date; step: (typeof clockSteps)[number] }
const isMissable = (what: string): what is Missed['what'] => missable.some(name => name === what)

/** Which dates of a finding its employer has missed, and how far the clock goes about each; none while an appeal against the finding is open (`held`). */
export function missedOf(grade: Grade, duties: readonly Duty[], { held, now }: { held: boolean; now: Date }): Missed[] {
  const grace = grace_days[grade]
  if (grace === undefined || held) return []
  return duties.flatMap(({ what, who, at: due, waits }) => {
    if (!isMissable(what) || who !== 'applicant' || !waits || now <= due) return []
    const suspendsAfter = grace === 0 ? due : endOfDay(addDays(japanDate(due), grace))
    return [{ what, due, suspendsAfter, step: now > suspendsAfter ? 'suspended' as const : 'warned' as const }]
  })
}

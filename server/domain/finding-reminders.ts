import { daysBetween, japanDate } from './calendar.ts'
import { isOverdue } from './deadlines.ts'
import type { Duty } from './duties.ts'
import type { Role } from './roles.ts'

// Before the date, on it, and after it. The secretariat hears of what is late, whoever owes it; the assessor of what the employer is late with.
export const moments = ['before_7', 'before_1', 'on', 'after_1', 'after_7'] as const
export type Moment = (typeof moments)[number]
type Audience = Extract<Role, 'applicant' | 'operator' | 'assessor' | 'decision_maker'>

/** The moment that is in place now: whoever was away for days sends the one of today, not those that have passed. Null: it is early yet. */
export function momentFor(due: Date, now: Date): Moment | null {
  const left = daysBetween(japanDate(now), japanDate(due))
  if (isOverdue(due, now)) return left <= -7 ? 'after_7' : 'after_1'
  return left === 0 ? 'on' : left === 1 ? 'before_1' : left <= 7 ? 'before_7' : null
}

const isLate = (moment: Moment) => moment === 'after_1' || moment === 'after_7'
/** A reminder before or on the day is nothing to send once the day is over. */
export const isTimely = (moment: Moment, due: Date, now: Date): boolean => isLate(moment) === isOverdue(due, now)

/** Who hears of it. */
export function audiencesOf(who: Duty['who'], moment: Moment): Audience[] {
  const owes = who as Audience
  return isLate(moment) ? [...new Set<Audience>([owes, 'operator', ...(owes === 'applicant' ? ['assessor' as const] : [])])] : [owes]
}

/** What was raised today was told of today. */
export const isWorthSending = (moment: Moment, raisedAt: Date, now: Date): boolean => isLate(moment) || japanDate(raisedAt) !== japanDate(now)

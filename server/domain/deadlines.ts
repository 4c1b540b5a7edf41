import { addBusinessDays, addDays, daysBetween, endOfDay, japanDate, type CalendarDate } from './calendar.ts'
import { holidayKnowledge } from './holidays.ts'
import { moveOf, type Stage } from './lifecycle.ts'
import type { Role } from './roles.ts'

// Every period that the scheme promises and that this workflow keeps. The lengths are ours: no text that we follow sets them.
export const periods = [
  // stage                period             length  unit
  ['submitted',           'screening',       10,     'business_days'],
  ['accepted',            'start_of_review', 5,      'business_days'],
  ['desk_review',         'desk_review',     20,     'business_days'],
  ['clarifying',          'clarification',   14,     'days'],
  ['visit_planned',       'visit',           30,     'days'],
  ['awaiting_decision',   'decision',        15,     'business_days'],
] as const satisfies readonly (readonly [Stage, string, number, Unit])[]

// Not counted from the beginning of a stage: the report follows the last day on site (ours), a correction the standard's grading table.
export const report_days = 14

type Unit = 'days' | 'business_days'
export type Period = (typeof periods)[number][1] | 'report' | 'correction'
export type Promised = { period: Period; mover: Role; at: Date }

/** What else a date may hang on: the last day on site, and when the employer owes something about an open finding. */
export type Circumstances = { visitEndsOn?: CalendarDate | undefined; findingDues?: readonly Date[] | undefined }

/** Until when, for a stage begun at `since`; null where nothing is promised (a draft, an end). */
export const dueFor = (stage: Stage, since: Date, circumstances?: Circumstances): Date | null =>
  promiseFor(stage, since, circumstances)?.at ?? null

/** The same with the period's name and whose move it is. */
export function promiseFor(stage: Stage, since: Date, { visitEndsOn, findingDues = [] }: Circumstances = {}): Promised | null {
  if (stage === 'correcting') return dueWhileCorrecting(since, findingDues)
  const mover = moveOf(stage)
  const row = periods.find(([name]) => name === stage)
  if (!row || !mover) return null
  if (stage === 'visit_planned' && visitEndsOn) return { period: 'report', mover, at: endOfDay(addDays(visitEndsOn, report_days)) }
  const [, period, length, unit] = row
  return { period, mover, at: endOfDay(counted(japanDate(since), length, unit)) }
}

// While the employer owes something it is the employer's move; when nothing is owed the assessor writes the recommendation.
function dueWhileCorrecting(since: Date, findingDues: readonly Date[]): Promised {
  const first = findingDues.toSorted((one, other) => one.getTime() - other.getTime())[0]
  return first
    ? { period: 'correction', mover: 'applicant', at: first }
    : { period: 'report', mover: 'assessor', at: endOfDay(addDays(japanDate(since), report_days)) }
}

const counted = (from: CalendarDate, length: number, unit: Unit) => (unit === 'days' ? addDays(from, length) : addBusinessDays(from, length))

/** A date counted in business days over holidays that are not published yet: it may move by a day when they are, and the page says so. */
export const isProvisional = (stage: Stage, due: Date): boolean =>
  periods.some(([name, , , unit]) => name === stage && unit === 'business_days') && holidayKnowledge(japanDate(due)) !== 'gazetted'

export const isOverdue = (due: Date, now: Date): boolean => now > due

/** The reminder that is in place now: 7 or 1 days before the due day in Japan, else null. Asked again at the moment of sending. */
export const reminder_days = [1, 7] as const
export function dueSoon(due: Date, now: Date): (typeof reminder_days)[number] | null {
  if (isOverdue(due, now)) return null
  const left = daysBetween(japanDate(now), japanDate(due))
  return reminder_days.find(days => left <= days) ?? null
}

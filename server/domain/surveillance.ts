import { addMonths, daysBetween, type CalendarDate } from './calendar.ts'

/** The standard's clock (grading.surveillance), in months. */
export type SurveillanceClock = { firstDueMonths: number; intervalMonths: number }
type Term = { decidedOn: CalendarDate; expiresOn: CalendarDate; clock: SurveillanceClock }

/** C14: by which days the surveillances of a term are due, counted from the decision. At the end of the term stands the renewal instead. */
export function surveillanceDues({ decidedOn, expiresOn, clock }: Term): CalendarDate[] {
  const dues: CalendarDate[] = []
  for (let months = clock.firstDueMonths; dues.length < most; months += clock.intervalMonths) {
    const due = addMonths(decidedOn, months)
    if (due > expiresOn) break
    dues.push(due)
  }
  return dues
}

const most = 50 // a clock of nought months must not run for ever

/** The first surveillance that has not been held; null when only the renewal is left. Overdue from the day after it was due. */
export function nextSurveillance(term: Term, { held, today }: { held: number; today: CalendarDate }): { due: CalendarDate; overdue: boolean } | null {
  const due = surveillanceDues(term)[held]
  return due ? { due, overdue: today > due } : null
}

/** How long before a surveillance its holder is warned: the warning that is in place now, null before the first and once it is overdue. */
export const warning_days = [90, 30, 7] as const
export function warningFor(due: CalendarDate, today: CalendarDate): (typeof warning_days)[number] | null {
  if (today > due) return null
  return warning_days.findLast(days => daysBetween(today, due) <= days) ?? null
}

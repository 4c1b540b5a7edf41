import { addMonths, daysBetween, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'

/** The standard's clock (grading.surveillance), in months. */
export type SurveillanceClock = { firstDueMonths: number; intervalMonths: number }
export type Term = { decidedOn: CalendarDate; expiresOn: CalendarDate; clock: SurveillanceClock }

export const visitKinds = ['announced', 'unannounced'] as const
export const visitOutcomes = ['held', 'called_off'] as const
export const visitResults = ['conforms', 'minor', 'major', 'zero_tolerance'] as const
export type VisitKind = (typeof visitKinds)[number]
/** Results that nobody may leave alone: a decision maker is asked what follows for the certificate. */
export const gravestResults = ['major', 'zero_tolerance'] as const satisfies readonly (typeof visitResults)[number][]

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

/** The dues that no visit has met. A visit meets the first that is open when it is held, one that comes late too; two visits before one due meet it once. */
export function unmetSurveillances(term: Term, held: readonly CalendarDate[]): CalendarDate[] {
  const days = held.toSorted()
  return surveillanceDues(term).filter((_, nth, dues) => {
    const first = days.findIndex(day => day > (dues[nth - 1] ?? ''))
    if (first < 0) return true
    days.splice(0, first + 1)
    return false
  })
}

/** The first surveillance that has not been held; null when only the renewal is left. Overdue from the day after it was due. */
export function nextSurveillance(term: Term, { held, today }: { held: readonly CalendarDate[]; today: CalendarDate }): { due: CalendarDate; overdue: boolean } | null {
  const [due] = unmetSurveillances(term, held)
  return due ? { due, overdue: today > due } : null
}

/** How long before a surveillance its holder is warned: the warning that is in place now, null before the first and once it is overdue. */
export const warning_days = [90, 30, 7] as const
export function warningFor(due: CalendarDate, today: CalendarDate): (typeof warning_days)[number] | null {
  if (today > due) return null
  return warning_days.findLast(days => daysBetween(today, due) <= days) ?? null
}

type Seen = { term: Term; least: number; unannounced: number }

/** By when a visit without notice is still needed: the last surveillance of the cycle (domain.md 6: at least one a cycle). Null when there were enough. */
export const unannouncedBy = ({ term, least, unannounced }: Seen): CalendarDate | null =>
  (unannounced >= least ? null : surveillanceDues(term).at(-1) ?? term.expiresOn)

/** How long before that day the secretariat is told. The holder never is. */
export const unannounced_warning_days = [180, 60, 14] as const
export const unannouncedWarning = (by: CalendarDate, today: CalendarDate): number | null =>
  (today > by ? null : unannounced_warning_days.findLast(days => daysBetween(today, by) <= days) ?? null)

type Planned = Seen & { kind: VisitKind; on: CalendarDate; today: CalendarDate; held: readonly CalendarDate[] }

/** May this visit be planned? `unannounced` counts those held and those planned: the last visit of a cycle without one cannot be announced. */
export function mayPlan({ kind, on, today, term, held, ...rest }: Planned): Refusal | null {
  if (on < today || on > term.expiresOn) return { refused: 'needs', missing: ['visit_day_ahead'] }
  const isLast = unmetSurveillances(term, [...held, on]).length === 0 && unmetSurveillances(term, held).length > 0
  return kind === 'announced' && isLast && unannouncedBy({ term, ...rest }) ? { refused: 'needs', missing: ['unannounced_visit'] } : null
}

/** A visit is told of once it was held: not before its day, not after today. To go earlier is to plan anew. */
export const mayHaveBeenHeld = (on: CalendarDate, { decidedOn, plannedOn, today }: { decidedOn: CalendarDate; plannedOn: CalendarDate; today: CalendarDate }): Refusal | null =>
  (on < decidedOn || on < plannedOn || on > today ? { refused: 'needs', missing: ['visit_day_past'] } : null)

/** Another day of an announced visit: asked for while it is ahead, and ahead itself. */
export const mayWish = (wishedOn: CalendarDate, { plannedOn, over, today }: { plannedOn: CalendarDate; over: boolean; today: CalendarDate }): Refusal | null => {
  if (over || plannedOn <= today) return { refused: 'closed_for_changes' }
  return wishedOn <= today || wishedOn === plannedOn ? { refused: 'needs', missing: ['another_day_ahead'] } : null
}

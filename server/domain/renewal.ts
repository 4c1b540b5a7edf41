import { addMonths, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'
import type { Standing } from './standing.ts'

// C15, C17: the next cycle is applied for while the certificate still holds; recertification takes its time (domain.md 6: × 0.67). The lengths are ours.
export const renewal_months = 6

/** From which day the next cycle can be applied for. */
export const renewalOpens = (expiresOn: CalendarDate): CalendarDate => addMonths(expiresOn, -renewal_months)

const renewable: readonly Standing[] = ['certified', 'certified_with_condition', 'scope_reduced', 'suspended']

export function mayRenew({ standing, expiresOn }: { standing: Standing; expiresOn: CalendarDate }, today: CalendarDate): Refusal | null {
  if (!renewable.includes(standing)) return { refused: 'no_such_step' }
  return today < renewalOpens(expiresOn) ? { refused: 'needs', missing: ['renewal_window'] } : null
}

/** Evidence that is carried over counts when it was not older than a year on the day of applying; what is older is shown, and has to be renewed. */
export const evidence_months = 12
export const isTooOld = (uploadedOn: CalendarDate, openedOn: CalendarDate): boolean => uploadedOn < addMonths(openedOn, -evidence_months)
